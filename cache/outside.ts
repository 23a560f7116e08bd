// How is a file opened that is not ours, whatever it is? It is looked at first, opened so that nothing waits, and
// looked at again: a pipe, a device or a folder is refused before a byte is read. Knows nothing of where bytes go.
import { constants, statSync, type Stats } from "node:fs"
import { open, type FileHandle } from "node:fs/promises"
import { Effect, type Scope } from "effect"
import { attempt, attemptPromise, systemCode } from "./border.ts"
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
    return Effect.flatMap(asked(path, attempt(path, () => statSync(path))), (stat) => taken(path, stat))
  })

/** Opens a file from outside until the scope closes. */
export const openOutside = (path: string): Effect.Effect<Outside, CacheError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* lookOutside(path) // to open a device may move it, and to open a pipe lets its writer go
    // What came in its place since does not block either: one end of a pipe waits for the other.
    const file = yield* Effect.acquireRelease(
      asked(path, attemptPromise(path, () => open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY))),
      (opened) => Effect.promise(() => opened.close()),
    )
    return { path, file, seen: yield* Effect.flatMap(asked(path, attemptPromise(path, () => file.stat())), (stat) => taken(path, stat)) }
  })

/** Tells what the system answers to a read as trouble of the file, all else as trouble of where it goes. */
export const reading = <A>({ path }: Outside, read: Effect.Effect<A, CacheError>): Effect.Effect<A, CacheError> =>
  Effect.mapError(read, (error) => (isRead(error.cause) ? new CacheError({ reason: "Unreadable", what: path, cause: error.cause }) : error))

const isRead = (cause: unknown): boolean => cause instanceof Error && "syscall" in cause && cause.syscall === "read"

/** Fails where an open file, or its path, is not as it was seen before it was read, or where other bytes were read. */
export const unchanged = ({ path, file, seen }: Outside, read: number): Effect.Effect<void, CacheError> =>
  Effect.flatMap(attemptPromise(path, async () => [look(path), seenIn(await file.stat())]), (now) =>
    now.every((each) => each?.stamp === seen.stamp) && read === seen.size ? Effect.void : Effect.fail(new CacheError({ reason: "Changing", what: path })),
  )

const taken = (path: string, stat: Stats): Effect.Effect<Seen, CacheError> =>
  stat.isFile() ? Effect.succeed(seenIn(stat)) : Effect.fail(new CacheError({ reason: "NotAFile", what: path, cause: new Error(kindOf(stat)) }))

const kindOf = (stat: Stats): string => {
  if (stat.isDirectory()) return "a folder"
  if (stat.isFIFO()) return "a pipe"
  return stat.isSocket() ? "a socket" : "a device"
}

// The system's own troubles are told as such: they are not the file's.
const asked = <A>(path: string, answer: Effect.Effect<A, CacheError>): Effect.Effect<A, CacheError> =>
  Effect.mapError(answer, (error) => {
    if (error.reason === "Missing" || error.reason === "Exhausted") return error
    return new CacheError({ reason: systemCode(error.cause) === "ENOTDIR" ? "Missing" : "Unreadable", what: path, cause: error.cause })
  })
