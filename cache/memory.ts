// A store in memory, for tests: same contract and same record bytes as on disk, but all is lost when the layer ends.
// Its control, `MemoryStore`, damages and removes blobs, as disks and people do. Knows nothing about directories.
import { Context, Effect, Layer, Option } from "effect"
import { digestOf, type Digest, type Key } from "./digest.ts"
import { decodeRecord } from "./record.ts"
import { openOutside, readUnchanged } from "./outside.ts"
import { recordsOn } from "./records.ts"
import { CacheError, Store } from "./store.ts"

/** The control of a store in memory. */
export class MemoryStore extends Context.Service<
  MemoryStore,
  {
    /** Changes the bytes of a blob without telling the store. */
    readonly damage: (digest: Digest) => Effect.Effect<void>
    /** Removes a blob without telling the store. */
    readonly drop: (digest: Digest) => Effect.Effect<void>
    /** Writes any bytes as the record of a key. */
    readonly scribble: (key: Key, bytes: Uint8Array) => Effect.Effect<void>
  }
>()("cache/MemoryStore") {}

/** Every build of the layer gives a new, empty store. */
export const memoryLayer: Layer.Layer<Store | MemoryStore> = Layer.effectContext(
  Effect.sync(() => {
    const blobs = new Map<Digest, Uint8Array>()
    const records = new Map<Key, Uint8Array>()
    const claimed = new Set<Key>()
    const dropped = new Set<Digest>()

    // Bytes are copied on the way in and out, so that no caller can change a stored blob through its own array.
    const put = (bytes: Uint8Array) =>
      Effect.sync(() => {
        const digest = digestOf(bytes)
        blobs.set(digest, Uint8Array.from(bytes))
        dropped.delete(digest)
        return digest
      })

    const get = (digest: Digest) =>
      Effect.suspend(() => {
        const bytes = blobs.get(digest)
        if (bytes === undefined || digestOf(bytes) !== digest) dropped.delete(digest)
        if (bytes === undefined) return Effect.fail(new CacheError({ reason: "Missing", what: digest }))
        if (digestOf(bytes) === digest) return Effect.succeed(Uint8Array.from(bytes))
        blobs.delete(digest)
        return Effect.fail(new CacheError({ reason: "Damaged", what: digest }))
      })

    const has = (digest: Digest) =>
      Effect.suspend(() => (blobs.has(digest) ? Effect.isSuccess(get(digest)) : Effect.succeed(false)))

    const store = Store.of({
      put,
      get,
      has,
      drop: (digest) => Effect.sync(() => void (dropped.add(digest), blobs.delete(digest))),
      dropped: (digest) => Effect.sync(() => dropped.has(digest)),
      putFile: Effect.fn("Store.putFile")(function* (path) {
        const outside = yield* openOutside(path)
        const { bytes, size } = yield* readUnchanged(outside, async () => {
          const bytes = await outside.file.readFile()
          return { bytes, size: bytes.length }
        })
        return { digest: yield* put(bytes), size }
      }, Effect.scoped),
      ...recordsOn(
        {
          read: (key) => Effect.sync(() => Option.fromUndefinedOr(records.get(key))),
          create: (key, bytes) =>
            Effect.sync(() => {
              const free = !records.has(key)
              if (free) records.set(key, bytes)
              return free
            }),
          replace: (key, bytes) => Effect.sync(() => void records.set(key, bytes)),
          remove: (key) => Effect.sync(() => records.delete(key)),
          putAside: (key) => Effect.sync(() => void records.delete(key)),
        },
        has,
      ),
      known: (key) => {
        const bytes = records.get(key)
        const record = bytes && Option.getOrUndefined(decodeRecord(key, bytes))
        return record?.outputs.every(({ digest }) => blobs.has(digest) && digestOf(blobs.get(digest)!) === digest)
          ? { outputs: record.outputs, provenance: record.provenance, seconds: record.seconds }
          : undefined
      },
      claim: (key) =>
        Effect.acquireRelease(
          Effect.sync(() => {
            const free = !claimed.has(key)
            claimed.add(key)
            return free
          }),
          (held) => Effect.sync(() => held && claimed.delete(key)),
        ),
    })

    const control = MemoryStore.of({
      damage: (digest) => Effect.sync(() => void blobs.set(digest, Buffer.from("damaged"))),
      drop: (digest) => Effect.sync(() => void blobs.delete(digest)),
      scribble: (key, bytes) => Effect.sync(() => void records.set(key, bytes)),
    })

    return Context.make(Store, store).pipe(Context.add(MemoryStore, control))
  }),
)
