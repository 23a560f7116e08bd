// A file that a person asked for, whole or not at all.
import { realpathSync, statSync, writeFileSync } from "node:fs"
import { Effect } from "effect"
import { replace } from "../../cache/atomic.ts"
import { stateOf } from "../../cache/system-error.ts"
import { SpecError } from "../error.ts"

/** Writes `file` and the directories above it. */
export const write = (file: string, content: string | Uint8Array): Effect.Effect<void, SpecError> =>
  Effect.try({
    try: () => put(file, content),
    catch: (cause) =>
      new SpecError({ reason: "Unwritable", message: `${file} cannot be written: ${(cause as Error).message}` }),
  })

const put = (file: string, content: string | Uint8Array): void => {
  const there = statSync(file, { throwIfNoEntry: false })
  if (stateOf(file) === undefined) replace(file, content)
  // Where a link leads, so that the link stays.
  else if (there?.isFile()) replace(realpathSync(file), content, there.mode & 0o777)
  // A device or a pipe is written to: to put a file in its place would take it from everybody.
  else writeFileSync(file, content)
}
