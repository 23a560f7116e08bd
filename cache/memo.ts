// Is this file still the one we digested? A memo from a name and the file's stat to a digest, kept in memory and
// in a file that any number of processes append to. Losing lines of it costs time, never truth.
import { appendFileSync, readFileSync, statSync } from "node:fs"
import type { Digest } from "./digest.ts"
import { replace } from "./beside.ts"
import { systemCode } from "./border.ts"

/** What `stat` said about a file at one moment. */
export interface Seen {
  /** Size, times and inode in one text: two equal stamps are one state of one file. */
  readonly stamp: string
  readonly size: number
  /** When content or inode last changed, in milliseconds since 1970. */
  readonly changed: number
}

/** Looks at a file; undefined if there is none. */
export const look = (path: string): Seen | undefined => {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return undefined
  return {
    stamp: `${stat.size}-${stat.mtimeNs}-${stat.ctimeNs}-${stat.ino}`,
    size: Number(stat.size),
    changed: Number(stat.ctimeMs > stat.mtimeMs ? stat.ctimeMs : stat.mtimeMs),
  }
}

/**
 * Git's racy rule: a file that changed this recently may change again within one tick of the file system's
 * clock, and its stamp would not show it.
 */
const racyMilliseconds = 2_000
const bufferedLines = 512
const staleLinesKept = 4_096

export interface Memo {
  /** The digest last verified for this name, if the file is as it was then. */
  readonly recall: (name: string, seen: Seen) => Digest | undefined
  /** Notes a digest of a file that was looked at *before* it was read, unless it changed too shortly before `now`. */
  readonly remember: (name: string, digest: Digest, seen: Seen, now: number) => void
  /** Notes a digest of a file that this process itself wrote in one step: there is no race to fear. */
  readonly vouch: (name: string, digest: Digest, seen: Seen) => void
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
    quietly(() => appendFileSync(path, text))
  }

  const vouch: Memo["vouch"] = (name, digest, { stamp }) => {
    if (entries.get(name)?.stamp === stamp) return
    entries.set(name, { digest, stamp })
    pending.push(line(name, digest, stamp))
    if (pending.length >= bufferedLines) flush()
  }

  return {
    recall: (name, seen) => {
      const entry = entries.get(name)
      return entry?.stamp === seen.stamp ? entry.digest : undefined
    },
    remember: (name, digest, seen, now) => {
      if (now - seen.changed >= racyMilliseconds) vouch(name, digest, seen)
    },
    vouch,
    close: () => {
      if (pending.length > 0) flush()
      if (written < 2 * entries.size + staleLinesKept) return
      // What another process appends between our reading and this rename is lost, and will be digested again.
      const whole = Array.from(entries, ([name, { digest, stamp }]) => line(name, digest, stamp)).join("")
      quietly(() => replace(path, whole))
    },
  }
}

// The line opens with a newline too, so that a line torn by a crash spoils itself and not its successor.
const line = (name: string, digest: Digest, stamp: string): string => `\n${JSON.stringify([name, digest, stamp])}`

interface Entry {
  readonly digest: Digest
  readonly stamp: string
}

const load = (path: string): { readonly entries: Map<string, Entry>; readonly lines: number } => {
  const entries = new Map<string, Entry>()
  const lines = readText(path).split("\n")
  for (const text of lines) {
    const found = parse(text)
    if (found !== undefined) entries.set(found[0], { digest: found[1], stamp: found[2] })
  }
  return { entries, lines: lines.length }
}

// Ten thousand lines are read at every start: the shape is checked by hand, and a foreign digest could only
// name a blob that is verified on its own.
const parse = (text: string): readonly [name: string, digest: Digest, stamp: string] | undefined => {
  try {
    const found: unknown = JSON.parse(text)
    const fits = Array.isArray(found) && found.length === 3 && found.every((part) => typeof part === "string")
    return fits ? (found as unknown as [string, Digest, string]) : undefined
  } catch {
    return undefined
  }
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return ""
    throw cause
  }
}

// A memo that cannot be written costs a second digesting, which is no reason to fail.
const quietly = (write: () => void): void => {
  try {
    write()
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
  }
}
