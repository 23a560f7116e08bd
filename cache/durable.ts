// Publishes records that survive a power cut. Before the record is written, every blob that the record names is forced
// to the disk, even if another process wrote the blob earlier. Knows nothing about how records and blobs are written.
import { open } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect } from "effect"
import { attemptPromise } from "./system-error.ts"
import { blobsOf } from "./inventory.ts"
import { placeIn } from "./paths.ts"
import type { CacheError, Store } from "./store.ts"

/** The disk writes this many files together, four times as fast as one after another. */
const atOnce = 16

/** `publish` for the store in a directory. The record that it returns survives a power cut. */
export const durably = (directory: string, publish: Store["Service"]["publish"]): Store["Service"]["publish"] =>
  Effect.fn("Store.publishDurably")(function* (key, record) {
    yield* forceAll(directory, new Set(blobsOf(record).map(({ digest }) => placeIn(directory, "blobs", digest))))
    const kept = yield* publish(key, record)
    // The record is forced after it has its name. If a power cut tears it before, the torn record counts as none.
    yield* forceAll(directory, [placeIn(directory, "records", key)])
    return kept
  })

/** Forces files to the disk, and the directories that hold their names. */
const forceAll = Effect.fnUntraced(function* (
  directory: string,
  files: Iterable<string>,
): Effect.fn.Return<void, CacheError> {
  const paths = [...files]
  const folders = new Set(paths.flatMap((path) => [dirname(path), dirname(dirname(path)), directory]))
  yield* Effect.forEach([...paths, ...folders], (path) => attemptPromise(path, () => force(path)), {
    concurrency: atOnce,
    discard: true,
  })
})

/** Returns when a file, or the names in a directory, are on the disk. */
export const force = async (path: string): Promise<void> => {
  const file = await open(path, "r")
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
