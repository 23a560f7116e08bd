// What of a store has to stay for a plan or for the last and the tagged runs, and what a run makes of blobs that were
// dropped.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Data, Digest, Key } from "../../../cache/digest.ts"
import { Journal, memoryJournal } from "../../../cache/journal.ts"
import { Store } from "../../../cache/store.ts"
import { predict } from "../../../pipeline/run/predict.ts"
import * as message from "../../../pipeline/run/message.ts"
import { map, node } from "../../../pipeline/node.ts"
import { inputsOf, type Plan } from "../../../pipeline/plan/plan.ts"
import { heldByPlan, heldByRuns, remakeableIn } from "../../../pipeline/store/roots.ts"
import { pieceKeys } from "../../../pipeline/run/map.ts"
import { storedOf, type Settlements } from "../../../pipeline/run/settled.ts"
import { cap, given, range, sum } from "../../support/arithmetic.ts"
import { contextOf, outcomes, planOf, ranNow, runNodes, world } from "../../support/engine.ts"

/** A number, capped, and the sum of it and some more. */
const chain = ({ limit = 5, plus = 0 } = {}) => {
  const a = node(given, { value: 1 }, {}, { id: "a" })
  const b = node(cap, { limit }, { term: a.out.value }, { id: "b" })
  const c = node(sum, { plus }, { terms: [b.out.value] }, { id: "c" })
  return { a, b, c }
}
/** The numbers from one to the last, each capped. */
const list = (to: number) => [map(cap, "term", { limit: 3 }, { term: node(range, { from: 1, to }, {}).out.numbers })]
const keysOf = (settled: Settlements): ReadonlyMap<string, Key> =>
  new Map(
    [...settled].flatMap(([each, how]) =>
      how._tag === "Done" && how.key !== null ? [[each.name, how.key] as const] : [],
    ),
  )

