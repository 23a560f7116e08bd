// Keeps the blobs of a store on a disk: files under `blobs/`, written in one step and verified when they are read. A
// file that does not have its digest is moved to `quarantine/`. Knows nothing about records, leases or other processes.
import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { Clock, Effect, identity } from "effect"
import { createNew, remove, replace, settle, temporaryFor } from "./atomic.ts"
import { attempt, attemptPromise, ifAllowed, present } from "./system-error.ts"
import { digestOf, type Digest } from "./digest.ts"
import { look, type Memo, type Seen } from "./memo.ts"
import { lookOutside, openOutside, readUnchanged, type Outside } from "./outside.ts"
import { asideIn, incoming, placeIn } from "./paths.ts"
import { copy, digestOutside, readBig, readSmall, scan } from "./scan.ts"
import { CacheError, type Store } from "./store.ts"

/** A file of up to this many bytes is read and written in one blocking call; a larger file without blocking. */
const small = 1 << 20
/** A blob never changes after it is written. */
const readOnly = 0o444
/** The memo's text for a verified blob. It can be empty, because the blob's name is its digest. */
const verified = ""

/** The methods of a store that concern blobs. */
interface Blobs extends Pick<Store["Service"], "put" | "putFile" | "get" | "has" | "drop" | "dropped"> {
  /**
   * Whether a blob's file is unchanged since its last verification. Also false if only reading the file could tell.
   * Throws the system's error.
   */
  readonly isVerified: (digest: Digest) => boolean
}

/**
 * The blobs of a store in a directory. With `looking`, nothing is stored: `put` and `putFile` only return the digest.
 */
export const blobsIn = (directory: string, memo: Memo, looking = false): Blobs => {
  const pathOf = (digest: Digest) => placeIn(directory, "blobs", digest)
  const markOf = (digest: Digest) => placeIn(directory, "dropped", digest)

  const mending = looking ? ifAllowed : identity

  const dropped = (digest: Digest) => attempt(digest, () => existsSync(markOf(digest)))
  const drop = (digest: Digest) =>
    attempt(digest, () => {
      // The mark is written first: after a crash between the two calls there is a mark and also the blob, which is
      // harmless.
      createNew(markOf(digest), "")
      remove(pathOf(digest))
    })
  /** After this call, a missing blob counts as lost and no longer as dropped. */
  const want = (digest: Digest) => mending(attempt(digest, () => remove(markOf(digest))))

  /**
   * Whether the bytes that were read have the digest that names the file. If not, the file is moved to the quarantine.
   */
  const judge = Effect.fnUntraced(function* (digest: Digest, seen: Seen, actual: Digest) {
    if (actual === digest) {
      memo.remember(digest, verified, seen, yield* Clock.currentTimeMillis)
      return true
    }
    // If another process has written a good blob here since our read, the good blob is moved: missing, but never wrong.
    const aside = attempt(digest, () => settle(pathOf(digest), asideIn(directory, digest)))
    yield* mending(aside).pipe(Effect.catchIf(isMissing, () => Effect.void))
    yield* want(digest)
    return false
  })

  const verify = (digest: Digest, seen: Seen) => {
    const path = pathOf(digest)
    const actual =
      seen.size <= small
        ? attempt(digest, () => readSmall(path).digest)
        : Effect.map(
            attemptPromise(digest, () => scan(path)),
            (found) => found.digest,
          )
    return actual.pipe(
      Effect.flatMap((actual) => judge(digest, seen, actual)),
      Effect.catchIf(isMissing, () => Effect.succeed(false)),
    )
  }

  const has = (digest: Digest) =>
    Effect.flatMap(
      attempt(digest, () => look(pathOf(digest))),
      (seen) => {
        if (seen === undefined) return Effect.succeed(false)
        return memo.recall(digest, seen) === verified ? Effect.succeed(true) : verify(digest, seen)
      },
    )

  const isVerified = (digest: Digest): boolean => {
    const seen = look(pathOf(digest))
    return seen !== undefined && memo.recall(digest, seen) === verified
  }

  const get = Effect.fnUntraced(function* (digest: Digest) {
    const path = pathOf(digest)
    const seen = yield* attempt(digest, () => look(path))
    if (seen === undefined) {
      yield* want(digest)
      return yield* new CacheError({ reason: "Missing", what: digest })
    }
    const found = yield* seen.size <= small
      ? attempt(digest, () => readSmall(path))
      : attemptPromise(digest, () => readBig(path))
    if (yield* judge(digest, seen, found.digest)) return found.bytes
    return yield* new CacheError({ reason: "Damaged", what: digest })
  })

  /** Moves a blob that this process wrote and digested to its place. */
  const take = (digest: Digest, move: (path: string) => void) =>
    attempt(digest, () => {
      move(pathOf(digest))
      remove(markOf(digest))
      const seen = look(pathOf(digest))
      if (seen !== undefined) memo.rememberOwn(digest, verified, seen)
    })

  const put = Effect.fnUntraced(function* (bytes: Uint8Array) {
    const digest = digestOf(bytes)
    if (looking || (yield* has(digest))) return digest
    yield* present(directory)
    if (bytes.length <= small) {
      yield* take(digest, (path) => replace(path, bytes, readOnly))
      return digest
    }
    yield* withTemporary((temporary) =>
      Effect.andThen(
        attemptPromise(digest, () => writeFile(temporary, bytes, { mode: readOnly })),
        take(digest, (path) => settle(temporary, path)),
      ),
    )
    return digest
  })

  const putFile = Effect.fn("Store.putFile")(function* (path: string) {
    const source = resolve(path)
    const before = yield* lookOutside(source)
    const known = memo.recall(source, before) as Digest | undefined
    if (known !== undefined && (looking || (yield* has(known)))) return { digest: known, size: before.size }

    const file = yield* openOutside(source)
    const blob = yield* looking ? readUnchanged(file, () => digestOutside(file)) : takeIn(file)
    memo.remember(source, blob.digest, file.seen, yield* Clock.currentTimeMillis)
    return blob
  }, Effect.scoped)

  const takeIn = (file: Outside) =>
    Effect.andThen(
      present(directory),
      withTemporary(
        Effect.fnUntraced(function* (temporary) {
          const blob = yield* readUnchanged(file, () => copy(file, temporary, readOnly))
          // An existing blob stays: a new inode would make every other process's memory of the blob invalid.
          if (!(yield* has(blob.digest))) yield* take(blob.digest, (place) => settle(temporary, place))
          return blob
        }),
      ),
    )

  /** Gives a temporary name for incoming bytes. No file of this name is left at the end, also after a failure. */
  const withTemporary = <A>(use: (temporary: string) => Effect.Effect<A, CacheError>) =>
    Effect.acquireUseRelease(
      Effect.sync(() => temporaryFor(join(directory, "blobs", incoming))),
      use,
      (temporary) => Effect.ignore(attempt(temporary, () => remove(temporary))),
    )

  return { put, putFile, get, has, isVerified, drop, dropped }
}

const isMissing = (error: CacheError): boolean => error.reason === "Missing"
