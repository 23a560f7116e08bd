// Decides which files of a store can be removed, and in which order: everything that no root holds, oldest first.
// Records go before their blobs, so that a crash at any line leaves no record without bytes. Is given the roots, and
// knows nothing about why they are roots.
import { Effect } from "effect"
import { remove } from "./atomic.ts"
import { attempt } from "./system-error.ts"
import type { Digest, Key } from "./digest.ts"
import { blobsOf, totalOf, type Found, type Inventory } from "./inventory.ts"
import { holdersIn } from "./live.ts"
import { Store, type CacheError, type CacheRecord } from "./store.ts"

/** What has to stay in the store. */
export interface Roots {
  readonly keys: ReadonlySet<Key>
  /** Blobs that stay even if no record names them. */
  readonly blobs: ReadonlySet<Digest>
  /** Blobs of kept records that may still be dropped, because a run can make them again when they are needed. */
  readonly spare: ReadonlySet<Digest>
}

/** Limits on what is removed. */
export interface Bounds {
  /** Only files made before this time are removed; milliseconds since 1970. */
  readonly before: number
  /** Removal ends when the store has no more than this many bytes. */
  readonly maxSize: number
}

/** One thing that can be removed, with all its files. */
export type Waste = { readonly files: ReadonlyArray<Found>; readonly bytes: number; readonly made: number } & (
  | { readonly _tag: "Record"; readonly key: Key; readonly record: CacheRecord }
  /** A blob that no record names. */
  | { readonly _tag: "Unreferenced"; readonly digest: Digest }
  /** A spare blob of a record that stays. */
  | { readonly _tag: "Spare"; readonly digest: Digest }
  /** A file put aside as damaged, a half-written file, or a mark of a blob that is there or that no record names. */
  | { readonly _tag: "Debris" }
)

/** What can be removed, in order. */
export const wasteOf = (inventory: Inventory, roots: Roots, bounds: Bounds): ReadonlyArray<Waste> => {
  const named = new Map<Digest, number>()
  const count = (record: CacheRecord, by: number): void => {
    for (const { digest } of blobsOf(record)) named.set(digest, (named.get(digest) ?? 0) + by)
  }
  for (const { record } of inventory.records.values()) count(record, 1)

  const candidates = [
    ...debris(inventory),
    ...unreferenced(inventory, roots, named),
    ...superseded(inventory, roots),
  ].filter(({ made }) => made < bounds.before)
  candidates.sort((a, b) => a.made - b.made)
  const waste: Array<Waste> = []
  let left = totalOf(inventory)
  const take = (each: Waste): void => {
    if (left <= bounds.maxSize) return
    left -= each.bytes
    waste.push(each)
  }
  for (const each of candidates) {
    if (each._tag !== "Record" || left <= bounds.maxSize) {
      take(each)
      continue
    }
    // A blob is removed together with the last record that names it.
    count(each.record, -1)
    const alone = new Set(
      blobsOf(each.record).flatMap(({ digest }) =>
        named.get(digest) === 0 && !roots.blobs.has(digest) ? [digest] : [],
      ),
    )
    const files = [...each.files, ...[...alone].flatMap((digest) => inventory.blobs.get(digest) ?? [])]
    take({ ...each, files, bytes: files.reduce((sum, { size }) => sum + size, 0) })
  }
  for (const each of spares(inventory, roots, named)) if (each.made < bounds.before) take(each)
  return waste
}

const debris = ({ quarantine, leftovers, dropped, blobs, records }: Inventory): ReadonlyArray<Waste> => {
  const named = new Set(
    Array.from(records.values()).flatMap(({ record }) => blobsOf(record).map(({ digest }) => digest)),
  )
  const marks = Array.from(dropped).flatMap(([digest, file]) => (blobs.has(digest) || !named.has(digest) ? [file] : []))
  return [...quarantine, ...leftovers, ...marks].map((file) => ({
    _tag: "Debris",
    files: [file],
    bytes: file.size,
    made: file.changed,
  }))
}

const unreferenced = ({ blobs }: Inventory, roots: Roots, named: ReadonlyMap<Digest, number>): ReadonlyArray<Waste> =>
  Array.from(blobs).flatMap(([digest, file]): ReadonlyArray<Waste> =>
    named.has(digest) || roots.blobs.has(digest)
      ? []
      : [{ _tag: "Unreferenced", digest, files: [file], bytes: file.size, made: file.changed }],
  )

const superseded = ({ records }: Inventory, roots: Roots): ReadonlyArray<Waste> =>
  Array.from(records).flatMap(([key, { file, record }]): ReadonlyArray<Waste> =>
    roots.keys.has(key)
      ? []
      : [{ _tag: "Record", key, record, files: [file], bytes: file.size, made: record.finished }],
  )

const spares = ({ blobs }: Inventory, roots: Roots, named: ReadonlyMap<Digest, number>): ReadonlyArray<Waste> =>
  Array.from(roots.spare).flatMap((digest): ReadonlyArray<Waste> => {
    const file = blobs.get(digest)
    if (file === undefined || roots.blobs.has(digest) || !((named.get(digest) ?? 0) > 0)) return []
    return [{ _tag: "Spare", digest, files: [file], bytes: file.size, made: file.changed }]
  })

/** Removes waste and returns the part that was removed. Stops as soon as a process holds a lease in the store. */
export const sweep = Effect.fn("sweep")(function* (
  directory: string,
  waste: ReadonlyArray<Waste>,
): Effect.fn.Return<ReadonlyArray<Waste>, CacheError, Store> {
  const store = yield* Store
  for (const [i, each] of waste.entries()) {
    if ((yield* holdersIn(directory)).length > 0) return waste.slice(0, i)
    if (each._tag === "Spare") yield* store.drop(each.digest)
    else
      yield* attempt(directory, () => {
        for (const { path } of each.files) remove(path)
      })
  }
  return waste
})
