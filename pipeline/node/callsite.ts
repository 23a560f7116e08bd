// Where in a person's file was a word of ours called? For the end of a sentence that refuses what was given there.
import { join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"

/** ` (specs/paper.ts:12:5)`: the first place outside of the engine on the present stack; empty where there is none. */
export const calledFrom = (): string => {
  const ours = join(import.meta.dirname, "..") + sep
  for (const line of new Error().stack?.split("\n") ?? []) {
    const [, at, row, column] = /(?: |\()((?:file:\/\/)?\/.*):(\d+):(\d+)\)?$/.exec(line) ?? []
    if (at === undefined) continue // of the language itself: Array.map
    const file = at.startsWith("file:") ? fileURLToPath(at) : at
    if (!file.startsWith(ours)) return ` (${relative(process.cwd(), file)}:${row}:${column})`
  }
  return ""
}
