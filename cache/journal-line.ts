// How does one line of a journal look? `[seal, time, id, value]` in JSON, where the seal shows a changed bit of the
// rest. Knows nothing of files or runs.
import { digestOf, type Data } from "./digest.ts"
import type { Line } from "./journal.ts"

/** The text of a line, with its newline. */
export const encodeLine = ({ time, id, value }: Line): string =>
  `${sealed(JSON.stringify([time, id, value]).slice(1))}\n`

// A part of the digest: whoever changed a line on purpose could seal it, too.
const sealed = (rest: string): string => `["${digestOf(rest).slice(0, 8)}",${rest}`
const sealLength = `["01234567",`.length

/**
 * The whole lines of a piece of a journal, and how many bytes they took: a torn last one is left for later, and
 * one that is not as it was written is passed over.
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

/** Whether a file holds lines of a journal, be they damaged. An empty one may be a run's that was killed at once. */
export const isJournal = (bytes: Uint8Array): boolean =>
  bytes.length === 0 || /^\["[0-9a-f]{8}",\d/m.test(Buffer.from(bytes).toString())

// By hand: this is read ten thousand times before a run begins.
const decodeLine = (text: string): Line | undefined => {
  if (text !== sealed(text.slice(sealLength))) return undefined
  // What carries our seal has our shape.
  const [, time, id, value] = JSON.parse(text) as readonly [seal: string, time: number, id: string, value: Data]
  return { time, id, value }
}
