// A run of a part of the plan: what runs, what is only looked up, and what a forced node does to the rest.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { MemoryStore } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import { predict } from "../../../pipeline/run/predict.ts"
import * as message from "../../../pipeline/run/message.ts"
import { node } from "../../../pipeline/node.ts"
import { run } from "../../../pipeline/run/run.ts"
import { asked, countsOf, storedOf } from "../../../pipeline/run/settled.ts"
import { noPatterns, select, type Patterns } from "../../../pipeline/plan/select.ts"
import { cap, given, sum } from "../../support/arithmetic.ts"
import { contextOf, Notes, outcomes, planOf, ranNow, runNodes, world, type Setting } from "../../support/engine.ts"

/** b and c of a, and d of both. */
const diamond = ({ value = 1, limit = 5 } = {}) => {
  const a = node(given, { value }, {}, { id: "a" })
  const b = node(cap, { limit }, { term: a.out.value }, { id: "b" })
  const c = node(sum, { plus: 10 }, { terms: [a.out.value] }, { id: "c" })
  const d = node(sum, { plus: 0 }, { terms: [b.out.value, c.out.value] }, { id: "d" })
  return { a, b, c, d }
}
const contextFor = Effect.fnUntraced(function* (
  nodes: ReturnType<typeof diamond>,
  patterns: Partial<Patterns>,
  setting: Setting = {},
) {
  const { plan, ...chosen } = select(planOf(nodes), { ...noPatterns, ...patterns })
  return { plan, context: yield* contextOf({ ...setting, ...chosen }) }
})
const runPart = Effect.fnUntraced(function* (nodes: ReturnType<typeof diamond>, patterns: Partial<Patterns>) {
  const { plan, context } = yield* contextFor(nodes, patterns)
  const settled = yield* run(plan, context)
  return { settled, asked: asked(settled, context) }
})
const foreseenOf = Effect.fnUntraced(function* (nodes: ReturnType<typeof diamond>, patterns: Partial<Patterns>) {
  const { plan, context } = yield* contextFor(nodes, patterns)
  return Object.fromEntries(
    [...(yield* predict(plan, context))].map(([each, what]) => [each.name.at(-1), message.predicted(what)]),
  )
})
const toldOf = (tag: string) =>
  Effect.map(Notes, ({ events }) =>
    events.filter((event) => event._tag === tag).map((event) => ("node" in event ? event.node : "")),
  )

