// Which result stands under a key? The first one, as long as its bytes are there; what is lost gives way to what was
// made in its place, and that is told. Refuses to know why a node ran, and who reads what it made.
import { Effect } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { Store, type CacheError, type CacheRecord, type Stored } from "../../cache/store.ts"
import { Events } from "../event.ts"
import type { Ended } from "../executor/executor.ts"
import type { KeyParts } from "../key/key.ts"
import { isLost, publish, type Provenance } from "./provenance.ts"

/** What was made under a key before: its record, and those of its outputs that are not there, lost or dropped. */
export interface Had {
  readonly record: CacheRecord
  readonly gone: ReadonlyArray<Stored>
}

/** What stands under a key once a node was made. */
export interface Kept {
  readonly record: CacheRecord
  /** What stood there before, where that was lost and came out otherwise. */
  readonly replaced: ReadonlyArray<Digest>
}

/** Keeps what a node made under its key, beside what was there. */
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
    // Whoever holds the same bytes is looked at again as well.
    yield* askFor(yield* goneOf(replaced))
  }
  return { record, replaced: replaced.map(({ digest }) => digest) }
})

/** Those of some outputs that others do not have, or have with other bytes. */
export const differing = (outputs: ReadonlyArray<Stored>, others: ReadonlyArray<Stored>): ReadonlyArray<Stored> => {
  const digests = new Map(others.map(({ name, digest }) => [name, digest]))
  return outputs.filter(({ name, digest }) => digests.get(name) !== digest)
}

/** Those of some outputs whose bytes are not there, be they lost or dropped on purpose. */
export const goneOf = Effect.fnUntraced(function* (
  outputs: ReadonlyArray<Stored>,
): Effect.fn.Return<ReadonlyArray<Stored>, CacheError, Store> {
  const store = yield* Store
  return yield* Effect.filter(outputs, ({ digest }) => Effect.map(store.has(digest), (there) => !there))
})

/** Asks for the bytes of outputs that are gone: from here on they are missed, although they were dropped on purpose. */
export const askFor = Effect.fnUntraced(function* (
  outputs: ReadonlyArray<Pick<Stored, "digest">>,
): Effect.fn.Return<void, CacheError, Store> {
  const store = yield* Store
  for (const { digest } of outputs) yield* Effect.catchIf(store.get(digest), isLost, () => Effect.void)
})
