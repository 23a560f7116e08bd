// A file that a person asked for, whole or not at all.
import { Effect } from "effect"
import { replace } from "../../cache/beside.ts"
import { SpecError } from "../error.ts"

/** Writes `file` and the directories above it. */
export const write = (file: string, content: string | Uint8Array): Effect.Effect<void, SpecError> =>
  Effect.try({
    try: () => replace(file, content),
    catch: (cause) => new SpecError({ reason: "Unwritable", message: `${file} cannot be written: ${(cause as Error).message}` }),
  })