describe("a run of a part", () => {
  it.effect("runs what it is asked for in the plan's order, and nothing else", () =>
    Effect.gen(function* () {
      const { settled } = yield* runPart(diamond(), { until: ["cap/id=b"] })
      assert.deepStrictEqual(yield* ranNow, ["given/id=a", "cap/id=b"])
      assert.deepStrictEqual(outcomes(settled), { "given/id=a": "run", "cap/id=b": "run" })
    }).pipe(Effect.provide(world)),
  )

  it.effect("leaves to a whole run what it left out, and no more", () =>
    Effect.gen(function* () {
      yield* runPart(diamond(), { except: ["cap/id=b"] })
      assert.deepStrictEqual(yield* ranNow, ["given/id=a", "sum/id=c"])
      yield* runNodes(diamond())
      assert.deepStrictEqual(yield* ranNow, ["cap/id=b", "sum/id=d"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes what is left out from the store, telling and counting nothing of it", () =>
    Effect.gen(function* () {
      yield* runNodes(diamond())
      yield* ranNow
      ;(yield* Notes).events.splice(0)
      const changed = diamond({ limit: 0 })
      const { asked: of } = yield* runPart(changed, { only: ["cap/id=b"] })
      assert.deepStrictEqual(yield* ranNow, ["cap/id=b"])
      assert.deepStrictEqual(countsOf(of), { hit: 0, joined: 0, run: 1, failed: 0, skipped: 0 })
      assert.deepStrictEqual(yield* toldOf("NodeDone"), ["cap/id=b"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("fails where an input is left out and not in the store, and makes nothing of it", () =>
    Effect.gen(function* () {
      const { settled, asked: of } = yield* runPart(diamond(), { only: ["cap/id=b"] })
      assert.deepStrictEqual(yield* ranNow, [])
      assert.deepStrictEqual(outcomes(settled), {
        "given/id=a": "failed: SpecError",
        "cap/id=b": "skipped: given/id=a",
      })
      assert.deepStrictEqual(countsOf(of), { hit: 0, joined: 0, run: 0, failed: 1, skipped: 1 })
    }).pipe(Effect.provide(world)),
  )

  it.effect("does not make again what is left out, when its bytes are lost under the reader's hands", () =>
    Effect.gen(function* () {
      const nodes = diamond({ value: 7 })
      const settled = yield* run(planOf([nodes.a]), yield* contextOf())
      yield* ranNow
      const { digest } = storedOf(nodes.a.out.value, settled)!
      ;(yield* Notes).inside.set("cap/id=b", (yield* MemoryStore).drop(digest))
      assert.deepStrictEqual(outcomes((yield* runPart(nodes, { only: ["cap/id=b"] })).settled), {
        "given/id=a": "failed: SpecError",
        "cap/id=b": "skipped: given/id=a",
      })
      assert.deepStrictEqual(yield* ranNow, ["cap/id=b"])
    }).pipe(Effect.provide(world)),
  )
})

describe("a forced node", () => {
  it.effect("runs although it is a hit, says so, and stops no hit behind it", () =>
    Effect.gen(function* () {
      yield* runNodes(diamond())
      yield* ranNow
      const { settled } = yield* runPart(diamond(), { force: ["cap/id=b"] })
      assert.deepStrictEqual(yield* ranNow, ["cap/id=b"])
      assert.deepStrictEqual(outcomes(settled), {
        "given/id=a": "hit",
        "cap/id=b": "run",
        "sum/id=c": "hit",
        "sum/id=d": "hit",
      })
      const started = (yield* Notes).events.findLast((event) => event._tag === "NodeStarted")
      assert.deepStrictEqual(started?.reason, { _tag: "Forced" })
      assert.deepStrictEqual(yield* toldOf("ResultDiffers"), [])
    }).pipe(Effect.provide(world)),
  )

  it.effect("has the reason it would run for anyway, where there is one", () =>
    Effect.gen(function* () {
      yield* runPart(diamond(), { until: ["given/id=a"], force: ["given/id=a"] })
      const started = (yield* Notes).events.findLast((event) => event._tag === "NodeStarted")
      assert.deepStrictEqual(started?.reason, { _tag: "FirstRun" })
    }).pipe(Effect.provide(world)),
  )

  it.effect("that makes other bytes keeps the first result, and tells which outputs differ", () =>
    Effect.gen(function* () {
      const nodes = diamond()
      const first = yield* runNodes(nodes)
      const key = (at: typeof first) => {
        const how = at.get(nodes.a)
        return how?._tag === "Done" ? how.key! : assert.fail()
      }
      // The record of the key is one with other bytes, as an earlier run on this machine might have made it.
      const store = yield* Store
      const record = yield* Effect.flatMap(store.record(key(first)), Effect.fromOption)
      yield* (yield* MemoryStore).scribble(key(first), new Uint8Array())
      const other = yield* store.put(new TextEncoder().encode("3"))
      yield* store.publish(key(first), { ...record, outputs: [{ name: "value", digest: other, size: 1 }] })
      const { settled } = yield* runPart(nodes, { until: ["given/id=a"], force: ["given"] })
      assert.strictEqual(storedOf(nodes.a.out.value, settled)!.digest, other)
      const told = (yield* Notes).events.filter((event) => event._tag === "ResultDiffers")
      assert.deepStrictEqual(told, [{ _tag: "ResultDiffers", node: "given/id=a", outputs: ["value"] }])
    }).pipe(Effect.provide(world)),
  )
})

describe("predict, of a part", () => {
  it.effect("says nothing of what is left out", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* foreseenOf(diamond(), { until: ["cap/id=b"] }), {
        a: "run: first run",
        b: "maybe: given/id=a runs",
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("names the input that is left out and not in the store, behind other nodes too", () =>
    Effect.gen(function* () {
      const blocked = "cannot run: needs given/id=a, which is left out and not in the store"
      assert.deepStrictEqual(yield* foreseenOf(diamond(), { only: ["cap/id=b", "sum/*"] }), {
        b: blocked,
        c: blocked,
        d: blocked,
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("blames the node next to the one that is asked for", () =>
    Effect.gen(function* () {
      yield* runNodes(diamond())
      assert.deepStrictEqual(yield* foreseenOf(diamond({ value: 3 }), { only: ["sum/id=d"] }), {
        d: "cannot run: needs cap/id=b, which is left out and not in the store",
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("calls those behind a forced hit hits: its first result stays", () =>
    Effect.gen(function* () {
      yield* runNodes(diamond())
      assert.deepStrictEqual(yield* foreseenOf(diamond(), { force: ["given"] }), {
        a: "run: forced",
        b: "hit",
        c: "hit",
        d: "hit",
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("calls what is behind a left out node a maybe, by the node that reruns", () =>
    Effect.gen(function* () {
      const settled = yield* runNodes(diamond())
      const lastKeys = new Map(
        [...settled].flatMap(([each, how]) =>
          how._tag === "Done" && how.key !== null ? [[each.name, how.key] as const] : [],
        ),
      )
      const { plan, context } = yield* contextFor(diamond({ value: 2 }), { only: ["given", "sum/id=d"] }, { lastKeys })
      const what = [...(yield* predict(plan, context))].find(([each]) => each.name === "sum/id=d")![1]
      assert.strictEqual(message.predicted(what), "maybe: given/id=a runs")
    }).pipe(Effect.provide(world)),
  )
})
