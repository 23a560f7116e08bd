// Lists what is in the directory of a store, file by file. Reads names, sizes, records and journals, but no blob. Knows
// nothing of which files are wanted.
import { readdirSync, statSync } from "node:fs"
import { join, relative } from "node:path"
import { Effect, Option } from "effect"
import { attempt, systemCode } from "./system-error.ts"
import type { Digest, Key } from "./digest.ts"
import { isJournal } from "./journal-line.ts"
import { isRoom, kindOf } from "./paths.ts"
import { decodeRecord } from "./record.ts"
import { readRegular } from "./regular.ts"
import type { Blob, CacheError, CacheRecord } from "./store.ts"

/** A file as it was found. */
export interface Found {
  readonly path: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly changed: number
}

export interface Inventory {
  readonly blobs: ReadonlyMap<Digest, Found>
  readonly records: ReadonlyMap<Key, { readonly file: Found; readonly record: CacheRecord }>
  /** Records that cannot be read. */
  readonly torn: ReadonlyMap<Key, Found>
  /** The marks of blobs that were dropped on purpose. */
  readonly dropped: ReadonlyMap<Digest, Found>
  /** Files that were found damaged and put aside. */
  readonly quarantine: ReadonlyArray<Found>
  /** Temporary files of processes that died while writing. */
  readonly leftovers: ReadonlyArray<Found>
  readonly journals: ReadonlyArray<Found>
  /** Leases, memos and the marker. */
  readonly rest: ReadonlyArray<Found>
  /** Files that no store wrote. Nobody touches them. */
  readonly foreign: ReadonlyArray<Found>
}

/** Every file of a store. */
export const inventoryOf = (directory: string): Effect.Effect<Inventory, CacheError> =>
  attempt(directory, () => {
    const blobs = new Map<Digest, Found>()
    const records = new Map<Key, { readonly file: Found; readonly record: CacheRecord }>()
    const torn = new Map<Key, Found>()
    const dropped = new Map<Digest, Found>()
    const quarantine: Array<Found> = []
    const leftovers: Array<Found> = []
    const journals: Array<Found> = []
    const rest: Array<Found> = []
    const foreign: Array<Found> = []
    for (const { isFile, ...file } of entriesIn(directory)) {
      const path = relative(directory, file.path)
      const name = path.split("/").slice(1).join("")
      switch (isFile ? kindOf(path) : undefined) {
        case "blob":
          blobs.set(name as Digest, file)
          break
        case "mark":
          dropped.set(name as Digest, file)
          break
        case "record": {
          const record = decodeRecord(name as Key, readRegular(file.path))
          if (Option.isSome(record)) records.set(name as Key, { file, record: record.value })
          else torn.set(name as Key, file)
          break
        }
        case "journal":
          ;(isJournal(readRegular(file.path)) ? journals : foreign).push(file)
          break
        case "aside":
          quarantine.push(file)
          break
        case "temporary":
          leftovers.push(file)
          break
        case "lease":
        case "bookkeeping":
          rest.push(file)
          break
        case undefined:
          foreign.push(file)
      }
    }
    return { blobs, records, torn, dropped, quarantine, leftovers, journals, rest, foreign }
  })

/** All blobs that a record names. */
export const blobsOf = (record: CacheRecord): ReadonlyArray<Blob> => [
  ...record.outputs,
  record.provenance,
  record.log,
  ...Object.values(record.code ?? {}),
]

/** The total size of some files in bytes. */
export const sizeOf = (files: Iterable<Found>): number => {
  let bytes = 0
  for (const { size } of files) bytes += size
  return bytes
}

/** The total size in bytes of all files that belong to the store. */
export const totalOf = ({ blobs, records, torn, dropped, quarantine, leftovers, journals, rest }: Inventory): number =>
  sizeOf([
    ...blobs.values(),
    ...Array.from(records.values(), ({ file }) => file),
    ...torn.values(),
    ...dropped.values(),
    ...quarantine,
    ...leftovers,
    ...journals,
    ...rest,
  ])

/** The entries of a directory, and whether each is a file. Links are followed, as a read of the store follows them. */
const entriesIn = (directory: string): ReadonlyArray<Found & { readonly isFile: boolean }> => {
  const found: Array<Found & { readonly isFile: boolean }> = []
  const walked = new Set<string>()
  const [folders, linked]: [Array<string>, Array<string>] = [[], []]
  const see = (path: string, isLink: boolean): void => {
    const stat = statSync(path)
    if (stat.isDirectory() && !isLink) folders.push(path)
    // A user may keep a room on another disk. Any other link to a folder leads to files that are not the store's.
    else if (stat.isDirectory() && isRoom(relative(directory, path))) linked.push(path)
    else found.push({ path, size: stat.size, changed: stat.mtimeMs, isFile: stat.isFile() })
  }
  const walk = (folder: string): void => {
    const { dev, ino } = statSync(folder)
    if (walked.has(`${dev}:${ino}`)) return // the links form a circle
    walked.add(`${dev}:${ino}`)
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      ifThere(() => see(join(folder, entry.name), entry.isSymbolicLink()))
  }
  walk(directory)
  // Links come last, because their targets may also be walked under their own names.
  const nextFolder = (): string | undefined => folders.pop() ?? linked.pop()
  for (let folder = nextFolder(); folder !== undefined; folder = nextFolder()) {
    const here = folder
    ifThere(() => walk(here))
  }
  return found
}

// Other processes may be at work: a file that vanished since was a temporary file. A link may lead nowhere, or in a
// circle.
const ifThere = (look: () => void): void => {
  try {
    look()
  } catch (cause) {
    if (!["ENOENT", "ELOOP"].includes(systemCode(cause) ?? "")) throw cause
  }
}