describe("a blob that was dropped on purpose", () => {
  it.effect("is not made again while nobody needs it", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const nodes = chain()
      const settled = yield* runNodes(nodes)
      yield* ranNow
      yield* store.drop(storedOf(nodes.b.out.value, settled)!.digest)
      assert.deepStrictEqual(outcomes(yield* runNodes(nodes)), {
        "given/id=a": "hit",
        "cap/id=b": "hit",
        "sum/id=c": "hit",
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("is made again for a node that has to run, with what it was made of", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const nodes = chain({ limit: 0 })
      const settled = yield* runNodes(nodes)
      yield* ranNow
      for (const { out } of [nodes.a, nodes.b]) yield* store.drop(storedOf(out.value, settled)!.digest)
      const changed = chain({ limit: 0, plus: 1 })
      const predicted = yield* predict(planOf(changed), yield* contextOf())
      assert.deepStrictEqual([...predicted.values()].map(message.predicted), [
        "run: missing value",
        "maybe: missing value; given/id=a runs",
        "maybe: cap/id=b runs",
      ])
      assert.strictEqual(outcomes(yield* runNodes(changed))["sum/id=c"], "run")
      // The sum finds the capped number gone, whose maker finds the first one gone.
      assert.deepStrictEqual(yield* ranNow, ["sum/id=c", "cap/id=b", "given/id=a", "cap/id=b", "sum/id=c"])
      assert.deepStrictEqual(outcomes(yield* runNodes(changed)), {
        "given/id=a": "hit",
        "cap/id=b": "hit",
        "sum/id=c": "hit",
      })
    }).pipe(Effect.provide(world)),
  )
})

describe("the roots of a plan", () => {
  it.effect("are its hits, and behind a node that reruns what was there the last time", () =>
    Effect.gen(function* () {
      const keys = keysOf(yield* runNodes(chain()))
      const history = new Map([...keys].map(([name, key]) => [name, { key, seconds: 1 }]))
      const of = Effect.fnUntraced(function* (nodes: ReturnType<typeof chain>) {
        return (yield* heldByPlan(yield* predict(planOf(nodes), yield* contextOf({ lastKeys: keys })), history)).keys
      })
      assert.deepStrictEqual(yield* of(chain()), new Set(keys.values()))
      assert.deepStrictEqual(yield* of(chain({ limit: 4 })), new Set([keys.get("given/id=a")!, keys.get("sum/id=c")!]))
    }).pipe(Effect.provide(world)),
  )

  it.effect("are the items of a node over a list, too, also where the list has grown", () =>
    Effect.gen(function* () {
      const keys = keysOf(yield* runNodes(list(2)))
      const items = [...(yield* pieceKeys("cap", keys.get("cap"), new Map()))]
      assert.lengthOf(items, 2)
      yield* runNodes([node(range, { from: 1, to: 3 }, {})])
      const history = new Map(
        [...keys, ...items.map((key, i) => [`cap[${i}]`, key] as const)].map(([name, key]) => [
          name,
          { key, seconds: 1 },
        ]),
      )
      for (const to of [2, 3]) {
        const held = yield* heldByPlan(yield* predict(planOf(list(to)), yield* contextOf({ lastKeys: keys })), history)
        assert.includeMembers([...held.keys], items)
      }
    }).pipe(Effect.provide(world)),
  )

  it.effect("spare what only nodes read, unless it is shown, or read by a node that has to run", () =>
    Effect.gen(function* () {
      const nodes = chain({ limit: 0 })
      const settled = yield* runNodes(nodes)
      const [a, b] = [nodes.a, nodes.b].map(({ out }) => storedOf(out.value, settled)!.digest)
      const spare = Effect.fnUntraced(function* (each: ReturnType<typeof chain>, shown: Plan["shown"]) {
        const plan = planOf(each)
        assert.strictEqual(plan.nodes.flatMap(inputsOf).length, 2)
        return remakeableIn({ ...plan, shown }, yield* predict(plan, yield* contextOf()))
      })
      // The sum is the capped number again, and nobody reads the sum: so that blob is no spare one.
      assert.deepStrictEqual(yield* spare(nodes, []), new Set([a!]))
      assert.deepStrictEqual(yield* spare(nodes, [nodes.a.out.value]), new Set())
      const more = chain({ limit: 0, plus: 3 })
      yield* runNodes(more)
      assert.deepStrictEqual(yield* spare(more, []), new Set([a!, b!]))
      assert.deepStrictEqual(yield* spare(chain({ limit: 0, plus: 4 }), []), new Set([a!]))
    }).pipe(Effect.provide(world)),
  )
})

const key = (letter: string): Key => letter.repeat(64) as Key
const done = (node: string, letter: string): readonly [string, Data] => [
  `done specs/s.ts ${node}`,
  { key: key(letter), seconds: 1, outcome: "run" },
]
/** The keys, by their letters, and the blobs that the last runs hold. */
const held = (runs: number) =>
  Effect.map(heldByRuns(runs), ({ keys, blobs }) => [
    [...keys]
      .map((each) => each[0])
      .sort()
      .join(""),
    [...blobs].join(""),
  ])

describe("the roots of the last runs", () => {
  const log = "e".repeat(64) as Digest
  const whole = [
    ["began specs/s.ts", { settings: {}, nodes: 2 }],
    [
      "ended specs/s.ts",
      { code: 0, counts: { hit: 0, joined: 0, run: 0, failed: 0, skipped: 0 }, seconds: 1, checks: [], skipped: [] },
    ],
  ] as const

  it.effect(
    "are what they made and what they found done, with the logs of failures; so are those of a tagged one",
    () =>
      Effect.gen(function* () {
        const journal = yield* Journal
        const write = (run: string, lines: ReadonlyArray<readonly [string, Data]>) =>
          Effect.scoped(
            Effect.flatMap(journal.open(run), ({ append }) =>
              Effect.forEach(lines, ([id, value]) => append(id, value)),
            ),
          )
        yield* write("1", [whole[0], done("x", "a"), done("y", "b"), whole[1]])
        yield* write("2", [whole[0], done("x", "c"), whole[1]])
        yield* write("3", [whole[0], ["failed specs/s.ts x", { message: "no", log }], whole[1]])
        // Killed before its end.
        yield* write("4", [whole[0], done("x", "d")])
        assert.deepStrictEqual(yield* held(0), ["", ""])
        assert.deepStrictEqual(yield* held(1), ["bd", ""])
        assert.deepStrictEqual(yield* held(2), ["bd", log])
        assert.deepStrictEqual(yield* held(3), ["bcd", log])
        assert.deepStrictEqual(yield* held(99), ["abcd", log])
        yield* write("tags", [
          ["tag baseline", "1"],
          ["tag gone", "2"],
          ["tag gone", null],
        ])
        assert.deepStrictEqual(yield* held(0), ["ab", ""])
        assert.deepStrictEqual(yield* held(1), ["abd", ""])
      }).pipe(Effect.provide(memoryJournal)),
  )
})
