// Prints text that other programs read byte for byte: code, scripts, workflow commands. On a terminal, unprintable
// characters are replaced as in any other text. Knows nothing about what the text means.
import { Effect } from "effect"
import { printable } from "../text/printable.ts"

export const verbatim = (text: string): Effect.Effect<void> =>
  Effect.sync(() => {
    process.stdout.write(`${process.stdout.isTTY ? printable(text) : text}\n`)
  })
