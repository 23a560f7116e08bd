// Remembers what was found in a file, so that an unchanged file is not read again. A memo maps a name and the file's
// stat to what was found. It is kept in memory and in a file to which any number of processes append. Lost lines cost
// time, never correctness. Knows nothing about what the found text means.
import { statSync, type Stats } from "node:fs"
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
const bufferedLines = 512
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
    const text = pending.join("")
    pending = []
    quietly(() => appendRegular(path, text))
  }

  const rememberOwn: Memo["rememberOwn"] = (name, found, { stamp }) => {
    const entry = `${stamp}${separator}${found}`
    if (entries.get(name) === entry) return
    entries.set(name, entry)
    // A name with a tab or a newline would break its line. Only this process remembers it.
    if (/[\t\n]/.test(`${name}${found}`)) return
    pending.push(line(name, entry))
    if (pending.length >= bufferedLines) flush()
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
      const whole = Array.from(entries, ([name, entry]) => line(name, entry)).join("")
      quietly(() => replace(path, whole))
    },
  }
}

const separator = "\t"

// The line also begins with a newline, so that a line torn by a crash does not spoil the next line.
const line = (name: string, entry: string): string => {
  const text = `${name}${separator}${entry}`
  return `\n${seal(text, 0, text.length)}${separator}${text}`
}

// Two hundred thousand lines are read at every start, so the seal must be cheap, and it must show any single changed
// bit. FNV-1a does both, because each of its steps can be undone. Somebody who can forge a line can also forge a
// record.
const seal = (text: string, from: number, to: number): string => {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(36).padStart(sealLength, "0")
}
const sealLength = 7

const load = (path: string): { readonly entries: Map<string, string>; readonly lines: number } => {
  const entries = new Map<string, string>()
  const text = readText(path)
  let lines = 0
  // Works with positions in the whole text: splitting the text into lines first would take longer than all the rest.
  for (let start = 0; start < text.length; lines++) {
    const newline = text.indexOf("\n", start)
    const end = newline === -1 ? text.length : newline
    const body = start + sealLength + 1
    const name = text.indexOf(separator, body)
    if (name > body && name < end && text.startsWith(seal(text, body, end), start))
      entries.set(text.slice(body, name), text.slice(name + 1, end))
    start = end + 1
  }
  return { entries, lines }
}

// A memo that cannot be read counts as empty.
const readText = (path: string): string => {
  try {
    return readRegular(path).toString()
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    return ""
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
