// What is still there after a power cut? A record that is published durably: every blob that it names is forced to
// the disk before it is written, whoever wrote the blob and when. Knows nothing of how either is written.
import { open } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect } from "effect"
import { attemptPromise } from "./system-error.ts"
import { blobsOf } from "./inventory.ts"
import { placeIn } from "./paths.ts"
import type { CacheError, Store } from "./store.ts"

/** As many at once let the disk write them together: four times as fast as one after another. */
const atOnce = 16

/** `publish` for the store in a directory, so that what it returns outlives the power. */
export const durably = (directory: string, publish: Store["Service"]["publish"]): Store["Service"]["publish"] =>
  Effect.fn("Store.publishDurably")(function* (key, record) {
    yield* forceAll(directory, new Set(blobsOf(record).map(({ digest }) => placeIn(directory, "blobs", digest))))
    const kept = yield* publish(key, record)
    // After it has its name: a record that is torn by then counts as none.
    yield* forceAll(directory, [placeIn(directory, "records", key)])
    return kept
  })

/** Files, and the names by which they are found. */
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

/** Returns once a file, or the names in a directory, are on the disk. */
export const force = async (path: string): Promise<void> => {
  const file = await open(path, "r")
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
