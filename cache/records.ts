// Which record of a key stands? The first whose outputs are there, over any place that keeps small files. One
// set of rules for every store. Knows nothing of how files or blobs are kept.
import { Effect, Option } from "effect"
import type { Key } from "./digest.ts"
import { decodeRecord, encodeRecord } from "./record.ts"
import { CacheError, type CacheRecord, type Store } from "./store.ts"

/** Where the bytes of records are. */
export interface Shelf {
  readonly read: (key: Key) => Effect.Effect<Option.Option<Uint8Array>, CacheError>
  /** Writes if the key has nothing yet, and says whether it did. */
  readonly create: (key: Key, bytes: Uint8Array) => Effect.Effect<boolean, CacheError>
  readonly replace: (key: Key, bytes: Uint8Array) => Effect.Effect<void, CacheError>
  /** Says whether there was anything. */
  readonly remove: (key: Key) => Effect.Effect<boolean, CacheError>
  /** Takes what is no record out of the way. */
  readonly putAside: (key: Key) => Effect.Effect<void, CacheError>
}

/** The half of a store that concerns records. */
export const recordsOn = (
  shelf: Shelf,
  has: Store["Service"]["has"],
): Pick<Store["Service"], "record" | "publish" | "forget"> => {
  const record = Effect.fnUntraced(function* (key: Key) {
    const bytes = yield* shelf.read(key)
    if (Option.isNone(bytes)) return Option.none()
    const found = decodeRecord(key, bytes.value)
    if (Option.isNone(found)) yield* shelf.putAside(key)
    return found
  })

  // Log and provenance are not asked for: they are for people, and losing them costs no computation.
  const lostOutput = Effect.fnUntraced(function* (candidate: CacheRecord) {
    for (const output of candidate.outputs) if (!(yield* has(output.digest))) return output
    return undefined
  })

  const publish = Effect.fnUntraced(function* (key: Key, candidate: CacheRecord) {
    const lost = yield* lostOutput(candidate)
    if (lost !== undefined) return yield* new CacheError({ reason: "Missing", what: lost.digest })
    const bytes = encodeRecord(key, candidate)
    if (yield* shelf.create(key, bytes)) return candidate
    const first = yield* record(key)
    if (Option.isSome(first) && (yield* lostOutput(first.value)) === undefined) return first.value
    yield* shelf.replace(key, bytes)
    return candidate
  })

  return { record, publish, forget: shelf.remove }
}
