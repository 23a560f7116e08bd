// Which stage do the files of a store belong to? Takes the inventory, adds the stage and the inputs of every record
// from its provenance, and sums the bytes by stage. Knows nothing about specs: a store holds the results of many specs.
import { Effect } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { blobsOf, inventoryOf, sizeOf, type Found, type Inventory } from "../../cache/inventory.ts"
import { Store, type CacheError, type CacheRecord } from "../../cache/store.ts"
import type { Provenance } from "../run/provenance.ts"

export interface Stock {
  readonly inventory: Inventory
  /** The stage of every record; none if its provenance is gone. */
  readonly stages: ReadonlyMap<Key, string>
  /** For each record, the input bytes from outside: inputs that are not an output of any record. */
  readonly sources: ReadonlyMap<Key, ReadonlyArray<Digest>>
}

/** One line of `pipeline du`. */
export interface Holding {
  /** A stage, or another kind of file that takes room. */
  readonly kind:
    | "stage"
    | "sources"
    | "unreferenced"
    | "torn records"
    | "put aside"
    | "half-written"
    | "journals"
    | "bookkeeping"
    | "not ours"
  readonly stage?: string
  readonly files: number
  readonly records: number
  readonly bytes: number
}

export const noProvenance = "(provenance gone)"

/** The stock of the store in a directory. */
export const stockOf = Effect.fn("stockOf")(function* (directory: string): Effect.fn.Return<Stock, CacheError, Store> {
  const inventory = yield* inventoryOf(directory)
  const stages = new Map<Key, string>()
  const inputs = new Map<Key, ReadonlyArray<Digest>>()
  for (const [key, { record }] of inventory.records) {
    const parts = yield* partsIn(record)
    if (parts === undefined) continue
    stages.set(key, parts.stage)
    inputs.set(key, Object.values(parts.inputs).flat() as ReadonlyArray<Digest>)
  }
  const made = new Set(
    Array.from(inventory.records.values()).flatMap(({ record }) => record.outputs.map(({ digest }) => digest)),
  )
  const sources = new Map(Array.from(inputs, ([key, digests]) => [key, digests.filter((digest) => !made.has(digest))]))
  return { inventory, stages, sources }
})

const partsIn = Effect.fnUntraced(function* ({
  provenance: { digest },
}: CacheRecord): Effect.fn.Return<Provenance["parts"] | undefined, CacheError, Store> {
  const store = yield* Store
  if (!(yield* store.has(digest))) return undefined
  return (JSON.parse(new TextDecoder().decode(yield* store.get(digest))) as Provenance).parts
})

/** Counts every byte once, largest part first. A blob of several records counts for the earliest of these records. */
export const holdings = ({ inventory, stages, sources }: Stock): ReadonlyArray<Holding> => {
  const { blobs, records, torn, dropped, quarantine, leftovers, journals, rest, foreign } = inventory
  const open = new Map(blobs)
  const take = (digests: Iterable<Digest>): ReadonlyArray<Found> =>
    Array.from(digests).flatMap((digest) => {
      const file = open.get(digest)
      open.delete(digest)
      return file ?? []
    })
  const byStage = new Map<string, { records: number; files: Array<Found> }>()
  const inOrder = Array.from(records).sort(([, a], [, b]) => a.record.finished - b.record.finished)
  for (const [key, { file, record }] of inOrder) {
    const stage = stages.get(key) ?? noProvenance
    const held = byStage.get(stage) ?? { records: 0, files: [] }
    byStage.set(stage, held)
    held.records++
    held.files.push(file, ...take(blobsOf(record).map(({ digest }) => digest)))
  }
  const others: ReadonlyArray<readonly [Holding["kind"], ReadonlyArray<Found>]> = [
    ["sources", take(new Set(Array.from(sources.values()).flat()))],
    ["unreferenced", [...open.values()]],
    ["torn records", [...torn.values()]],
    ["put aside", quarantine],
    ["half-written", leftovers],
    ["journals", journals],
    ["bookkeeping", [...rest, ...dropped.values()]],
    ["not ours", foreign],
  ]
  return [
    ...Array.from(byStage, ([stage, held]): Holding => ({
      kind: "stage",
      stage,
      files: held.files.length,
      records: held.records,
      bytes: sizeOf(held.files),
    })),
    ...others.flatMap(([kind, files]): ReadonlyArray<Holding> =>
      files.length === 0 ? [] : [{ kind, files: files.length, records: 0, bytes: sizeOf(files) }],
    ),
  ].sort((a, b) => b.bytes - a.bytes)
}
