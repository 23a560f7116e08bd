// Tests of results that are lost: a store on disk, whose files are dropped, removed, changed and damaged, a graph with
// a body that does not repeat itself, and what was told.
import { it } from "@effect/vitest"
import { Effect } from "effect"
import { appendFileSync, chmodSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { diskLayer } from "../../cache/disk.ts"
import { placeIn } from "../../cache/paths.ts"
import { Store, type CacheError, type Stored } from "../../cache/store.ts"
import { node, type Node, type Output } from "../../pipeline/node.ts"
import type { Plan } from "../../pipeline/plan/plan.ts"
import { run } from "../../pipeline/run/run.ts"
import { dice, sum, toss } from "./arithmetic.ts"
import { directoryOf } from "./directory.ts"
import { contextOf, Notes, planOf, worldAround, type Setting } from "./engine.ts"
import { fitTogether } from "./fitting.ts"

/** One output and some more. */
export const term = (output: Output, plus: number, id: string) => node(sum, { plus }, { terms: [output] }, { id })

/** A toss, what was made of it and of that, and something new that is to be made of it. */
export const graph = () => {
  const draw = node(toss, { sides: 1000 }, {}, { id: "draw" })
  const old = term(draw.out.value, 1, "old")
  const end = term(old.out.value, 2, "end")
  return { draw, old, end, fresh: term(draw.out.value, 3, "fresh") }
}

/** Runs a plan, whatever it is settled as, and holds that its nodes fit together. */
export const runPlan = Effect.fnUntraced(function* (plan: Plan, setting: Setting = {}) {
  const context = yield* contextOf(setting)
  const settled = yield* run(plan, context)
  yield* fitTogether(plan, context, settled)
  return { plan, context, settled }
})
/** The same with the plan of some nodes. */
export const runAll = (nodes: ReadonlyArray<Node>, setting?: Setting) => runPlan(planOf(nodes), setting)

/** Of the events since the last time: who started, what was replaced, what differs. */
export const told = Effect.map(Notes, ({ events }) => {
  const since = events.splice(0)
  const named = (tag: string) =>
    [...new Set(since.flatMap((event) => (event._tag === tag && "node" in event ? [event.node] : [])))].sort()
  return {
    started: named("NodeStarted"),
    replaced: named("ResultReplaced"),
    differs: named("ResultDiffers"),
    again: named("NodeReopened"),
  }
})
/** Nothing was told. */
export const nothing = { started: [], replaced: [], differs: [], again: [] }

type World = Effect.Services<ReturnType<typeof runAll>> | Notes

/** A test with an empty store in a directory of its own. */
export const inStore = <A, E>(
  name: string,
  test: (directory: string) => Generator<Effect.Effect<unknown, E, World>, A, never>,
): void =>
  it(name, async () => {
    const directory = directoryOf({})
    dice.next = 0
    await Effect.runPromise(
      Effect.gen(() => test(directory)).pipe(Effect.provide(worldAround(diskLayer(directory))), Effect.scoped),
    )
  })

const blobOf = (directory: string, { digest }: Stored): string => placeIn(directory, "blobs", digest)
const tampering =
  (change: (path: string) => void) =>
  (directory: string, stored: Stored): Effect.Effect<void, CacheError, Store> =>
    Effect.sync(() => {
      const path = blobOf(directory, stored)
      chmodSync(path, 0o644)
      change(path)
    })
/** What becomes of the bytes of an output. */
export const losses: {
  readonly [how: string]: (directory: string, stored: Stored) => Effect.Effect<void, CacheError, Store>
} = {
  "dropped on purpose": (_, { digest }) => Effect.flatMap(Store, (store) => store.drop(digest)),
  removed: tampering((path) => rmSync(path)),
  truncated: tampering((path) => truncateSync(path, 1)),
  emptied: tampering((path) => truncateSync(path, 0)),
  "appended to": tampering((path) => appendFileSync(path, "1")),
  overwritten: tampering((path) => writeFileSync(path, "12345")),
}
