// Gives Effect as a stage sees it. The clock, randomness and environment variables are closed in every effect that a
// stage runs itself, as they are in the effect that the stage gives. Functions that read them without an effect are
// closed too. Knows nothing about other packages.
import { Clock, ConfigProvider, Context, Logger, Random } from "effect"
import { types } from "node:util"
import { closed, WorldError } from "./closed.ts"
import { isAtWork } from "./deferred.ts"
import { words, type Closed } from "../code/names.ts"
import { isClass } from "./shared.ts"

type Namespace = { readonly [name: string]: unknown }
type Given = ReadonlyArray<unknown>
type Called = (...given: Given) => unknown
type Run = (context: Context.Context<never>) => Called

let current: Context.Context<never> | undefined

/** Sets the context in which the effects of this node run, from now on. */
export const enter = (context: Context.Context<never>): void => {
  current = context
}

/**
 * Makes the default services of Effect (clock, randomness, variables, loggers) the services of the node, if a node asks
 * for them. Called once in a process.
 */
export const guardDefaults = (): void => {
  for (const of of references) {
    const usual = Context.get(Context.empty(), of)
    const get = (): unknown => (current !== undefined && isAtWork() ? Context.get(current, of) : usual)
    Object.defineProperty(of, "~effect/Context/defaultValue", { get, configurable: true })
    Object.defineProperty(of, "defaultValue", { value: get, configurable: true })
  }
}
// The scheduler is not in the list. A context keeps the scheduler of the first fiber that ran in it, and all code
// shares the empty context.
const references = [Clock.Clock, Random.Random, ConfigProvider.ConfigProvider, Logger.CurrentLoggers] as ReadonlyArray<
  Context.Reference<unknown>
>

const views = new Map<object, Namespace>()

/** The view that a stage gets in place of a module of Effect. */
export const effectFor = (specifier: string, namespace: Namespace): Namespace =>
  viewOf(specifier.split("/").slice(1).join("/"), namespace)

const viewOf = (path: string, namespace: Namespace): Namespace => {
  const known = views.get(namespace)
  if (known !== undefined) return known
  const made = Object.create(null) as object
  for (const [name, value] of Object.entries(namespace)) {
    const at = path === "" ? name : `${path}/${name}`
    // Effect has about a hundred modules and a stage takes a few, so a view is made at its first use.
    const described = types.isModuleNamespaceObject(value)
      ? { get: () => viewOf(at, value as Namespace) }
      : { value: memberOf(at, value, namespace) }
    Object.defineProperty(made, name, { ...described, enumerable: true })
  }
  views.set(namespace, Object.freeze(made) as Namespace)
  return made as Namespace
}

const memberOf = (path: string, value: unknown, of: Namespace): unknown => {
  const kind = closedPaths.find(([, prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[0]
  const what = path.replaceAll("/", ".")
  if (kind !== undefined) return closed(kind, what)
  if (runners.has(path)) return (...given: Given) => (of[`${path.split("/")[1]!}With`] as Run)(current!)(...given)
  if (dated.has(path)) return datedOf(value as Called, what)
  // No code has a reason to change a function that only computes. Watching so many functions would take longer than
  // most nodes, so they are frozen.
  if (typeof value === "function" && !isClass(value) && Reflect.getPrototypeOf(value) === Function.prototype)
    Object.freeze(value)
  return value
}

const closedPaths: ReadonlyArray<readonly [Closed, path: string]> = [
  ["Time", "DateTime/nowUnsafe"],
  ["Time", "reactivity"],
  ["Time", "eventlog"],
  ["Chance", "Hash/random"],
  ["Chance", "encoding/Hex/random"],
  ["Chance", "crypto/SecureRandom"],
  ["Chance", "crypto/WebCrypto"],
]

const runners = new Set(
  words("runFork runCallback runPromise runPromiseExit runSync runSyncExit").map((name) => `Effect/${name}`),
)

// These functions use the current time if no date is given.
const dated = new Set(words("Cron/next Cron/prev Cron/sequence"))
const datedOf =
  (of: Called, what: string): Called =>
  (...given) => {
    if (given[1] === undefined) throw new WorldError("Time", what)
    return of(...given)
  }
