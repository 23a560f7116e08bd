// A store in a directory: blobs, records, leases, a quarantine for damaged files, and a memo of verified files. Any
// number of processes may use the store at once. A crash at any line leaves a file missing, never wrong. Knows nothing
// of what the bytes mean.
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
 * The store in a directory. A missing directory is made and marked; `store-directory.ts` decides whether a directory
 * may be a store. A durable store loses no record in a power cut. A store opened with `looking` may lack the permission
 * to write or to make the directory: it stores nothing, and it updates its memo and mends files only where it may.
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

// A process that may not write leaves no lease. It needs no lease for the store itself, only for work beside the store.
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
    // Some file systems answer "no such file" when they refuse to make a directory.
    Effect.mapError((error) =>
      error.reason === "Missing" ? new CacheError({ reason: "Denied", what: directory, cause: error }) : error,
    ),
  )

// For a store that is only looked at, a missing directory counts as an empty store. An existing one must be readable.
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
    // Another process may have put the record aside already.
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
