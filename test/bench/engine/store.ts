// What the store itself costs: many small blobs, and one big one.
import { createHash, randomBytes } from "node:crypto"
import { createReadStream, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { diskLayer } from "../../../cache/disk.ts"
import { Store } from "../../../cache/store.ts"

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** Seconds to write and read as many blobs of 1 KiB. */
export const smallBlobs = (directory: string, count: number): Promise<number> => {
  const blobs = Array.from({ length: count }, () => randomBytes(1024))
  const work = Effect.gen(function* () {
    const store = yield* Store
    const digests = yield* Effect.forEach(blobs, store.put)
    yield* Effect.forEach(digests, store.get, { discard: true })
  })
  return timed(() => Effect.runPromise(Effect.provide(work, diskLayer(directory))))
}

/** The speed at which a file of 1 GiB is stored, as a part of the speed at which it is only hashed. */
export const bigBlob = async (directory: string, name: string): Promise<number> => {
  const file = join(directory, name)
  const piece = randomBytes(1 << 20)
  writeFileSync(file, "")
  for (let i = 0; i < 1024; i++) writeFileSync(file, piece, { flag: "a" })
  const hashing = await timed(async () => {
    const hash = createHash("sha256")
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>)
      hash.update(chunk)
    hash.digest("hex")
  })
  const storing = await timed(() =>
    Effect.runPromise(
      Effect.provide(
        Effect.flatMap(Store, (store) => store.putFile(file)),
        diskLayer(join(directory, `${name}.store`)),
      ),
    ),
  )
  return hashing / storing
}
