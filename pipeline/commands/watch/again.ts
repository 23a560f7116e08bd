// The processes that `watch` starts: a run, and a process that lists the data files of a spec. Each is a separate
// process, because a process never reads a module again after importing it. Knows nothing about when they start.
import { execFile, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Effect, type Scope } from "effect"

/** Flags as they were parsed. */
export interface Flags {
  readonly [name: string]: string | number | boolean | ReadonlyArray<string> | { readonly [name: string]: string }
}

export interface Again {
  readonly exit: Effect.Effect<void>
  /** Running nodes may finish, and nothing new starts. */
  readonly drain: Effect.Effect<void>
}

const launch = fileURLToPath(new URL("../../launch.mjs", import.meta.url))

/**
 * A run in our terminal. Ctrl-C reaches the run directly. If the scope closes too early, the run is stopped and
 * awaited.
 */
export const runAgain = Effect.fnUntraced(function* (
  spec: string,
  flags: Flags,
): Effect.fn.Return<Again, never, Scope.Scope> {
  const { child, exit } = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [launch, "run", spec, ...wordsOf(flags)], { stdio: "inherit" })
      const left = new Promise<void>((done) => {
        child.once("exit", () => done())
      })
      return { child, exit: Effect.promise(() => left) }
    }),
    ({ child, exit }) =>
      Effect.andThen(
        Effect.sync(() => child.kill("SIGTERM")),
        exit,
      ),
  )
  return { exit, drain: Effect.sync(() => child.kill("SIGINT")) }
})

/** The data files of a spec; undefined if the spec does not load. */
export const dataOf = (spec: string, flags: Flags): Effect.Effect<ReadonlyArray<string> | undefined> =>
  Effect.callback((resume) => {
    const child = execFile(process.execPath, [launch, "sources", spec, ...wordsOf(flags)], (failure, out) =>
      resume(
        Effect.succeed(
          failure === null ? (JSON.parse(out.trimEnd().split("\n").at(-1)!) as ReadonlyArray<string>) : undefined,
        ),
      ),
    )
    return Effect.sync(() => child.kill())
  })

/** `{ retryFailed: true, until: ["a", "b"], set: { n: "4" } }` as a person would type it. */
export const wordsOf = (flags: Flags): ReadonlyArray<string> =>
  Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (typeof value === "boolean") return value ? [flag] : []
    if (typeof value !== "object") return [`${flag}=${value}`]
    const values = Array.isArray(value) ? value : Object.entries(value).map(([key, one]) => `${key}=${one}`)
    return values.map((one) => `${flag}=${one}`)
  })
