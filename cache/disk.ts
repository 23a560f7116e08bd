// A store in a directory: blobs, records, leases, what was found damaged, and a memo of what was verified. Any
// number of processes may use it at once, and a crash at any line leaves "not there", never "wrong".
import { accessSync, constants, existsSync, rmSync } from "node:fs"
import { join } from "node:path"
import { Effect, Layer, Option } from "effect"
import { createNew, makeDirectory, replace, settle } from "./atomic.ts"
import { blobsIn } from "./blobs.ts"
import { attempt, ifAllowed, present } from "./system-error.ts"
import { claimIn } from "./claim.ts"
import type { Key } from "./digest.ts"
import { durably } from "./durable.ts"
import { rememberedIn } from "./known-records.ts"
import { openMemo } from "./memo.ts"
import { asideIn, placeIn } from "./paths.ts"
import { recordsOn, type Shelf } from "./records.ts"
import { mark } from "./store-directory.ts"
import { readRegular } from "./regular.ts"
import { CacheError, Store } from "./store.ts"

/**
 * The store in a directory, which is made and marked if it is missing; whether it may be one tells standing.ts. A
 * durable one loses no record to a power cut. One that only looks may not be allowed to write, or to make it: it stores
 * nothing, and remembers and mends what it may.
 */
export const diskLayer = (
  directory: string,
  { durable = false, looking = false } = {},
): Layer.Layer<Store, CacheError> =>
  Layer.effect(
    Store,
    Effect.gen(function* () {
      const claims = join(directory, "claims")
      if (looking) yield* visit(directory)
      else {
        yield* prepare(directory)
        yield* mark(directory)
        for (const needed of [join(directory, "blobs"), claims]) yield* prepare(needed)
      }
      const memo = yield* Effect.acquireRelease(
        attempt(directory, () => openMemo(join(directory, "memo.tsv"))),
        (memo) => Effect.sync(memo.close),
      )
      const blobs = blobsIn(directory, memo, looking)
      const { record, publish, forget } = recordsOn(shelfIn(directory, looking), blobs.has)
      const records = rememberedIn(memo, (key) => placeIn(directory, "records", key), blobs.isVerified, {
        record,
        publish: durable ? durably(directory, publish) : publish,
      })
      const claim = claimIn(claims)
      return Store.of({ ...blobs, ...records, forget, claim: looking ? claimedIfAllowed(claim) : claim })
    }),
  )

// Who may not write leaves no lease, and has no need of one in the store: it is for what one does beside it.
const claimedIfAllowed =
  (claim: Store["Service"]["claim"]): Store["Service"]["claim"] =>
  (key) =>
    Effect.catchIf(
      claim(key),
      ({ reason }) => reason === "Denied",
      () => Effect.succeed(true),
    )

const prepare = (directory: string): Effect.Effect<void, CacheError> =>
  attempt(directory, () => {
    makeDirectory(directory)
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  }).pipe(
    // Some file systems answer "no such file" to a directory that they refuse to make.
    Effect.mapError((error) =>
      error.reason === "Missing" ? new CacheError({ reason: "Denied", what: directory, cause: error }) : error,
    ),
  )

// What is not there is as good as an empty store to one that looks. What is there must be readable.
const visit = (directory: string): Effect.Effect<void, CacheError> =>
  attempt(directory, () => {
    if (existsSync(directory)) accessSync(`${directory}/.`, constants.R_OK | constants.X_OK)
  }).pipe(Effect.mapError(({ cause }) => new CacheError({ reason: "Unavailable", what: directory, cause })))

const shelfIn = (directory: string, looking: boolean): Shelf => {
  const pathOf = (key: Key) => placeIn(directory, "records", key)
  return {
    read: (key) =>
      attempt(key, () => Option.some(readRegular(pathOf(key)))).pipe(
        Effect.catchIf(
          (error) => error.reason === "Missing",
          () => Effect.succeed(Option.none()),
        ),
      ),
    create: (key, bytes) =>
      Effect.andThen(
        present(directory),
        attempt(key, () => createNew(pathOf(key), bytes)),
      ),
    replace: (key, bytes) => attempt(key, () => replace(pathOf(key), bytes)),
    remove: (key) =>
      attempt(key, () => rmSync(pathOf(key))).pipe(
        Effect.as(true),
        Effect.catchIf(
          (error) => error.reason === "Missing",
          () => Effect.succeed(false),
        ),
      ),
    // Another process may have done so already.
    putAside: (key) => {
      const aside = attempt(key, () => settle(pathOf(key), asideIn(directory, `${key}.record`)))
      const mended = looking ? ifAllowed(aside) : aside
      return mended.pipe(
        Effect.catchIf(
          (error) => error.reason === "Missing",
          () => Effect.void,
        ),
      )
    },
  }
}
