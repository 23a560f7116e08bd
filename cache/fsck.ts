// Checks everything in a store: every blob is hashed again, and every record and journal is read. A damaged file is put
// aside, as a read would do, so that the next run makes its content again. Knows nothing about what the content means.
import { existsSync } from "node:fs"
import { basename, join, relative } from "node:path"
import { Effect, Option } from "effect"
import { replace, settle } from "./atomic.ts"
import { blobsIn } from "./blobs.ts"
import { attempt, isSystemError } from "./system-error.ts"
import type { Digest, Key } from "./digest.ts"
import { blobsOf, inventoryOf, sizeOf, type Found, type Inventory } from "./inventory.ts"
import { decodeIndex, type Index } from "./journal-index.ts"
import { decodeLines, encodeLine } from "./journal-line.ts"
import type { Memo } from "./memo.ts"
import { asideIn, runOf } from "./paths.ts"
import { readRegular } from "./regular.ts"
import type { CacheError } from "./store.ts"

/** Something that is not as it was written. */
export type Fault =
  /** Bytes that do not have their digest. They were put aside. */
  | { readonly _tag: "DamagedBlob"; readonly digest: Digest; readonly bytes: number }
  /** A record that cannot be read, or that gives a wrong size for a blob. It was put aside. */
  | { readonly _tag: "TornRecord"; readonly key: Key }
  /** A blob that a record names is not there, and nobody dropped it on purpose. */
  | { readonly _tag: "MissingBlob"; readonly digest: Digest; readonly key: Key; readonly part: string }
  /** A copy was put aside; the readable lines stay in the journal. */
  | { readonly _tag: "DamagedJournal"; readonly run: string; readonly lines: number }
  /** A journal that is gone, or shorter than it once was. */
  | { readonly _tag: "ShortJournal"; readonly run: string }
  /** The snapshot was put aside. It will be built again. */
  | { readonly _tag: "DamagedIndex" }

export interface Findings {
  readonly faults: ReadonlyArray<Fault>
  readonly blobs: { readonly count: number; readonly bytes: number }
  readonly records: number
  readonly journals: number
  /** Blobs that no record names. They are no fault, but take room. Some may be bytes from outside. */
  readonly unreferenced: { readonly count: number; readonly bytes: number }
  /** Temporary files of processes that died while writing. They are no fault either. */
  readonly leftovers: { readonly count: number; readonly bytes: number }
  /** Paths in the store of files that no store wrote. They are left alone. */
  readonly foreign: ReadonlyArray<string>
}

/** Is called after each blob with the number of bytes hashed so far and in total. */
type OnProgress = (done: number, all: number) => void

/** Examines the store in a directory. No other process may work on the store at the same time. */
export const fsck = Effect.fn("fsck")(function* (
  directory: string,
  onProgress: OnProgress,
): Effect.fn.Return<Findings, CacheError> {
  const inventory = yield* inventoryOf(directory)
  const journalFaults = yield* attempt(directory, () => [...examineJournals(directory, inventory.journals)])
  const damaged = yield* hashAll(directory, inventory.blobs, onProgress)
  const recordFaults = yield* attempt(directory, () => [...examineRecords(directory, inventory, damaged)])
  yield* giveUp(directory, inventory, [
    ...damaged.keys(),
    ...recordFaults.flatMap((fault) => (fault._tag === "MissingBlob" ? [fault.digest] : [])),
  ])
  const named = new Set(
    Array.from(inventory.records.values()).flatMap(({ record }) => blobsOf(record).map(({ digest }) => digest)),
  )
  const unreferenced = Array.from(inventory.blobs).flatMap(([digest, file]) =>
    named.has(digest) || damaged.has(digest) ? [] : [file],
  )
  return {
    faults: [
      ...Array.from(damaged, ([digest, { size }]): Fault => ({ _tag: "DamagedBlob", digest, bytes: size })),
      ...recordFaults,
      ...journalFaults,
    ],
    blobs: amountOf([...inventory.blobs.values()]),
    records: inventory.records.size + inventory.torn.size,
    journals: inventory.journals.length,
    unreferenced: amountOf(unreferenced),
    leftovers: amountOf(inventory.leftovers),
    foreign: inventory.foreign.map(({ path }) => relative(directory, path)),
  }
})

