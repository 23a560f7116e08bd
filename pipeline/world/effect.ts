// Effect as a stage finds it: the clock, chance and variables are closed in whatever runs an effect, as they are in the
// effect that the stage gives, and what asks for them without an effect is closed.
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

/** Says what the effects of this node run in, from now on. */
export const enter = (context: Context.Context<never>): void => {
  current = context
}

/** Gives a node that asks for what the world has by default what it is handed in. Done once in a process. */
export const guardDefaults = (): void => {
  for (const of of references) {
    const usual = Context.get(Context.empty(), of)
    const get = (): unknown => (current !== undefined && isAtWork() ? Context.get(current, of) : usual)
    Object.defineProperty(of, "~effect/Context/defaultValue", { get, configurable: true })
    Object.defineProperty(of, "defaultValue", { value: get, configurable: true })
  }
}
// Not the scheduler: a context keeps that of the first fiber that ran in it, and the empty one is shared by all.
const references = [Clock.Clock, Random.Random, ConfigProvider.ConfigProvider, Logger.CurrentLoggers] as ReadonlyArray<
  Context.Reference<unknown>
>

const views = new Map<object, Namespace>()

/** What a stage gets in place of a module of Effect. */
export const effectFor = (specifier: string, namespace: Namespace): Namespace =>
  viewOf(specifier.split("/").slice(1).join("/"), namespace)

const viewOf = (path: string, namespace: Namespace): Namespace => {
  const known = views.get(namespace)
  if (known !== undefined) return known
  const made = Object.create(null) as object
  for (const [name, value] of Object.entries(namespace)) {
    const at = path === "" ? name : `${path}/${name}`
    // Of the hundred modules, a stage takes a few.
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
  // Nobody has reason to change what only computes. To watch so many would take longer than most nodes.
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

// These take now for a date that is not given.
const dated = new Set(words("Cron/next Cron/prev Cron/sequence"))
const datedOf =
  (of: Called, what: string): Called =>
  (...given) => {
    if (given[1] === undefined) throw new WorldError("Time", what)
    return of(...given)
  }
