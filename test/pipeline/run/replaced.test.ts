// A body that does not repeat itself, and whose result is lost: what is made in its place takes its place everywhere,
// and is told by name, on a store on disk.
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { Store, type CacheError } from "../../../cache/store.ts"
import { line as sentence } from "../../../pipeline/printer/message.ts"
import * as message from "../../../pipeline/run/message.ts"
import { map, node, type Node } from "../../../pipeline/node.ts"
import { provenanceOf } from "../../../pipeline/run/provenance.ts"
import { read } from "../../../pipeline/run/run.ts"
import { allOf, countsOf, storedOf } from "../../../pipeline/run/settled.ts"
import { blur, cap, dice, range, sum, toss } from "../../support/arithmetic.ts"
import { Notes, outcomes, planOf } from "../../support/engine.ts"
import { fitTogether } from "../../support/fitting.ts"
import { graph, inStore, losses, nothing, runAll, runPlan, term, told } from "../../support/lost.ts"

describe("a result that was lost and comes out otherwise", () => {
  for (const [how, lose] of Object.entries(losses)) {
    inStore(`takes the place of the old one for all who read it: ${how}`, function* (directory) {
      const { draw, old, end, fresh } = graph()
      const { settled } = yield* runAll([draw, old, end])
      const first = storedOf(draw.out.value, settled)!
      yield* lose(directory, first)
      yield* told
      const again = yield* runAll([draw, old, end, fresh])
      assert.deepInclude(yield* told, {
        started: ["sum/id=end", "sum/id=fresh", "sum/id=old", "toss/id=draw"],
        replaced: ["toss/id=draw"],
        differs: [],
      })
      assert.notStrictEqual(storedOf(draw.out.value, again.settled)!.digest, first.digest)
      assert.deepInclude(countsOf(again.settled), { run: 4, replaced: 1 })
      yield* runAll([draw, old, end, fresh])
      assert.deepStrictEqual(yield* told, nothing)
    })
  }

  inStore("is told with what to do, counted in the last line, and kept with the record", function* (directory) {
    const { draw, old } = graph()
    const { settled } = yield* runAll([draw, old])
    const before = storedOf(draw.out.value, settled)!
    yield* losses["removed"]!(directory, before)
    yield* told
    const again = yield* runAll([draw, old])
    const line = (yield* Notes).events.flatMap((event) =>
      event._tag === "ResultReplaced" ? [sentence(event)!] : [],
    )[0]!
    assert.match(
      line,
      new RegExp(
        String.raw`^replaced toss/id=draw: value came out with other bytes than the lost ones\. ` +
          String.raw`.*made again\. .*pipeline verify SPEC --only toss/id=draw$`,
      ),
    )
    assert.include(
      message.summary(
        countsOf(again.settled),
        { passed: 0, excludes: 0, differs: 0, contradicts: 0, open: 0, failed: 0, unjudged: 0 },
        1,
      ),
      " skipped · 1 lost result replaced · 0 checks",
    )
    const how = again.settled.get(draw)!
    const provenance = yield* provenanceOf(how._tag === "Done" ? how.key! : assert.fail())
    assert.deepStrictEqual(provenance._tag === "Some" ? provenance.value.replaces : [], [before])
  })

  inStore("changes nothing, and is not told, where the same comes out again", function* (directory) {
    const { draw, old, end, fresh } = graph()
    const { settled } = yield* runAll([draw, old, end])
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    yield* told
    dice.next = 0
    const again = yield* runAll([draw, old, end, fresh])
    assert.deepStrictEqual(yield* told, {
      started: ["sum/id=fresh", "toss/id=draw"],
      replaced: [],
      differs: [],
      again: [],
    })
    assert.deepStrictEqual(outcomes(again.settled), {
      "toss/id=draw": "run",
      "sum/id=old": "hit",
      "sum/id=end": "hit",
      "sum/id=fresh": "run",
    })
  })

  inStore("reruns nothing behind a node that gives the same of it", function* (directory) {
    const { draw, fresh } = graph()
    const capped = node(cap, { limit: -1 }, { term: draw.out.value }, {})
    const end = term(capped.out.value, 2, "end")
    const { settled } = yield* runAll([draw, capped, end])
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    yield* told
    yield* runAll([draw, capped, end, fresh])
    assert.deepInclude(yield* told, {
      started: ["cap", "sum/id=fresh", "toss/id=draw"],
      replaced: ["toss/id=draw"],
      again: ["cap"],
    })
  })

  inStore("spares who took another output of it that came out the same", function* (directory) {
    const { draw } = graph()
    const two = node(blur, { sides: 1000 }, { term: draw.out.value }, {})
    const [moved, same, fresh] = [
      term(two.out.value, 1, "moved"),
      term(two.out.sharp, 2, "same"),
      term(two.out.value, 3, "fresh"),
    ]
    const { settled } = yield* runAll([moved, same])
    yield* losses["dropped on purpose"]!(directory, storedOf(two.out.value, settled)!)
    yield* told
    const again = yield* runAll([moved, same, fresh])
    assert.deepInclude(yield* told, {
      started: ["blur", "sum/id=fresh", "sum/id=moved"],
      replaced: ["blur"],
      again: ["sum/id=moved"],
    })
    assert.strictEqual(outcomes(again.settled)["sum/id=same"], "hit")
  })

  inStore("goes for all its outputs, although only one was lost", function* (directory) {
    const { draw } = graph()
    const two = node(blur, { sides: 1000 }, { term: draw.out.value }, {})
    const [of, beside] = [term(two.out.sharp, 1, "of"), term(two.out.value, 2, "beside")]
    const { settled } = yield* runAll([of, beside])
    yield* losses["removed"]!(directory, storedOf(two.out.sharp, settled)!)
    yield* told
    yield* runAll([of, beside])
    // The part that was lost came out the same, so the first result is whole again, and stays.
    assert.deepStrictEqual(yield* told, { started: ["blur"], replaced: [], differs: ["blur"], again: [] })
  })

  inStore("of one item takes the place of it in the list, and of the same item in another list", function* (directory) {
    const lists = [502, 501].map((from) =>
      map(blur, "term", { sides: 1000 }, { term: node(range, { from, to: 503 }, {}, { from }).out.numbers }, { from }),
    )
    const totals = lists.map((each, i) => node(sum, { plus: i }, { terms: each.out.value }, { of: i }))
    const { settled } = yield* runAll(totals)
    const item = allOf(lists[0]!.out.value[0]!, settled)[0]!
    yield* losses["dropped on purpose"]!(directory, item)
    yield* told
    yield* runAll([...totals, node(sum, { plus: 7 }, { terms: lists[0]!.out.value }, { of: "fresh" })])
    const { started, replaced } = yield* told
    assert.deepStrictEqual(
      started.map((name) => name.replace(/\[\d\]$/, "[]")),
      ["blur/from=502[]", "sum/of=0", "sum/of=1", "sum/of=fresh"],
    )
    assert.deepStrictEqual(replaced, ["blur/from=501", "blur/from=502", "blur/from=502[0]"])
  })

  inStore("takes the place of it in a node of the same key as well", function* (directory) {
    const twins = ["one", "two"].map((id) => node(toss, { sides: 1000 }, {}, { id }))
    const readers = twins.map(({ out, labels }, i) => term(out.value, 1 + i, `${labels["id"]}`))
    const { settled } = yield* runAll([...twins, ...readers])
    yield* losses["dropped on purpose"]!(directory, storedOf(twins[0]!.out.value, settled)!)
    yield* told
    const again = yield* runAll([...twins, ...readers, term(twins[1]!.out.value, 9, "fresh")])
    assert.strictEqual(
      storedOf(twins[0]!.out.value, again.settled)!.digest,
      storedOf(twins[1]!.out.value, again.settled)!.digest,
    )
    assert.deepInclude((yield* told).started, "sum/id=one")
  })
})

