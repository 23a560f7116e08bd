// How does one line of a journal look? `[time, id, value]` in JSON. Knows nothing of files or runs.
import type { Data } from "./digest.ts"
import type { Line } from "./journal.ts"

/** The text of a line, with its newline. */
export const encodeLine = ({ time, id, value }: Line): string => `${JSON.stringify([time, id, value])}\n`

/**
 * The whole lines of a piece of a journal, and how many bytes they took: a torn last one is left for later, and
 * one that a crash tore in the middle of the file is passed over.
 */
export const decodeLines = (bytes: Uint8Array): { readonly lines: ReadonlyArray<Line>; readonly size: number } => {
  const size = bytes.lastIndexOf(10) + 1
  const lines: Array<Line> = []
  for (const text of Buffer.from(bytes.subarray(0, size)).toString().split("\n")) {
    const line = decodeLine(text)
    if (line !== undefined) lines.push(line)
  }
  return { lines, size }
}

// By hand: this is read ten thousand times before a run begins.
const decodeLine = (text: string): Line | undefined => {
  try {
    const found = JSON.parse(text) as Data
    if (!Array.isArray(found) || found.length !== 3) return undefined
    const [time, id, value] = found as ReadonlyArray<Data>
    return typeof time === "number" && typeof id === "string" ? { time, id, value: value! } : undefined
  } catch {
    return undefined
  }
}
