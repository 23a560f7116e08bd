// Is this file still the one we read? A memo from a name and the file's stat to what was found in it, kept in
// memory and in a file that any number of processes append to. Losing lines of it costs time, never truth.
import { statSync, type Stats } from "node:fs"
import { replace } from "./atomic.ts"
import { isAnswer } from "./system-error.ts"
import { appendRegular, readRegular, requireRegular } from "./regular.ts"

/** What `stat` said about a file at one moment. */
export interface Seen {
  /** Size, times and inode in one text: two equal stamps are one state of one file. */
  readonly stamp: string
  readonly size: number
  /** When content or inode last changed, in milliseconds since 1970. */
  readonly changed: number
}

/** Looks at a file; undefined if there is none. Throws a CacheError where something else is. */
export const look = (path: string): Seen | undefined => {
  // Not as bigints, which take half as long again: a quarter of a microsecond tells times apart, too.
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  requireRegular(path, stat)
  return seenIn(stat)
}

/** What was seen of a file, in what `stat` said. */
export const seenIn = ({ size, mtimeMs, ctimeMs, ino }: Stats): Seen => ({
  stamp: `${size}-${mtimeMs}-${ctimeMs}-${ino}`,
  size,
  changed: Math.max(mtimeMs, ctimeMs),
})

/**
 * Git's racy rule: a file that changed this recently may change again within one tick of the file system's
 * clock, and its stamp would not show it.
 */
const racyMilliseconds = 2_000
/** Whether a file has not changed for so long that its stamp tells its state. */
export const hasRested = (seen: Seen, now: number): boolean => now - seen.changed >= racyMilliseconds
const bufferedLines = 512
const staleLinesKept = 4_096

export interface Memo {
  /** What was last found in the file of this name, if it is as it was then. */
  readonly recall: (name: string, seen: Seen) => string | undefined
  /** Notes what is in a file that was looked at *before* it was read, unless it changed too shortly before `now`. */
  readonly remember: (name: string, found: string, seen: Seen, now: number) => void
  /** Notes what is in a file that this process itself wrote in one step: there is no race to fear. */
  readonly vouch: (name: string, found: string, seen: Seen) => void
  /** Writes what is not yet written; rewrites the file if most of its lines are out of date. */
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

  const vouch: Memo["vouch"] = (name, found, { stamp }) => {
    const entry = `${stamp}${separator}${found}`
    if (entries.get(name) === entry) return
    entries.set(name, entry)
    // A name that would break its line is known to this process only.
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
      if (hasRested(seen, now)) vouch(name, found, seen)
    },
    vouch,
    close: () => {
      if (pending.length > 0) flush()
      if (written < 2 * entries.size + staleLinesKept) return
      // What another process appends between our reading and this rename is lost, and will be read again.
      const whole = Array.from(entries, ([name, entry]) => line(name, entry)).join("")
      quietly(() => replace(path, whole))
    },
  }
}

const separator = "\t"

// The line opens with a newline too, so that a line torn by a crash spoils itself and not its successor.
const line = (name: string, entry: string): string => {
  const text = `${name}${separator}${entry}`
  return `\n${seal(text, 0, text.length)}${separator}${text}`
}

// Two hundred thousand lines are read at every start, so the seal is the cheapest that shows any one changed
// bit: FNV-1a, in which every step can be undone. Who forges a line could as well forge a record.
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
  // By places in the one text: to cut it into lines first would take longer than all the rest.
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

// One that cannot be read is as good as none.
const readText = (path: string): string => {
  try {
    return readRegular(path).toString()
  } catch (cause) {
    if (!isAnswer(cause)) throw cause
    return ""
  }
}

// A memo that cannot be written costs a second digesting, which is no reason to fail.
const quietly = (write: () => void): void => {
  try {
    write()
  } catch (cause) {
    if (!isAnswer(cause)) throw cause
  }
}
