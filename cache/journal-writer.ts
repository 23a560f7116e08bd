// Appends lines to a journal's file. Lines are collected for a moment and then appended in one write, so that a crash
// tears the last line at most. Knows nothing about what a line says.
import { closeSync, fstatSync, fsyncSync, openSync, readSync, unlinkSync, writeSync } from "node:fs"

/** Lines are written at once when this many characters are waiting. */
const buffered = 1 << 16
const newline = 10

export interface Writer {
  /** Takes a line. Throws the system's error if earlier lines could not be written. */
  readonly append: (line: string) => void
  /** Writes the waiting lines. */
  readonly flush: () => void
  /** Writes the waiting lines, and returns when they are on the disk. */
  readonly force: () => void
  /** Writes the waiting lines and closes the file. The file is also closed if the write fails. */
  readonly close: () => void
}

/** Opens a file and appends after its present content. */
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
    // A full disk may take only half of the bytes. The rest is kept, and the next write continues at the same place.
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
        // A run in which nothing happened leaves no file.
        if (fstatSync(file).size === 0) unlinkSync(path)
      } finally {
        closeSync(file)
      }
    },
  }
}

// A killed run may have left a torn last line. When the run goes on, the torn line must not swallow the next line.
const endsTorn = (file: number): boolean => {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== newline
}
