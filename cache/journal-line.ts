// Encodes and decodes one line of a journal: `[seal, time, id, value]` in JSON. The seal shows whether a bit of the
// rest has changed. Knows nothing about files or runs.
import { digestOf, type Data } from "./digest.ts"
import type { Line } from "./journal.ts"

/** The text of a line, with its newline. */
export const encodeLine = ({ time, id, value }: Line): string =>
  `${sealed(JSON.stringify([time, id, value]).slice(1))}\n`

// The first 8 digits of the digest are enough: somebody who changes a line on purpose could also seal it.
const sealed = (rest: string): string => `["${digestOf(rest).slice(0, 8)}",${rest}`
const sealLength = `["01234567",`.length

/**
 * The whole lines in a piece of a journal, and how many bytes they took. A torn last line is left for later. A line
 * that is not as it was written is skipped.
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

/** Whether a file holds lines of a journal, damaged or not. A file may be empty because its run was killed at once. */
export const isJournal = (bytes: Uint8Array): boolean =>
  bytes.length === 0 || /^\["[0-9a-f]{8}",\d/m.test(Buffer.from(bytes).toString())

// Decoded without a Schema, because this runs ten thousand times before a run begins.
const decodeLine = (text: string): Line | undefined => {
  if (text !== sealed(text.slice(sealLength))) return undefined
  // A line with our seal has the shape that we write.
  const [, time, id, value] = JSON.parse(text) as readonly [seal: string, time: number, id: string, value: Data]
  return { time, id, value }
}
