// The inside of a store on disk, for tests that work behind its back: where its files are, and a short life of it.
import { closeSync, openSync, writeSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { Store } from "../../cache/store.ts"

export const blobPath = (directory: string, digest: Digest) =>
  join(directory, "blobs", digest.slice(0, 2), digest.slice(2))
export const recordPath = (directory: string, key: Key) => join(directory, "records", key.slice(0, 2), key.slice(2))

/** Writes inside a file without making a new one. */
export const overwrite = (path: string, at: number, bytes: Uint8Array) => {
  const file = openSync(path, "r+")
  writeSync(file, bytes, 0, bytes.length, at)
  closeSync(file)
}
export const memoPath = (directory: string) => join(directory, "memo.tsv")

/** One life of a store in a directory: opened, used, closed. */
export const live = <A, E>(directory: string, use: (store: Store["Service"]) => Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    return yield* use(yield* Store)
  }).pipe(Effect.provide(diskLayer(directory)))
