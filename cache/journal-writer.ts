// How do lines reach a journal's file? Collected for a moment, then appended in one write: a crash tears the
// last line at most. Knows nothing of what a line says.
import { closeSync, fstatSync, fsyncSync, openSync, readSync, unlinkSync, writeSync } from "node:fs"

/** Lines are written at once when so many characters wait. */
const buffered = 1 << 16
const newline = 10

export interface Writer {
  /** Takes a line; throws what the system answered if lines before it could not be written. */
  readonly append: (line: string) => void
  /** Writes what waits. */
  readonly flush: () => void
  /** The same, and returns once it is on the disk. */
  readonly force: () => void
  /** Writes what waits and lets go of the file, also if it could not be written. */
  readonly close: () => void
}

/** Opens a file to append to, after whatever it holds. */
export const openWriter = (path: string): Writer => {
  const file = openSync(path, "a+")
  let lines: Array<string> = endsTorn(file) ? ["\n"] : []
  let waiting = 0
  let rest: Uint8Array = new Uint8Array(0)
  let refused = false

  const flush = () => {
    rest = Buffer.concat([rest, Buffer.from(lines.join(""))])
    lines = []
    waiting = 0
    refused = true
    // A full disk may take half of it: the rest is kept and follows where it stopped.
    while (rest.length > 0) rest = rest.subarray(writeSync(file, rest))
    refused = false
  }

  return {
    append: (line) => {
      lines.push(line)
      waiting += line.length
      if (refused || waiting >= buffered) flush()
    },
    flush,
    force: () => {
      flush()
      fsyncSync(file)
    },
    close: () => {
      try {
        flush()
        // A run in which nothing happened leaves no file behind.
        if (fstatSync(file).size === 0) unlinkSync(path)
      } finally {
        closeSync(file)
      }
    },
  }
}

// A run that was killed in the middle of a line and goes on: the torn line must not swallow the next.
const endsTorn = (file: number): boolean => {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== newline
}
