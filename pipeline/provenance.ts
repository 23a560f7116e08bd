// How did a record come to be? What is kept of it beside its outputs, for people and for `why`, never for
// decisions. Refuses to know plans and executors' insides.
import { hostname } from "node:os"
import { Clock, Effect, Option } from "effect"
import type { Key } from "../cache/digest.ts"
import { Store, type CacheError, type CacheRecord, type Stored } from "../cache/store.ts"
import type { Ended } from "./executor.ts"
import type { KeyParts } from "./key.ts"

/** What is kept of how a record came to be. */
export interface Provenance {
  readonly node: string
  readonly parts: KeyParts
  readonly seconds: number
  readonly peakMemory: number
  readonly host: string
  /** ISO 8601. */
  readonly finished: string
}

/** The provenance of a key; none where the record or its provenance is gone. */
export const provenanceOf = Effect.fnUntraced(function* (key: Key): Effect.fn.Return<Option.Option<Provenance>, CacheError, Store> {
  const store = yield* Store
  const record = yield* store.record(key)
  if (Option.isNone(record) || !(yield* store.has(record.value.provenance.digest))) return Option.none()
  const bytes = yield* store.get(record.value.provenance.digest)
  return Option.some(JSON.parse(new TextDecoder().decode(bytes)) as Provenance)
})

/** The parts of a key, as its record's provenance kept them. */
export const partsOf = (key: Key): Effect.Effect<Option.Option<KeyParts>, CacheError, Store> => Effect.map(provenanceOf(key), Option.map(({ parts }) => parts))

/** Writes the record of a node that was made, its provenance first. Returns the record that stands. */
export const publish = Effect.fnUntraced(function* (node: string, key: Key, parts: KeyParts, ended: Ended, outputs: ReadonlyArray<Stored>): Effect.fn.Return<CacheRecord, CacheError, Store> {
  const store = yield* Store
  const finished = yield* Clock.currentTimeMillis
  const { seconds, peakMemory, log } = ended
  const host = hostname()
  const provenance: Provenance = { node, parts, seconds, peakMemory, host, finished: new Date(finished).toISOString() }
  const bytes = new TextEncoder().encode(JSON.stringify(provenance))
  return yield* store.publish(key, { outputs, provenance: { digest: yield* store.put(bytes), size: bytes.length }, log, seconds, host, finished })
})
