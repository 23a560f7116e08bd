// Turns errors of the operating system into CacheErrors. Anything else that is thrown is a bug and stays a defect.
// Knows nothing about what is read or written.
import { existsSync, lstatSync, type Stats } from "node:fs"
import { Effect } from "effect"
import { CacheError, type CacheReason } from "./store.ts"

const reasons: Readonly<Record<string, CacheReason>> = {
  ENOENT: "Missing",
  EACCES: "Denied",
  EPERM: "Denied",
  EROFS: "Denied",
  // A file where a directory must be.
  ENOTDIR: "Denied",
  EEXIST: "Denied",
  ENOSPC: "Full",
  EDQUOT: "Full",
  EFBIG: "Full",
  EMFILE: "Exhausted",
  ENFILE: "Exhausted",
}

/** The code of a system error (`ENOENT`); undefined for anything else. */
export const systemCode = (cause: unknown): string | undefined =>
  cause instanceof Error && "syscall" in cause && "code" in cause ? String(cause.code) : undefined

/** Whether an error comes from the system or the store, and is not a bug. */
export const isSystemError = (cause: unknown): boolean => cause instanceof CacheError || systemCode(cause) !== undefined

/** The state of a path, without following a link. Undefined if nothing is there, also if a parent is a file. */
export const stateOf = (path: string): Stats | undefined => {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    if (systemCode(cause) !== "ENOTDIR") throw cause
    return undefined
  }
}

/** The name of a thing that is not a regular file. */
export const kindOfNonFile = (stat: Stats): string => {
  if (stat.isDirectory()) return "a folder"
  if (stat.isFIFO()) return "a pipe"
  return stat.isSocket() ? "a socket" : "a device"
}

const convert =
  (what: string) =>
  (cause: unknown): Effect.Effect<never, CacheError> => {
    if (cause instanceof CacheError) return Effect.fail(cause)
    const code = systemCode(cause)
    if (code === undefined) return Effect.die(cause)
    return Effect.fail(new CacheError({ reason: reasons[code] ?? "Unavailable", what, cause }))
  }

/** Fails if the directory of a store has vanished: writes must not make a second, partial store in its place. */
export const present = (directory: string): Effect.Effect<void, CacheError> =>
  Effect.suspend(() =>
    existsSync(directory) ? Effect.void : Effect.fail(new CacheError({ reason: "Gone", what: directory })),
  )

/** Makes a change that keeps a store in order, and skips it if the system does not allow it. */
export const ifAllowed = (change: Effect.Effect<void, CacheError>): Effect.Effect<void, CacheError> =>
  Effect.catchIf(
    change,
    ({ reason }) => reason === "Denied",
    () => Effect.void,
  )

/** Makes a synchronous system call. Its errors name `what`. */
export const attempt = <A>(what: string, call: () => A): Effect.Effect<A, CacheError> =>
  Effect.try({ try: call, catch: (cause) => cause }).pipe(Effect.catch(convert(what)))

/**
 * The same for a promise. It cannot be interrupted: an abandoned call would go on writing after its caller has ended.
 */
export const attemptPromise = <A>(what: string, call: () => Promise<A>): Effect.Effect<A, CacheError> =>
  Effect.tryPromise({ try: call, catch: (cause) => cause }).pipe(Effect.catch(convert(what)), Effect.uninterruptible)
