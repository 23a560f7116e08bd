// Effect as a stage finds it: what runs an effect by itself runs it in the world of the node, where the clock, chance
// and variables are closed as they are in the effect that the stage gives.
import type { Context } from "effect"

type Namespace = { readonly [name: string]: unknown }
type Run = (context: Context.Context<never>) => (...given: ReadonlyArray<unknown>) => unknown

const runners = ["runFork", "runCallback", "runPromise", "runPromiseExit", "runSync", "runSyncExit"]

let current: Context.Context<never> | undefined
const views = new Map<Namespace, Namespace>()

/** Says what the effects of this node run in, from now on. */
export const enter = (context: Context.Context<never>): void => {
  current = context
}

/** What a stage gets in place of a module of Effect. */
export const effectFor = (specifier: string, namespace: Namespace): Namespace => {
  if (specifier === "effect/Effect") return once(namespace, inWorld)
  return specifier === "effect"
    ? once(namespace, (all) => ({ ...all, Effect: once(all["Effect"] as Namespace, inWorld) }))
    : namespace
}

const once = (of: Namespace, make: (of: Namespace) => Namespace): Namespace => {
  const known = views.get(of) ?? Object.freeze(make(of))
  views.set(of, known)
  return known
}

const inWorld = (effect: Namespace): Namespace => ({
  ...effect,
  ...Object.fromEntries(
    runners.map((name) => [
      name,
      (...given: ReadonlyArray<unknown>) => (effect[`${name}With`] as Run)(current!)(...given),
    ]),
  ),
})
