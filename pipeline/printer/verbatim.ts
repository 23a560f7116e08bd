// What other programs read to the byte: code, scripts, workflow commands. A person at a terminal sees it as any text.
import { Effect } from "effect"
import { printable } from "../text/printable.ts"

export const verbatim = (text: string): Effect.Effect<void> =>
  Effect.sync(() => {
    process.stdout.write(`${process.stdout.isTTY ? printable(text) : text}\n`)
  })
