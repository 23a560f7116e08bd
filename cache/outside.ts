// Opens a file from outside the store, which may be anything. The path is looked at first, opened without blocking,
// and looked at again: a pipe, a device or a folder is refused before a byte is read. Knows nothing about where the
// bytes go.
import { constants, statSync, type Stats } from "node:fs"
import { open, type FileHandle } from "node:fs/promises"
import { Effect, type Scope } from "effect"
import { attempt, attemptPromise, kindOfNonFile, systemCode } from "./system-error.ts"
import { look, seenIn, type Seen } from "./memo.ts"
import { CacheError } from "./store.ts"

/** A file from outside that is open for reading. */
export interface Outside {
  readonly path: string
  readonly file: FileHandle
  /** What was seen of the file before it was read. */
  readonly seen: Seen
}

/** Looks at a file from outside without opening it. */
export const lookOutside = (path: string): Effect.Effect<Seen, CacheError> =>
  Effect.suspend(() => {
    // Node refuses a name with a NUL, so the system cannot say that there is no such file.
    if (path.includes("\0")) return Effect.fail(new CacheError({ reason: "Missing", what: path }))
    return Effect.flatMap(
      asked(
        path,
        attempt(path, () => statSync(path)),
      ),
      (stat) => taken(path, stat),
    )
  })

/** Opens a file from outside until the scope closes. */
export const openOutside = (path: string): Effect.Effect<Outside, CacheError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* lookOutside(path) // opening a device may move it, and opening a pipe unblocks its writer
    // Another thing may have taken the file's place since. O_NONBLOCK: opening a pipe would wait for its other end.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
    const file = yield* Effect.acquireRelease(
      asked(
        path,
        attemptPromise(path, () => open(path, flags)),
      ),
      (opened) => Effect.promise(() => opened.close()),
    )
    const stat = yield* asked(
      path,
      attemptPromise(path, () => file.stat()),
    )
    return { path, file, seen: yield* taken(path, stat) }
  })

/**
 * Reads a file and returns what `read` found. A mix of two states of a file is no state of the file (bazel#3360: this
 * happened once in three weeks, and then for everybody). Therefore it fails with `Changing` if the file, or the file at
 * its path, is no longer as it was seen before.
 */
export const readUnchanged = <A extends { readonly size: number }>(
  { path, file, seen }: Outside,
  read: () => Promise<A>,
): Effect.Effect<A, CacheError> =>
  Effect.gen(function* () {
    const found = yield* attemptPromise(path, read).pipe(
      Effect.mapError((error) => (isRead(error.cause) ? unreadable(path, error.cause) : error)),
    )
    const now = yield* attemptPromise(path, async () => [look(path), seenIn(await file.stat())])
    if (now.every((each) => each?.stamp === seen.stamp) && found.size === seen.size) return found
    return yield* new CacheError({ reason: "Changing", what: path })
  })

// Of all system calls of a copy, only "read" concerns the outside file.
const isRead = (cause: unknown): boolean => cause instanceof Error && "syscall" in cause && cause.syscall === "read"

const taken = (path: string, stat: Stats): Effect.Effect<Seen, CacheError> =>
  stat.isFile()
    ? Effect.succeed(seenIn(stat))
    : Effect.fail(new CacheError({ reason: "NotAFile", what: path, cause: new Error(kindOfNonFile(stat)) }))

// "Missing" and "Exhausted" are passed on, because they do not mean that the file is unreadable.
const asked = <A>(path: string, answer: Effect.Effect<A, CacheError>): Effect.Effect<A, CacheError> =>
  Effect.mapError(answer, (error) => {
    if (error.reason === "Missing" || error.reason === "Exhausted") return error
    if (systemCode(error.cause) === "ENOTDIR") return new CacheError({ reason: "Missing", what: path })
    return unreadable(path, error.cause)
  })

const unreadable = (what: string, cause: unknown): CacheError => new CacheError({ reason: "Unreadable", what, cause })
