// How did a record come to be? What is kept of it beside its outputs, for people and for `why`, never for
// decisions. Refuses to know plans and executors' insides.
import { hostname } from "node:os"
import { Clock, Effect, Option } from "effect"
import type { Key } from "../../cache/digest.ts"
import { Store, type CacheError, type CacheRecord, type Stored } from "../../cache/store.ts"
import type { Ended } from "../executor/executor.ts"
import type { Difference, KeyParts } from "../key/key.ts"

/** A person's word that a change of code changed no meaning. */
export interface Word {
  readonly by: string
  /** ISO 8601. */
  readonly when: string
  readonly because: string
}

/** Outputs taken over, as they are, from the record of another key. */
export interface Acceptance extends Word {
  readonly from: Key
  readonly differences: ReadonlyArray<Difference>
}

/** What is kept of how a record came to be. */
export interface Provenance {
  readonly node: string
  readonly parts: KeyParts
  readonly seconds: number
  readonly peakMemory: number
  readonly host: string
  /** ISO 8601. */
  readonly finished: string
  /** Of a node over a list: the keys of its items. */
  readonly pieces?: ReadonlyArray<Key>
  /** Of what was not computed under this key: by whose word it stands there, the first one coming first. */
  readonly accepted?: ReadonlyArray<Acceptance>
  /** What stood under this key before: it was lost, and came out otherwise when it was made again. */
  readonly replaces?: ReadonlyArray<Stored>
}

/** Whether the store says that bytes are gone, or not what they were. */
export const isLost = ({ reason }: CacheError): boolean => reason === "Missing" || reason === "Damaged"

/** The provenance of a key; none where the record or its provenance is gone. */
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

/** Writes the record of a node that was made, its provenance first. Returns the record that stands. */
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
  // As a record keeps them: what is said of them now is what will be read.
  const seconds = Math.round(ended.seconds * 1e9) / 1e9
  const host = hostname()
  return yield* write(
    key,
    { node, parts, seconds, peakMemory, host, finished: new Date(finished).toISOString(), ...whole },
    { outputs, log, seconds, host, finished, ...(code === undefined ? {} : { code }) },
  )
})

/** A record that stands, and how it came to be. */
export interface Made {
  readonly record: CacheRecord
  readonly provenance: Provenance
}

/**
 * Writes what was made under one key once more under another: made as it was, and accepted. Returns the record that
 * stands.
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
