// A node for each item of a list that is known only once it was made: what runs, what is spared, what a failure stops.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { MemoryStore } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import { SpecError } from "../../../pipeline/error.ts"
import { predict } from "../../../pipeline/run/predict.ts"
import { keyOf, keyParts } from "../../../pipeline/key/key.ts"
import { map, node } from "../../../pipeline/node.ts"
import { allOf, storedOf, type Settlements } from "../../../pipeline/run/settled.ts"
import { StageError } from "../../../pipeline/stage.ts"
import { cap, given, range, shake, sum } from "../../support/arithmetic.ts"
import { contextOf, Notes, outcomes, planOf, ranNow, runNodes, world, type Setting } from "../../support/engine.ts"

/** The numbers from one to the next, each capped at three, and their sum. */
const chain = (from: number, to: number) => {
  const numbers = node(range, { from, to }, {})
  const capped = map(cap, "term", { limit: 3 }, { term: numbers.out.numbers })
  const total = node(sum, { plus: 0 }, { terms: capped.out.value })
  return { numbers, capped, total }
}

const valueOf = (total: ReturnType<typeof chain>["total"], settled: Settlements) =>
  Effect.gen(function* () {
    const store = yield* Store
    return codecs.json.decode(yield* store.get(storedOf(total.out.value, settled)!.digest))
  })

const foreseenFor = (nodes: ReturnType<typeof chain>, setting: Setting = {}) =>
  Effect.map(
    Effect.flatMap(contextOf(setting), (context) => predict(planOf(nodes), context)),
    (predicted) => Object.fromEntries([...predicted].map(([{ name }, { _tag }]) => [name, _tag])),
  )

