// What did the system answer? The one place where errors of the operating system become CacheErrors; anything
// else that is thrown is a bug and stays a defect. Knows nothing of what is read or written.
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

/** Whether something is what the system answered, and no bug. */
export const isAnswer = (cause: unknown): boolean => cause instanceof CacheError || systemCode(cause) !== undefined

/** What is at a path, be it a link; undefined where nothing is, also below a file. */
export const stateOf = (path: string): Stats | undefined => {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    if (systemCode(cause) !== "ENOTDIR") throw cause
    return undefined
  }
}

/** What it is that is no file. */
export const formOf = (stat: Stats): string => {
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

/** Fails where the directory of a store has gone: it must not come to be anew piece by piece, beside the real one. */
export const present = (directory: string): Effect.Effect<void, CacheError> =>
  Effect.suspend(() =>
    existsSync(directory) ? Effect.void : Effect.fail(new CacheError({ reason: "Gone", what: directory })),
  )

/** What a store does to keep in order, and is as well without where the system does not allow it. */
export const ifAllowed = (change: Effect.Effect<void, CacheError>): Effect.Effect<void, CacheError> =>
  Effect.catchIf(
    change,
    ({ reason }) => reason === "Denied",
    () => Effect.void,
  )

/** A synchronous call of the system, on behalf of `what`. */
export const attempt = <A>(what: string, call: () => A): Effect.Effect<A, CacheError> =>
  Effect.try({ try: call, catch: (cause) => cause }).pipe(Effect.catch(convert(what)))

/** The same for a promise. It is not interrupted half-way: an orphan would go on writing behind the caller's back. */
export const attemptPromise = <A>(what: string, call: () => Promise<A>): Effect.Effect<A, CacheError> =>
  Effect.tryPromise({ try: call, catch: (cause) => cause }).pipe(Effect.catch(convert(what)), Effect.uninterruptible)
