// Finds the place in a user's file that called one of our functions. The place ends an error message about the call.
// Knows nothing about what the error is about.
import { join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"

/** ` (specs/paper.ts:12:5)`: the innermost place on the present stack outside of the engine; empty if there is none. */
export const calledFrom = (): string => {
  const ours = join(import.meta.dirname, "..") + sep
  for (const line of new Error().stack?.split("\n") ?? []) {
    const [, at, row, column] = /(?: |\()((?:file:\/\/)?\/.*):(\d+):(\d+)\)?$/.exec(line) ?? []
    if (at === undefined) continue // a frame of the language itself: Array.map
    const file = at.startsWith("file:") ? fileURLToPath(at) : at
    if (!file.startsWith(ours)) return ` (${relative(process.cwd(), file)}:${row}:${column})`
  }
  return ""
}
