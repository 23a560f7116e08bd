// How is a file opened that is not ours, whatever it is? It is looked at first, opened so that nothing waits, and
// looked at again: a pipe, a device or a folder is refused before a byte is read. Knows nothing of where bytes go.
import { constants, statSync, type Stats } from "node:fs"
import { open, type FileHandle } from "node:fs/promises"
import { Effect, type Scope } from "effect"
import { attempt, attemptPromise, formOf, systemCode } from "./system-error.ts"
import { look, seenIn, type Seen } from "./memo.ts"
import { CacheError } from "./store.ts"

/** A file that is open for reading. */
export interface Outside {
  readonly path: string
  readonly file: FileHandle
  /** What was seen of it before it was read. */
  readonly seen: Seen
}

/** Looks at a file from outside without opening it. */
export const lookOutside = (path: string): Effect.Effect<Seen, CacheError> =>
  Effect.suspend(() => {
    // Node refuses the name before the system can say that there is no such file.
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
    yield* lookOutside(path) // to open a device may move it, and to open a pipe lets its writer go
    // What came in its place since does not block either: one end of a pipe waits for the other.
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
 * Reads a file and says what was read. Two halves of two states are neither (bazel#3360: once in three weeks, and then
 * for everybody), so it fails where the file, or its path, is not as it was seen before.
 */
export const wholly = <A extends { readonly size: number }>(
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

// Of all that a copy asks of the system, only this is asked of the file itself.
const isRead = (cause: unknown): boolean => cause instanceof Error && "syscall" in cause && cause.syscall === "read"

const taken = (path: string, stat: Stats): Effect.Effect<Seen, CacheError> =>
  stat.isFile()
    ? Effect.succeed(seenIn(stat))
    : Effect.fail(new CacheError({ reason: "NotAFile", what: path, cause: new Error(formOf(stat)) }))

// The system's own troubles are told as such: they are not the file's.
const asked = <A>(path: string, answer: Effect.Effect<A, CacheError>): Effect.Effect<A, CacheError> =>
  Effect.mapError(answer, (error) => {
    if (error.reason === "Missing" || error.reason === "Exhausted") return error
    if (systemCode(error.cause) === "ENOTDIR") return new CacheError({ reason: "Missing", what: path })
    return unreadable(path, error.cause)
  })

const unreadable = (what: string, cause: unknown): CacheError => new CacheError({ reason: "Unreadable", what, cause })
