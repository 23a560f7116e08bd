// Writes a file that a person asked for, completely or not at all. Knows nothing about its content.
import { realpathSync, statSync, writeFileSync } from "node:fs"
import { Effect } from "effect"
import { replace } from "../../cache/atomic.ts"
import { stateOf } from "../../cache/system-error.ts"
import { SpecError } from "../error.ts"

/** Writes `file` and makes the directories above it. */
export const write = (file: string, content: string | Uint8Array): Effect.Effect<void, SpecError> =>
  Effect.try({
    try: () => put(file, content),
    catch: (cause) =>
      new SpecError({ reason: "Unwritable", message: `${file} cannot be written: ${(cause as Error).message}` }),
  })

const put = (file: string, content: string | Uint8Array): void => {
  const there = statSync(file, { throwIfNoEntry: false })
  if (stateOf(file) === undefined) replace(file, content)
  // If `file` is a link, writes to its target, so that the link stays.
  else if (there?.isFile()) replace(realpathSync(file), content, there.mode & 0o777)
  // Writes into a device or a pipe: a file in its place would take it away from all its users.
  else writeFileSync(file, content)
}
