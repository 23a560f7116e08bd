// Where in the files of the project is a place of the text that ran? For people who read messages and logs; a stage
// itself sees only places of the text.
import { SourceMap, type SourceMapPayload } from "node:module"
import { stageFrames } from "./stack.ts"

/** What code/bundle.ts keeps beside a text: a source map, and the column of the map with which the text begins. */
type Map = SourceMapPayload & { readonly begin: number }

/** A text in which places of the code that ran are places in the project, by a map. */
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
