// Where are the bytes of a digest on a disk? Files under `blobs/`, written in one step, verified when read; what
// does not have its digest is moved to `quarantine/`. Knows nothing of records, leases or other processes.
import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { Clock, Effect, identity } from "effect"
import { createNew, remove, replace, settle, temporaryFor } from "./atomic.ts"
import { attempt, attemptPromise, ifAllowed, present } from "./system-error.ts"
import { digestOf, type Digest } from "./digest.ts"
import { look, type Memo, type Seen } from "./memo.ts"
import { lookOutside, openOutside, wholly, type Outside } from "./outside.ts"
import { asideIn, incoming, placeIn } from "./paths.ts"
import { copy, digestOutside, readBig, readSmall, scan } from "./scan.ts"
import { CacheError, type Store } from "./store.ts"

/** Up to this many bytes a file is read and written in one blocking call; above, without blocking. */
const small = 1 << 20
/** A blob never changes once it is there. */
const readOnly = 0o444
/** What the memo says of a blob: its name is its digest. */
const verified = ""

/** The half of a store that concerns blobs. */
interface Blobs extends Pick<Store["Service"], "put" | "putFile" | "get" | "has" | "drop" | "dropped"> {
  /**
   * Whether a blob is as it was when it was verified; false also where that wants a look inside. Throws what the system
   * answers.
   */
  readonly isVerified: (digest: Digest) => boolean
}

/** The blobs of a store kept in a directory. One that only looks stores nothing: it says what the digest would be. */
export const blobsIn = (directory: string, memo: Memo, looking = false): Blobs => {
  const pathOf = (digest: Digest) => placeIn(directory, "blobs", digest)
  const markOf = (digest: Digest) => placeIn(directory, "dropped", digest)

  const mending = looking ? ifAllowed : identity

  const dropped = (digest: Digest) => attempt(digest, () => existsSync(markOf(digest)))
  const drop = (digest: Digest) =>
    attempt(digest, () => {
      // The mark first: a crash in between leaves a mark that says nothing while the blob is there.
      createNew(markOf(digest), "")
      remove(pathOf(digest))
    })
  /** From here on a blob that is not there is a loss. */
  const want = (digest: Digest) => mending(attempt(digest, () => remove(markOf(digest))))

  /** Whether what was read has the digest it is filed under; if not, it is out of the way afterwards. */
  const judge = Effect.fnUntraced(function* (digest: Digest, seen: Seen, actual: Digest) {
    if (actual === digest) {
      memo.remember(digest, verified, seen, yield* Clock.currentTimeMillis)
      return true
    }
    // Should another process have put a good blob here since we read, that one is moved: missing, never wrong.
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

  /** Moves a blob that we wrote and digested to its place. */
  const take = (digest: Digest, move: (path: string) => void) =>
    attempt(digest, () => {
      move(pathOf(digest))
      remove(markOf(digest))
      const seen = look(pathOf(digest))
      if (seen !== undefined) memo.vouch(digest, verified, seen)
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
    const blob = yield* looking ? wholly(file, () => digestOutside(file)) : takeIn(file)
    memo.remember(source, blob.digest, file.seen, yield* Clock.currentTimeMillis)
    return blob
  }, Effect.scoped)

  const takeIn = (file: Outside) =>
    Effect.andThen(
      present(directory),
      withTemporary(
        Effect.fnUntraced(function* (temporary) {
          const blob = yield* wholly(file, () => copy(file, temporary, readOnly))
          // One that is there stays: a new inode would void what every other process remembers of it.
          if (!(yield* has(blob.digest))) yield* take(blob.digest, (place) => settle(temporary, place))
          return blob
        }),
      ),
    )

  /** A name for bytes that are on their way in; whatever happens, nothing stays under it. */
  const withTemporary = <A>(use: (temporary: string) => Effect.Effect<A, CacheError>) =>
    Effect.acquireUseRelease(
      Effect.sync(() => temporaryFor(join(directory, "blobs", incoming))),
      use,
      (temporary) => Effect.ignore(attempt(temporary, () => remove(temporary))),
    )

  return { put, putFile, get, has, isVerified, drop, dropped }
}

const isMissing = (error: CacheError): boolean => error.reason === "Missing"
