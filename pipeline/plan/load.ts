// Loads a spec from a path, and its nodes from the spec. Everything that can be wrong with a spec file ends here as one
// SpecError, which names the file and the line. Knows nothing about keys, the store, and how nodes run.
import { statSync } from "node:fs"
import { dirname, relative, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { Effect, Option } from "effect"
import { kindOfNonFile } from "../../cache/system-error.ts"
import { PlanError, SpecError } from "../error.ts"
import { plan, type Plan } from "./plan.ts"
import type { AnyStage } from "../node.ts"
import type { Built, Spec } from "../spec.ts"
import { isA, messageIn, read, stackIn } from "../text/thrown.ts"
import { sizeIn } from "../text/amount.ts"

export interface Loaded {
  /** Relative to the working directory. */
  readonly path: string
  readonly module: string
  /** In the form that --set takes. */
  readonly settings: { readonly [name: string]: string }
  readonly built: Built
  readonly plan: Plan
}

/**
 * Imports a spec file, builds its nodes under the settings, orders them, and checks that every stage is exported by
 * name.
 */
export const load = (
  path: string,
  settings: { readonly [name: string]: string },
): Effect.Effect<Loaded, SpecError | PlanError> => catchingRejections(path, loading(path, settings))

const loading = Effect.fn("load")(function* (
  path: string,
  settings: { readonly [name: string]: string },
): Effect.fn.Return<Loaded, SpecError | PlanError> {
  const found = read(() => statSync(path)) // a path that may not be looked at counts as missing
  if (found === undefined)
    return yield* new SpecError({ reason: "NotFound", message: `There is no spec file ${path}.` })
  // Opening a pipe would wait for ever.
  if (!found.isFile())
    return yield* new SpecError({
      reason: "NotFound",
      message: `${path} is ${kindOfNonFile(found)}, but a spec is a file, such as specs/paper.ts.`,
    })
  const module = pathToFileURL(resolve(path)).href
  const loaded = yield* Effect.tryPromise({
    try: () => import(module) as Promise<{ readonly default?: Spec }>,
    catch: (cause) => doesNotLoad(`${path} does not load: ${sentence(cause, module)}`),
  })
  if (loaded.default?._tag !== "Spec") {
    return yield* new SpecError({
      reason: "NotASpec",
      message: `${path} has no default export made by spec(…). End it with: export default spec({ … })`,
    })
  }
  const spec = loaded.default
  const built = yield* attempt(() => spec.build(settings), path, module)
  const ordered = yield* attempt(() => plan(built), path, module)
  for (const node of ordered.nodes) if (node._tag === "SourceNode") node.from = dirname(resolve(path))
  const stages = new Set(ordered.nodes.flatMap((node) => (node._tag === "StageNode" ? [node.stage] : [])))
  yield* Effect.forEach(stages, checkExported, { discard: true })
  yield* Effect.forEach(stages, checkMemory, { discard: true })
  return { path: relative(process.cwd(), resolve(path)), module, settings, built, plan: ordered }
})

/** Loads a spec. A rejected promise that the spec does not await is an error of the spec, and ends nothing else. */
const catchingRejections = <A>(path: string, work: Effect.Effect<A, SpecError | PlanError>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const failed: Array<unknown> = []
      const hear = (cause: unknown): void => void failed.push(cause)
      process.on("unhandledRejection", hear)
      return { failed, hear }
    }),
    Effect.fnUntraced(function* ({ failed }) {
      const exit = yield* Effect.exit(work)
      // Node reports such a promise only after everything that could still await it has had its turn.
      yield* Effect.promise(() => new Promise((resume) => setImmediate(resume)))
      const done = yield* exit
      if (failed.length === 0) return done
      const what = sentence(failed[0], pathToFileURL(resolve(path)).href)
      return yield* doesNotLoad(
        `${path} starts a promise that fails, and does not await it: ${what}. Await it, or remove it.`,
      )
    }),
    ({ hear }) => Effect.sync(() => process.off("unhandledRejection", hear)),
  )

const attempt = <A>(make: () => A, path: string, module: string): Effect.Effect<A, SpecError | PlanError> =>
  Effect.try({
    try: make,
    catch: (cause) =>
      isA(cause, SpecError) || isA(cause, PlanError)
        ? cause
        : doesNotLoad(`${path} does not build its nodes: ${sentence(cause, module)}`),
  })

const doesNotLoad = (message: string): SpecError => new SpecError({ reason: "DoesNotLoad", message })

// A stage made inside a function could close over a value that no fingerprint sees.
const checkExported = Effect.fnUntraced(function* (stage: AnyStage): Effect.fn.Return<void, SpecError> {
  const exports = yield* Effect.promise(() => import(stage.module) as Promise<{ readonly [name: string]: unknown }>)
  if (exports[stage.name] === stage) return
  return yield* new SpecError({
    reason: "BadStage",
    message:
      `The stage ${stage.name} of ${fileURLToPath(stage.module)} is not a module-level export of that name, so ` +
      "it could capture a value that its key does not see. " +
      `Write it at the top level as: export const ${stage.name} = stage(import.meta, "${stage.name}", { … }), ` +
      "and pass values as params.",
  })
})

const checkMemory = Effect.fnUntraced(function* ({
  name,
  resources: { memory },
}: AnyStage): Effect.fn.Return<void, SpecError> {
  if (memory === undefined || Option.isSome(sizeIn(memory))) return
  return yield* new SpecError({
    reason: "BadStage",
    message:
      `The stage ${name} declares the memory ${JSON.stringify(memory)}, which is not a size. Write a number with MB ` +
      `or GB, such as memory: "500 MB".`,
  })
})

/** The message of a thrown value, with the line of the spec if the stack shows it; never the stack itself. */
export const sentence = (cause: unknown, module: string): string => {
  const message = messageIn(cause)
  const lines = stackIn(cause).split("\n")
  // The stack of a syntax error begins with its place, which may be in a file that the spec imports.
  const torn = lines[0]?.match(/^((?:file:\/\/)?\/.*):(\d+)$/)
  if (torn) {
    const file = torn[1]!.startsWith("/") ? torn[1]! : fileURLToPath(torn[1]!)
    const named = file === fileURLToPath(module) ? "" : `${relative(process.cwd(), file)}, `
    return `${message} (${named}line ${torn[2]})`
  }
  const at = lines.find((each) => each.includes(module))?.match(/:(\d+):\d+\)?$/)?.[1]
  return `${message}${at === undefined ? "" : ` (line ${at})`}`
}