const amountOf = (files: ReadonlyArray<Found>): { readonly count: number; readonly bytes: number } => ({
  count: files.length,
  bytes: sizeOf(files),
})

/** A memo that knows nothing, so that every blob is read. */
const noMemo: Memo = {
  recall: () => undefined,
  remember: () => undefined,
  rememberOwn: () => undefined,
  close: () => undefined,
}

const hashAll = Effect.fnUntraced(function* (
  directory: string,
  blobs: Inventory["blobs"],
  onProgress: OnProgress,
): Effect.fn.Return<ReadonlyMap<Digest, Found>, CacheError> {
  const { has } = blobsIn(directory, noMemo)
  const damaged = new Map<Digest, Found>()
  const all = sizeOf(blobs.values())
  let done = 0
  for (const [digest, file] of blobs) {
    if (!(yield* has(digest))) damaged.set(digest, file)
    done += file.size
    onProgress(done, all)
  }
  return damaged
})

// No run makes a lost log or provenance again. Dropping the blob ends the complaint, and its record stays.
const giveUp = Effect.fnUntraced(function* (
  directory: string,
  { records }: Inventory,
  lost: ReadonlyArray<Digest>,
): Effect.fn.Return<void, CacheError> {
  const outputs = new Set(
    Array.from(records.values()).flatMap(({ record }) => record.outputs.map(({ digest }) => digest)),
  )
  const { drop } = blobsIn(directory, noMemo)
  yield* Effect.forEach(
    lost.filter((digest) => !outputs.has(digest)),
    drop,
    { discard: true },
  )
})

const examineRecords = function* (
  directory: string,
  { records, torn, blobs, dropped }: Inventory,
  damaged: ReadonlyMap<Digest, Found>,
): Generator<Fault> {
  for (const [key, file] of torn) yield tornRecord(directory, key, file)
  for (const [key, { file, record }] of records) {
    const parts = [
      ...record.outputs.map((output) => [`output ${output.name}`, output] as const),
      ["provenance", record.provenance] as const,
      ["log", record.log] as const,
      ...Object.entries(record.code ?? {}),
    ]
    const wrong = parts.some(
      ([, { digest, size }]) => !damaged.has(digest) && blobs.has(digest) && blobs.get(digest)!.size !== size,
    )
    if (wrong) {
      yield tornRecord(directory, key, file)
      continue
    }
    for (const [part, { digest }] of parts)
      if (!blobs.has(digest) && !dropped.has(digest)) yield { _tag: "MissingBlob", digest, key, part }
  }
}

const tornRecord = (directory: string, key: Key, file: Found): Fault => {
  settle(file.path, asideIn(directory, `${key}.record`))
  return { _tag: "TornRecord", key }
}

const examineJournals = function* (directory: string, journals: ReadonlyArray<Found>): Generator<Fault> {
  const sizes = new Map<string, number>()
  let mended = false
  for (const { path, size } of journals) {
    const run = runOf(basename(path))!
    sizes.set(run, size)
    const bytes = readRegular(path)
    const { lines, size: whole } = decodeLines(bytes)
    const written = bytes
      .subarray(0, whole)
      .toString()
      .split("\n")
      .filter((text) => text !== "").length
    // A kill leaves a last line without its end; that is no damage.
    if (written === lines.length) continue
    yield { _tag: "DamagedJournal", run, lines: written - lines.length }
    replace(asideIn(directory, basename(path)), bytes)
    replace(path, lines.map(encodeLine).join(""))
    mended = true
  }
  const index = join(directory, "journal", "index.json")
  if (!existsSync(index)) return
  const known = readIndex(index)
  const short = Option.isNone(known)
    ? []
    : Array.from(known.value.runs).flatMap(([run, { bytes }]) => ((sizes.get(run) ?? -1) < bytes ? [run] : []))
  if (Option.isNone(known)) yield { _tag: "DamagedIndex" }
  for (const run of short) yield { _tag: "ShortJournal", run }
  if (Option.isNone(known) || short.length > 0 || mended) settle(index, asideIn(directory, "index.json"))
}

const readIndex = (path: string): Option.Option<Index> => {
  try {
    return decodeIndex(readRegular(path).toString())
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    return Option.none()
  }
}