describe("a result that is found lost in the middle of a run", () => {
  /** The bytes go as soon as a node begins, once. */
  const whenBegun = Effect.fnUntraced(function* (name: string, what: Effect.Effect<void, CacheError>) {
    let done = false
    ;(yield* Notes).inside.set(
      name,
      Effect.suspend(() => {
        if (done) return Effect.void
        done = true
        return what
      }),
    )
  })

  inStore("opens again what was settled by it, hits and what had run", function* (directory) {
    const { draw, old, end, fresh } = graph()
    const { settled } = yield* runAll([draw, old, end])
    const late = term(fresh.out.value, 5, "late")
    const both = node(sum, { plus: 0 }, { terms: [late.out.value, draw.out.value] }, { id: "both" })
    yield* told
    const store = yield* Store
    yield* whenBegun(
      "sum/id=both",
      Effect.provideService(losses["removed"]!(directory, storedOf(draw.out.value, settled)!), Store, store),
    )
    const again = yield* runAll([draw, old, end, fresh, late, both])
    assert.deepStrictEqual(yield* told, {
      started: ["sum/id=both", "sum/id=end", "sum/id=fresh", "sum/id=late", "sum/id=old", "toss/id=draw"],
      replaced: ["toss/id=draw"],
      differs: [],
      again: ["sum/id=fresh", "sum/id=old"],
    })
    assert.deepInclude(countsOf(again.settled), { hit: 0, run: 6, replaced: 1 })
  })

  inStore("is taken from another run that made it meanwhile, and told", function* (directory) {
    const { draw, old, fresh } = graph()
    const { settled } = yield* runAll([draw, old])
    yield* told
    const services = yield* Effect.context<Effect.Services<ReturnType<typeof runAll>>>()
    const elsewhere = Effect.andThen(
      losses["removed"]!(directory, storedOf(draw.out.value, settled)!),
      Effect.asVoid(Effect.scoped(runAll([draw]))),
    )
    yield* whenBegun("sum/id=fresh", Effect.provideContext(elsewhere, services))
    const again = yield* runAll([draw, old, fresh])
    assert.deepInclude(yield* told, { replaced: ["toss/id=draw"], again: ["sum/id=old"] })
    assert.deepInclude(countsOf(again.settled), { hit: 1, run: 2, replaced: 1 })
  })

  inStore(
    "is made again for the page, with all that lies behind it, so that all that is read is of one draw",
    function* (directory) {
      const { draw, old, end } = graph()
      const { plan, context, settled } = yield* runAll([draw, old, end])
      yield* losses["removed"]!(directory, storedOf(draw.out.value, settled)!)
      yield* told
      const bytesOf = yield* read([draw.out.value, old.out.value, end.out.value], "the page", plan, settled, context)
      yield* fitTogether(plan, context, settled)
      const [first, second, third] = [draw, old, end].map(({ out }) =>
        Number(new TextDecoder().decode(bytesOf(out.value))),
      )
      assert.deepStrictEqual([second, third], [first! + 1, first! + 3])
      assert.deepInclude(yield* told, {
        started: ["sum/id=end", "sum/id=old", "toss/id=draw"],
        replaced: ["toss/id=draw"],
      })
    },
  )

  inStore("fails who reads it where it cannot be made again, and passes for a hit nowhere", function* (directory) {
    const { draw, old, fresh } = graph()
    const { settled } = yield* runAll([draw, old])
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    ;(yield* Notes).inside.set("toss/id=draw", Effect.die(new Error("unreachable")))
    const { settled: part } = yield* runPlan(planOf([draw, old, fresh]), { leftOut: new Set<Node>([draw]) })
    assert.deepStrictEqual(outcomes(part), {
      "toss/id=draw": "failed: SpecError",
      "sum/id=old": "skipped: toss/id=draw",
      "sum/id=fresh": "skipped: toss/id=draw",
    })
  })
})
