// What is in the directory of a store, file by file? Looks at names, sizes and the text of records and journals, at no
// blob. Knows nothing of what is wanted and what is not.
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join, relative } from "node:path"
import { Effect, Option } from "effect"
import { attempt, systemCode } from "./border.ts"
import type { Digest, Key } from "./digest.ts"
import { isJournal } from "./journal-line.ts"
import { kindOf } from "./place.ts"
import { decodeRecord } from "./record.ts"
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
  /** What was found damaged and put aside. */
  readonly quarantine: ReadonlyArray<Found>
  /** What was on its way in when its writer died. */
  readonly leftovers: ReadonlyArray<Found>
  readonly journals: ReadonlyArray<Found>
  /** Leases, memos and the marker. */
  readonly rest: ReadonlyArray<Found>
  /** Files that no store wrote: nobody touches them. */
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
    for (const file of filesIn(directory)) {
      const path = relative(directory, file.path)
      const name = path.split("/").slice(1).join("")
      switch (kindOf(path)) {
        case "blob":
          blobs.set(name as Digest, file)
          break
        case "mark":
          dropped.set(name as Digest, file)
          break
        case "record": {
          const record = decodeRecord(name as Key, readFileSync(file.path))
          if (Option.isSome(record)) records.set(name as Key, { file, record: record.value })
          else torn.set(name as Key, file)
          break
        }
        case "journal":
          ;(isJournal(readFileSync(file.path)) ? journals : foreign).push(file)
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

/** How many bytes some files have together. */
export const sizeOf = (files: Iterable<Found>): number => {
  let bytes = 0
  for (const { size } of files) bytes += size
  return bytes
}

/** How many bytes all that is ours has. */
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

const filesIn = (directory: string): ReadonlyArray<Found> =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return []
    const path = join(entry.parentPath, entry.name)
    try {
      const { size, mtimeMs } = statSync(path)
      return [{ path, size, changed: mtimeMs }]
    } catch (cause) {
      // Others may be at work: what was moved since was on its way in.
      if (systemCode(cause) !== "ENOENT") throw cause
      return []
    }
  })
