// Decides which record of a key is valid: the first one whose outputs are there. The rules are the same for every
// store, and work on any place that keeps small files. Knows nothing about how files or blobs are kept.
import { Effect, Option } from "effect"
import type { Key } from "./digest.ts"
import { decodeRecord, encodeRecord } from "./record.ts"
import { CacheError, type CacheRecord, type Store } from "./store.ts"

/** The place that keeps the bytes of records. */
export interface Shelf {
  readonly read: (key: Key) => Effect.Effect<Option.Option<Uint8Array>, CacheError>
  /** Writes if the key has no record yet. Returns whether it wrote. */
  readonly create: (key: Key, bytes: Uint8Array) => Effect.Effect<boolean, CacheError>
  readonly replace: (key: Key, bytes: Uint8Array) => Effect.Effect<void, CacheError>
  /** Returns whether there was a record. */
  readonly remove: (key: Key) => Effect.Effect<boolean, CacheError>
  /** Moves bytes that are no record out of the way. */
  readonly putAside: (key: Key) => Effect.Effect<void, CacheError>
}

/** The methods of a store that concern records. */
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

  // Log and provenance are not checked: they are for people, and their loss costs no computation.
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
