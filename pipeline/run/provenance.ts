// How was a record made? Provenance is kept beside the outputs, for people and for `why`; it never decides anything.
// Knows nothing about plans or how executors work.
import { hostname } from "node:os"
import { Clock, Effect, Option } from "effect"
import type { Key } from "../../cache/digest.ts"
import { Store, type CacheError, type CacheRecord, type Stored } from "../../cache/store.ts"
import type { Ended } from "../executor/executor.ts"
import type { Difference, KeyParts } from "../key/key.ts"

/** A person's statement that a code change did not change the meaning. */
export interface Word {
  readonly by: string
  /** ISO 8601. */
  readonly when: string
  readonly because: string
}

/** Outputs copied unchanged from the record of another key. */
export interface Acceptance extends Word {
  readonly from: Key
  readonly differences: ReadonlyArray<Difference>
}

/** How a record was made. */
export interface Provenance {
  readonly node: string
  readonly parts: KeyParts
  readonly seconds: number
  readonly peakMemory: number
  readonly host: string
  /** ISO 8601. */
  readonly finished: string
  /** For a node over a list: the keys of its items. */
  readonly pieces?: ReadonlyArray<Key>
  /** For outputs that were not computed under this key: the statements that accepted them, oldest first. */
  readonly accepted?: ReadonlyArray<Acceptance>
  /** The earlier outputs under this key, which were lost; the new outputs have other bytes. */
  readonly replaces?: ReadonlyArray<Stored>
}

/** Whether the store reports bytes as missing or damaged. */
export const isLost = ({ reason }: CacheError): boolean => reason === "Missing" || reason === "Damaged"

/** The provenance of a key; none if the record or its provenance is gone. */
export const provenanceOf = Effect.fnUntraced(function* (
  key: Key,
): Effect.fn.Return<Option.Option<Provenance>, CacheError, Store> {
  const store = yield* Store
  const said = store.known(key) ?? Option.getOrUndefined(yield* store.record(key))
  if (said === undefined) return Option.none()
  const bytes = yield* store.get(said.provenance.digest).pipe(
    Effect.asSome,
    Effect.catchIf(isLost, () => Effect.succeedNone),
  )
  return Option.map(bytes, (found) => JSON.parse(Buffer.from(found).toString()) as Provenance)
})

/** The parts of a key, as its record's provenance kept them. */
export const partsOf = (key: Key): Effect.Effect<Option.Option<KeyParts>, CacheError, Store> =>
  Effect.map(
    provenanceOf(key),
    Option.map(({ parts }) => parts),
  )

/**
 * Writes the provenance of a node that was made, and then its record. Returns the record that belongs to the key
 * afterwards.
 */
export const publish = Effect.fnUntraced(function* (
  node: string,
  key: Key,
  parts: KeyParts,
  ended: Ended,
  outputs: ReadonlyArray<Stored>,
  { code, ...whole }: Pick<Provenance, "pieces" | "accepted" | "replaces"> & Pick<CacheRecord, "code"> = {},
): Effect.fn.Return<CacheRecord, CacheError, Store> {
  const finished = yield* Clock.currentTimeMillis
  const { peakMemory, log } = ended
  // Rounded as records store it, so that readers see the same value now and later.
  const seconds = Math.round(ended.seconds * 1e9) / 1e9
  const host = hostname()
  return yield* write(
    key,
    { node, parts, seconds, peakMemory, host, finished: new Date(finished).toISOString(), ...whole },
    { outputs, log, seconds, host, finished, ...(code === undefined ? {} : { code }) },
  )
})

/** A record and its provenance. */
export interface Made {
  readonly record: CacheRecord
  readonly provenance: Provenance
}

/**
 * Copies the result of one key to another key, with the same provenance plus the acceptance. Returns the record that
 * belongs to the new key afterwards.
 */
export const publishAccepted = (
  { record, provenance }: Made,
  key: Key,
  parts: KeyParts,
  acceptance: Acceptance,
): Effect.Effect<CacheRecord, CacheError, Store> =>
  write(key, { ...provenance, parts, accepted: [...(provenance.accepted ?? []), acceptance] }, record)

const write = Effect.fnUntraced(function* (
  key: Key,
  provenance: Provenance,
  made: Omit<CacheRecord, "provenance">,
): Effect.fn.Return<CacheRecord, CacheError, Store> {
  const store = yield* Store
  const bytes = Buffer.from(JSON.stringify(provenance))
  return yield* store.publish(key, { ...made, provenance: { digest: yield* store.put(bytes), size: bytes.length } })
})