describe("a node over a list", () => {
  it.effect("runs once for each item, and hands all results on in their order", () =>
    Effect.gen(function* () {
      const { capped, total, ...rest } = chain(1, 5)
      const settled = yield* runNodes({ capped, total, ...rest })
      assert.strictEqual(yield* valueOf(total, settled), 1 + 2 + 3 + 3 + 3)
      assert.deepStrictEqual(
        new Set(yield* ranNow),
        new Set(["range", "cap[0]", "cap[1]", "cap[2]", "cap[3]", "cap[4]", "sum"]),
      )
      assert.lengthOf(allOf(capped.out.value[0]!, settled), 5)
      assert.deepStrictEqual(outcomes(settled), { range: "run", cap: "run", sum: "run" })
    }).pipe(Effect.provide(world)),
  )

  it.effect("is a hit the next time, and looks at no item", () =>
    Effect.gen(function* () {
      yield* runNodes(chain(1, 3))
      yield* ranNow
      assert.deepStrictEqual(outcomes(yield* runNodes(chain(1, 3))), { range: "hit", cap: "hit", sum: "hit" })
      assert.deepStrictEqual(yield* ranNow, [])
    }).pipe(Effect.provide(world)),
  )

  it.effect("computes only the items that it has not seen, wherever they stand", () =>
    Effect.gen(function* () {
      yield* runNodes(chain(2, 4))
      yield* ranNow
      const { total, ...rest } = chain(1, 5)
      const settled = yield* runNodes({ total, ...rest })
      assert.strictEqual(yield* valueOf(total, settled), 1 + 2 + 3 + 3 + 3)
      assert.deepStrictEqual(new Set(yield* ranNow), new Set(["range", "cap[0]", "cap[4]", "sum"]))
    }).pipe(Effect.provide(world)),
  )

  it.effect("gives an empty list for an empty list", () =>
    Effect.gen(function* () {
      const { total, ...rest } = chain(1, 0)
      assert.strictEqual(yield* valueOf(total, yield* runNodes({ total, ...rest })), 0)
    }).pipe(Effect.provide(world)),
  )

  it.effect("draws apart for items that differ, and alike for those that are equal", () =>
    Effect.gen(function* () {
      const shaken = map(shake, "term", { sides: 1_000_000 }, { term: node(range, { from: 1, to: 2 }, {}).out.numbers })
      const again = map(
        shake,
        "term",
        { sides: 1_000_000 },
        { term: node(range, { from: 2, to: 3 }, {}, { second: 1 }).out.numbers },
        { second: 1 },
      )
      const settled = yield* runNodes([shaken, again])
      const [one, two] = [shaken, again].map(({ out }) => allOf(out.value[0]!, settled).map(({ digest }) => digest))
      assert.notStrictEqual(one![0], one![1])
      assert.strictEqual(one![1], two![0])
      const seeds = (yield* Notes).jobs.filter(({ stage }) => stage.name === "shake").map(({ seed }) => seed)
      assert.strictEqual(new Set(seeds).size, 3)
    }).pipe(Effect.provide(world)),
  )

  it.effect("fails by its first failed item, after all others have ended, and stops what is behind it", () =>
    Effect.gen(function* () {
      const notes = yield* Notes
      notes.inside.set("cap[1]", Effect.fail(new StageError({ reason: "Diverged", message: "the loss grew" })))
      const nodes = chain(1, 4)
      assert.deepStrictEqual(outcomes(yield* runNodes(nodes)), {
        range: "run",
        cap: "failed: StageError",
        sum: "skipped: cap",
      })
      assert.lengthOf(
        (yield* ranNow).filter((name) => name.startsWith("cap[")),
        4,
      )
      const failed = notes.events
        .filter((event) => event._tag === "NodeFailed")
        .map(({ node, within }) => [node, within])
      assert.deepStrictEqual(failed, [
        ["cap[1]", "cap"],
        ["cap", undefined],
      ])
      notes.inside.clear()
      yield* runNodes(nodes)
      assert.deepStrictEqual(yield* ranNow, ["cap[1]", "sum"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("makes what is lost of an item again, and no other", () =>
    Effect.gen(function* () {
      // Capped, these are a two and a three: bytes that no item has.
      const nodes = {
        ...chain(4, 4),
        other: map(
          cap,
          "term",
          { limit: 2 },
          { term: node(range, { from: 4, to: 5 }, {}, { other: 1 }).out.numbers },
          { other: 1 },
        ),
      }
      const settled = yield* runNodes(nodes)
      yield* (yield* MemoryStore).damage(allOf(nodes.capped.out.value[0]!, settled)[0]!.digest)
      yield* ranNow
      assert.strictEqual(yield* valueOf(nodes.total, yield* runNodes(nodes)), 3)
      assert.deepStrictEqual(yield* ranNow, ["cap[0]"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("runs by one slot", () =>
    Effect.gen(function* () {
      const { total, ...rest } = chain(1, 4)
      assert.strictEqual(yield* valueOf(total, yield* runNodes({ total, ...rest }, { jobs: 1 })), 9)
    }).pipe(Effect.provide(world)),
  )

  it.effect("is predicted as any other node, with what gathers it", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* foreseenFor(chain(1, 3)), { range: "Run", cap: "Maybe", sum: "Maybe" })
      yield* runNodes(chain(1, 3))
      assert.deepStrictEqual(yield* foreseenFor(chain(1, 3)), { range: "Hit", cap: "Hit", sum: "Hit" })
    }).pipe(Effect.provide(world)),
  )

  it.effect("runs every item again where it is forced", () =>
    Effect.gen(function* () {
      const nodes = chain(1, 2)
      yield* runNodes(nodes)
      yield* ranNow
      yield* runNodes(nodes, { forced: new Set([nodes.capped]) })
      assert.deepStrictEqual(new Set(yield* ranNow), new Set(["cap[0]", "cap[1]"]))
    }).pipe(Effect.provide(world)),
  )

  it.effect("says what it was given instead of a list", () =>
    Effect.gen(function* () {
      const capped = map(cap, "term", { limit: 3 }, { term: node(given, { value: 7 }, {}).out.value })
      const how = (yield* runNodes([capped])).get(capped)
      assert.include(
        how?._tag === "Failed" && how.error instanceof SpecError ? how.error.message : "",
        "which is not a list but 7",
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is another thing than its stage on the whole list", () =>
    Effect.gen(function* () {
      const list = node(range, { from: 4, to: 4 }, {}).out.numbers
      const [each, whole] = [
        map(cap, "term", { limit: 9 }, { term: list }, { each: 1 }),
        node(cap, { limit: 9 }, { term: list }, { each: 0 }),
      ]
      const settled = yield* runNodes([each, whole])
      const inputs = { term: storedOf(list, settled)!.digest }
      const { codeOf, ground } = yield* contextOf()
      assert.notStrictEqual(
        keyOf(keyParts(each, codeOf(each), inputs, ground)),
        keyOf(keyParts(whole, codeOf(whole), inputs, ground)),
      )
    }).pipe(Effect.provide(world)),
  )
})
