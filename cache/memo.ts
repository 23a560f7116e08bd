// Remembers what was found in a file, so that an unchanged file is not read again. A memo maps a name and the file's
// stat to what was found. It is kept in memory and in a file to which any number of processes append. Lost lines cost
// time, never correctness. Knows nothing about what the found text means.
import { statSync, type Stats } from "node:fs"
import { crc32 } from "node:zlib"
import { replace } from "./atomic.ts"
import { isSystemError } from "./system-error.ts"
import { appendRegular, readRegular, requireRegular } from "./regular.ts"

/** The result of `stat` on a file at one moment. */
export interface Seen {
  /** Size, times and inode in one text: two equal stamps mean the same file in the same state. */
  readonly stamp: string
  readonly size: number
  /** When content or inode last changed, in milliseconds since 1970. */
  readonly changed: number
}

/** Looks at a file; undefined if there is none. Throws a CacheError if the path is not a regular file. */
export const look = (path: string): Seen | undefined => {
  // Times are doubles, not bigints, which take 50 % longer. A double is exact to a quarter of a microsecond: enough
  // here.
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  requireRegular(path, stat)
  return seenIn(stat)
}

/** Makes a `Seen` from the result of `stat`. */
export const seenIn = ({ size, mtimeMs, ctimeMs, ino }: Stats): Seen => ({
  stamp: `${size}-${mtimeMs}-${ctimeMs}-${ino}`,
  size,
  changed: Math.max(mtimeMs, ctimeMs),
})

/**
 * Git's racy rule: a file that changed this recently may change again within one tick of the file system's clock, and
 * its stamp would stay the same.
 */
const racyMilliseconds = 2_000
/** Whether the last change of a file is so long ago that its stamp identifies its state. */
export const isPastRace = (seen: Seen, now: number): boolean => now - seen.changed >= racyMilliseconds
const linesInBlock = 512
const staleLinesKept = 4_096

export interface Memo {
  /** What was last found in the file of this name, if the file has not changed since. */
  readonly recall: (name: string, seen: Seen) => string | undefined
  /**
   * Notes what is in a file that was looked at *before* it was read. Notes nothing if the file changed shortly before
   * `now`.
   */
  readonly remember: (name: string, found: string, seen: Seen, now: number) => void
  /** Notes what is in a file that this process wrote in one step. Such a file needs no racy rule. */
  readonly rememberOwn: (name: string, found: string, seen: Seen) => void
  /** Writes the lines that are not yet written. Rewrites the file if most of its lines are out of date. */
  readonly close: () => void
}

/** The memo kept in a file. */
export const openMemo = (path: string): Memo => {
  const { entries, lines } = load(path)
  let written = lines
  let pending: Array<string> = []

  const flush = () => {
    written += pending.length
    const text = blockOf(pending)
    pending = []
    quietly(() => appendRegular(path, text))
  }

  const rememberOwn: Memo["rememberOwn"] = (name, found, { stamp }) => {
    const entry = `${stamp}${separator}${found}`
    if (entries.get(name) === entry) return
    entries.set(name, entry)
    // A name with a tab or a newline would break its line. Only this process remembers it.
    if (/[\t\n]/.test(`${name}${found}`)) return
    pending.push(lineOf(name, entry))
    if (pending.length >= linesInBlock) flush()
  }

  return {
    recall: (name, { stamp }) => {
      const entry = entries.get(name)
      return entry?.startsWith(stamp) && entry[stamp.length] === separator ? entry.slice(stamp.length + 1) : undefined
    },
    remember: (name, found, seen, now) => {
      if (isPastRace(seen, now)) rememberOwn(name, found, seen)
    },
    rememberOwn,
    close: () => {
      if (pending.length > 0) flush()
      if (written < 2 * entries.size + staleLinesKept) return
      // Lines that another process appends between our reading and this rename are lost. Their files will be read
      // again.
      const all = Array.from(entries, ([name, entry]) => lineOf(name, entry))
      let whole = ""
      for (let at = 0; at < all.length; at += linesInBlock) whole += blockOf(all.slice(at, at + linesInBlock))
      quietly(() => replace(path, whole))
    },
  }
}

const separator = "\t"

const lineOf = (name: string, entry: string): string => `${name}${separator}${entry}\n`

// A file is a sequence of blocks, each written in one step: a checksum, a length in bytes, and lines. A block that a
// crash tore, or in which anything changed, is passed over as a whole. Somebody who can forge a block can also forge a
// record.
const blockOf = (lines: ReadonlyArray<string>): string => {
  const body = lines.join("")
  return `${mark}${crc32(body).toString(36)} ${Buffer.byteLength(body)}\n${body}`
}
const mark = "\n#"

const load = (path: string): { readonly entries: Map<string, string>; readonly lines: number } => {
  const entries = new Map<string, string>()
  const bytes = read(path)
  let [lines, unread] = [0, bytes.length]
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at)) {
    const start = bytes.indexOf("\n", at + mark.length) + 1
    if (start === 0) break
    const [sum, length] = bytes
      .toString("latin1", at + mark.length, start)
      .trimEnd()
      .split(" ")
    const body = bytes.subarray(start, start + Number(length))
    const isWhole = body.length === Number(length) && crc32(body).toString(36) === sum
    if (isWhole) {
      lines += readLines(body.toString(), entries)
      unread -= start - at + body.length
    }
    // The last newline of a torn header or body may be the first byte of the next mark.
    at = isWhole ? start + body.length - 1 : start - 1
  }
  return { entries, lines: lines + Math.ceil(unread / bytesOfLine) }
}
/** About as many bytes as a line has: what cannot be read counts as lines that are out of date. */
const bytesOfLine = 200

// Works with positions in the whole text: splitting the text into lines first would take longer than all the rest.
const readLines = (text: string, entries: Map<string, string>): number => {
  let lines = 0
  for (let start = 0; start < text.length; lines++) {
    const name = text.indexOf(separator, start)
    const end = text.indexOf("\n", name)
    entries.set(text.slice(start, name), text.slice(name + 1, end))
    start = end + 1
  }
  return lines
}

// A memo that cannot be read counts as empty.
const read = (path: string): Buffer => {
  try {
    return readRegular(path)
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    return Buffer.alloc(0)
  }
}

// If the memo cannot be written, files are digested a second time. That is no reason to fail.
const quietly = (write: () => void): void => {
  try {
    write()
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
  }
}
