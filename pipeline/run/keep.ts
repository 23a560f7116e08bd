// Which result belongs to a key? The first result, as long as its bytes are in the store. If bytes of the first result
// are lost, the new result replaces it, and an event reports that. Knows nothing about why a node ran, or which nodes
// read its outputs.
import { Effect } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { Store, type CacheError, type CacheRecord, type Stored } from "../../cache/store.ts"
import { Events } from "../event.ts"
import type { Ended } from "../executor/executor.ts"
import type { KeyParts } from "../key/key.ts"
import { isLost, publish, type Provenance } from "./provenance.ts"

/** The earlier result of a key: its record, and the outputs whose bytes are not in the store (lost or dropped). */
export interface Had {
  readonly record: CacheRecord
  readonly gone: ReadonlyArray<Stored>
}

/** The result that belongs to a key after a node was made. */
export interface Kept {
  readonly record: CacheRecord
  /** The digests of earlier outputs that were lost and that the new result replaces with other bytes. */
  readonly replaced: ReadonlyArray<Digest>
}

/** Keeps the result of a node under its key, together with any earlier result. */
export const keep = Effect.fnUntraced(function* (
  node: string,
  { key, parts, had }: { readonly key: Key; readonly parts: KeyParts; readonly had?: Had },
  ended: Ended,
  outputs: ReadonlyArray<Stored>,
  whole: Pick<Provenance, "pieces" | "accepted"> & Pick<CacheRecord, "code"> = {},
): Effect.fn.Return<Kept, CacheError, Store | Events> {
  const events = yield* Events
  const replaces = had === undefined || had.gone.length === 0 ? [] : differing(had.record.outputs, outputs)
  const record = yield* publish(node, key, parts, ended, outputs, {
    ...whole,
    ...(replaces.length > 0 && { replaces }),
  })
  const others = differing(outputs, record.outputs)
  if (others.length > 0) yield* events.tell({ _tag: "ResultDiffers", node, outputs: others.map(({ name }) => name) })
  const replaced = had === undefined ? [] : differing(had.record.outputs, record.outputs)
  if (replaced.length > 0) {
    yield* events.tell({ _tag: "ResultReplaced", node, outputs: replaced.map(({ name }) => name) })
    // Other nodes that hold the same bytes are checked again as well.
    yield* markAsNeeded(yield* goneOf(replaced))
  }
  return { record, replaced: replaced.map(({ digest }) => digest) }
})

/** The outputs that are missing in `others`, or have other bytes there. */
export const differing = (outputs: ReadonlyArray<Stored>, others: ReadonlyArray<Stored>): ReadonlyArray<Stored> => {
  const digests = new Map(others.map(({ name, digest }) => [name, digest]))
  return outputs.filter(({ name, digest }) => digests.get(name) !== digest)
}

/** The outputs whose bytes are not in the store, either lost or dropped on purpose. */
export const goneOf = Effect.fnUntraced(function* (
  outputs: ReadonlyArray<Stored>,
): Effect.fn.Return<ReadonlyArray<Stored>, CacheError, Store> {
  const store = yield* Store
  return yield* Effect.filter(outputs, ({ digest }) => Effect.map(store.has(digest), (there) => !there))
})

/**
 * Asks the store for the bytes of missing outputs. After this call the bytes count as lost, even if gc dropped them on
 * purpose.
 */
export const markAsNeeded = Effect.fnUntraced(function* (
  outputs: ReadonlyArray<Pick<Stored, "digest">>,
): Effect.fn.Return<void, CacheError, Store> {
  const store = yield* Store
  for (const { digest } of outputs) yield* Effect.catchIf(store.get(digest), isLost, () => Effect.void)
})
