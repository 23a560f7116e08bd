// What becomes of results that are lost and come out otherwise where only a part is run, where nodes are forced, and
// where results stand by a person's word.
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { predict } from "../../../pipeline/run/predict.ts"
import * as message from "../../../pipeline/run/message.ts"
import { map, node, type Node } from "../../../pipeline/node.ts"
import { accept, review } from "../../../pipeline/override/accept.ts"
import { provenanceOf } from "../../../pipeline/run/provenance.ts"
import { allOf, asked, countsOf, storedOf, type Settlements } from "../../../pipeline/run/settled.ts"
import { blur, range } from "../../support/arithmetic.ts"
import { contextOf, outcomes, planOf } from "../../support/engine.ts"
import { graph, inStore, losses, runAll, runPlan, told } from "../../support/lost.ts"

describe("with a part, by force, and by a person's word", () => {
  inStore("what is left out and was made of the old result passes for a hit no more", function* (directory) {
    const { draw, old, end, fresh } = graph()
    const { settled } = yield* runAll([draw, old, end])
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    const leftOut = new Set<Node>([old])
    const { settled: part } = yield* runPlan(planOf([draw, old, end, fresh]), { leftOut })
    assert.deepStrictEqual(outcomes(part), {
      "toss/id=draw": "run",
      "sum/id=old": "failed: SpecError",
      "sum/id=end": "skipped: sum/id=old",
      "sum/id=fresh": "run",
    })
    assert.deepInclude(countsOf(asked(part, { leftOut })), { failed: 1, replaced: 1 })
  })

  inStore(
    "a forced node whose first result is there keeps it; where that was dropped, the new one takes its place",
    function* (directory) {
      const { draw, old } = graph()
      const forced = { forced: new Set<Node>([draw]) }
      const { settled } = yield* runAll([draw, old])
      yield* told
      const kept = yield* runAll([draw, old], forced)
      assert.deepStrictEqual(yield* told, {
        started: ["toss/id=draw"],
        replaced: [],
        differs: ["toss/id=draw"],
        again: [],
      })
      assert.deepStrictEqual(outcomes(kept.settled), { "toss/id=draw": "run", "sum/id=old": "hit" })
      yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
      assert.deepStrictEqual(
        [...(yield* predict(planOf([draw, old]), yield* contextOf(forced))).values()].map(message.predicted),
        ["run: forced", "maybe: toss/id=draw runs"],
      )
      yield* runAll([draw, old], forced)
      assert.deepStrictEqual(yield* told, {
        started: ["sum/id=old", "toss/id=draw"],
        replaced: ["toss/id=draw"],
        differs: [],
        again: [],
      })
    },
  )

  inStore("a forced item whose bytes were dropped takes the place of it in another list", function* (directory) {
    const lists = [502, 501].map((from) =>
      map(blur, "term", { sides: 1000 }, { term: node(range, { from, to: 503 }, {}, { from }).out.numbers }, { from }),
    )
    const { settled } = yield* runAll(lists)
    yield* losses["dropped on purpose"]!(directory, allOf(lists[0]!.out.value[0]!, settled)[0]!)
    const again = yield* runAll(lists, { forced: new Set<Node>([lists[0]!]) })
    const [one, other] = lists.map(({ out }) => allOf(out.value[0]!, again.settled).map(({ digest }) => digest))
    assert.deepStrictEqual(other!.slice(1), one)
  })

  inStore("what stood by a person's word stands by it no longer", function* (directory) {
    const { draw, old } = graph()
    const lastKeys = new Map(
      [...(yield* runAll([draw, old])).settled].flatMap(([each, how]) =>
        how._tag === "Done" ? [[each.name, how.key!] as const] : [],
      ),
    )
    const edited = { code: "edited", lastKeys }
    const word = { by: "reader", when: "2026-01-02T03:04:05.000Z", because: "only names changed" }
    for (const what of (yield* review(planOf([draw, old]), yield* contextOf(edited))).values())
      if (what._tag === "Acceptable") yield* accept(what, word)
    const { settled } = yield* runAll([draw, old], edited)
    yield* told
    yield* losses["removed"]!(directory, storedOf(draw.out.value, settled)!)
    const again = yield* runAll([draw, old], edited)
    assert.deepInclude(yield* told, { started: ["sum/id=old", "toss/id=draw"], replaced: ["toss/id=draw"] })
    assert.deepStrictEqual(yield* acceptedIn(again.settled), [])
  })
})

const acceptedIn = (settled: Settlements) =>
  Effect.map(
    Effect.forEach(
      [...settled.values()].flatMap((how) => (how._tag === "Done" && how.key !== null ? [how.key] : [])),
      provenanceOf,
    ),
    (kept) => kept.flatMap((each) => (each._tag === "Some" ? (each.value.accepted ?? []) : [])),
  )
