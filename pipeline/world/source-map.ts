// Turns places in the text that ran into places in the files of the project. The result is for people who read messages
// and logs; a stage itself sees only places in the text. Knows nothing about how the map is made.
import { SourceMap, type SourceMapPayload } from "node:module"
import { stageFrames } from "./stack.ts"

/**
 * The form in which code/bundle.ts stores the source map of a text. `begin` is the column of the map at which the text
 * begins.
 */
type Map = SourceMapPayload & { readonly begin: number }

/** Replaces, in a text, places of the code that ran by places in the project, with a source map. */
export const inProject = (text: string, map: string): string => {
  if (text.search(stageFrames) === -1) return text
  const { begin, ...payload } = JSON.parse(map) as Map
  const places = new SourceMap({ ...payload, sourcesContent: [], sourceRoot: "", file: "", version: 3 })
  return text.replaceAll(stageFrames, (frame, line: string, column: string) => {
    const entry = places.findEntry(Number(line) - 1, Number(column) - 1 + (line === "1" ? begin : 0))
    return "originalSource" in entry
      ? `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
      : frame
  })
}
