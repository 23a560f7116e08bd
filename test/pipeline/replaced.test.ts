// A body that does not repeat itself, and whose result is lost: what is made in its place takes its place everywhere, and
// is told by name. On a store on disk, whose files are dropped, removed, changed and damaged.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { appendFileSync, chmodSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { diskLayer } from "../../cache/disk.ts"
import { placeIn } from "../../cache/place.ts"
import { Store, type CacheError, type Stored } from "../../cache/store.ts"
import { foresee } from "../../pipeline/foresee.ts"
import * as message from "../../pipeline/message/run.ts"
import { map, node, type Node, type Output } from "../../pipeline/node.ts"
import type { Plan } from "../../pipeline/plan.ts"
import { accept, review } from "../../pipeline/proof/accept.ts"
import { provenanceOf } from "../../pipeline/provenance.ts"
import { read, run } from "../../pipeline/run.ts"
import { allOf, asked, countsOf, storedOf, type Settlements } from "../../pipeline/settled.ts"
import { blur, cap, dice, range, sum, toss } from "../support/arithmetic.ts"
import { directoryOf } from "../support/directory.ts"
import { contextOf, Notes, outcomes, planOf, worldAround, type Setting } from "../support/engine.ts"
import { fitTogether } from "../support/fitting.ts"

const term = (output: Output, plus: number, id: string) => node(sum, { plus }, { terms: [output] }, { id })

/** A toss, what was made of it and of that, and something new that is to be made of it. */
const graph = () => {
  const draw = node(toss, { sides: 1000 }, {}, { id: "draw" })
  const old = term(draw.out.value, 1, "old")
  const end = term(old.out.value, 2, "end")
  return { draw, old, end, fresh: term(draw.out.value, 3, "fresh") }
}

/** Runs a plan, whatever it is settled as, and holds that its nodes fit together. */
const runPlan = Effect.fnUntraced(function* (plan: Plan, setting: Setting = {}) {
  const context = yield* contextOf(setting)
  const settled = yield* run(plan, context)
  yield* fitTogether(plan, context, settled)
  return { plan, context, settled }
})
const runAll = (nodes: ReadonlyArray<Node>, setting?: Setting) => runPlan(planOf(nodes), setting)

/** Of the events since the last time: who started, what was replaced, what differs. */
const told = Effect.map(Notes, ({ events }) => {
  const since = events.splice(0)
  const named = (tag: string) => [...new Set(since.flatMap((event) => (event._tag === tag && "node" in event ? [event.node] : [])))].sort()
  return { started: named("NodeStarted"), replaced: named("ResultReplaced"), differs: named("ResultDiffers"), again: named("NodeReopened") }
})
const nothing = { started: [], replaced: [], differs: [], again: [] }

const inStore = <A, E>(test: (directory: string) => Effect.Effect<A, E, Effect.Services<ReturnType<typeof runAll>> | Notes>) => async () => {
  const directory = directoryOf({})
  dice.next = 0
  await Effect.runPromise(test(directory).pipe(Effect.provide(worldAround(diskLayer(directory))), Effect.scoped))
}

const blobOf = (directory: string, { digest }: Stored): string => placeIn(directory, "blobs", digest)
const tampering = (change: (path: string) => void) => (directory: string, stored: Stored): Effect.Effect<void, CacheError, Store> =>
  Effect.sync(() => {
    const path = blobOf(directory, stored)
    chmodSync(path, 0o644)
    change(path)
  })
const losses: { readonly [how: string]: (directory: string, stored: Stored) => Effect.Effect<void, CacheError, Store> } = {
  "dropped on purpose": (_, { digest }) => Effect.flatMap(Store, (store) => store.drop(digest)),
  removed: tampering((path) => rmSync(path)),
  truncated: tampering((path) => truncateSync(path, 1)),
  emptied: tampering((path) => truncateSync(path, 0)),
  "appended to": tampering((path) => appendFileSync(path, "1")),
  overwritten: tampering((path) => writeFileSync(path, "12345")),
}

describe("a result that was lost and comes out otherwise", () => {
  for (const [how, lose] of Object.entries(losses)) {
    it(`takes the place of the old one for all who read it: ${how}`, inStore((directory) => Effect.gen(function* () {
      const { draw, old, end, fresh } = graph()
      const { settled } = yield* runAll([draw, old, end])
      const first = storedOf(draw.out.value, settled)!
      yield* lose(directory, first)
      yield* told
      const again = yield* runAll([draw, old, end, fresh])
      assert.deepInclude(yield* told, { started: ["sum/id=end", "sum/id=fresh", "sum/id=old", "toss/id=draw"], replaced: ["toss/id=draw"], differs: [] })
      assert.notStrictEqual(storedOf(draw.out.value, again.settled)!.digest, first.digest)
      assert.deepInclude(countsOf(again.settled), { run: 4, replaced: 1 })
      yield* runAll([draw, old, end, fresh])
      assert.deepStrictEqual(yield* told, nothing)
    })))
  }

  it("is told with what to do, counted in the last line, and kept with the record", inStore((directory) => Effect.gen(function* () {
    const { draw, old } = graph()
    const { settled } = yield* runAll([draw, old])
    const before = storedOf(draw.out.value, settled)!
    yield* losses["removed"]!(directory, before)
    yield* told
    const again = yield* runAll([draw, old])
    const line = (yield* Notes).events.flatMap((event) => (event._tag === "ResultReplaced" ? [message.line(event)!] : []))[0]!
    assert.match(line, /^replaced toss\/id=draw: value came out with other bytes than those that were lost\. .*made again\. .*pipeline verify SPEC --only toss\/id=draw$/)
    assert.include(message.summary(countsOf(again.settled), { passed: 0, different: 0, failed: 0, untested: 0 }, 1), " skipped · 1 lost result replaced · 0 checks")
    const how = again.settled.get(draw)!
    const provenance = yield* provenanceOf(how._tag === "Done" ? how.key! : assert.fail())
    assert.deepStrictEqual(provenance._tag === "Some" ? provenance.value.replaces : [], [before])
  })))

  it("changes nothing, and is not told, where the same comes out again", inStore((directory) => Effect.gen(function* () {
    const { draw, old, end, fresh } = graph()
    const { settled } = yield* runAll([draw, old, end])
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    yield* told
    dice.next = 0
    const again = yield* runAll([draw, old, end, fresh])
    assert.deepStrictEqual(yield* told, { started: ["sum/id=fresh", "toss/id=draw"], replaced: [], differs: [], again: [] })
    assert.deepStrictEqual(outcomes(again.settled), { "toss/id=draw": "run", "sum/id=old": "hit", "sum/id=end": "hit", "sum/id=fresh": "run" })
  })))

  it("reruns nothing behind a node that gives the same of it", inStore((directory) => Effect.gen(function* () {
    const { draw, fresh } = graph()
    const capped = node(cap, { limit: -1 }, { term: draw.out.value }, {})
    const end = term(capped.out.value, 2, "end")
    const { settled } = yield* runAll([draw, capped, end])
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    yield* told
    yield* runAll([draw, capped, end, fresh])
    assert.deepInclude(yield* told, { started: ["cap", "sum/id=fresh", "toss/id=draw"], replaced: ["toss/id=draw"], again: ["cap"] })
  })))

  it("spares who took another output of it that came out the same", inStore((directory) => Effect.gen(function* () {
    const { draw } = graph()
    const two = node(blur, { sides: 1000 }, { term: draw.out.value }, {})
    const [moved, same, fresh] = [term(two.out.value, 1, "moved"), term(two.out.sharp, 2, "same"), term(two.out.value, 3, "fresh")]
    const { settled } = yield* runAll([moved, same])
    yield* losses["dropped on purpose"]!(directory, storedOf(two.out.value, settled)!)
    yield* told
    const again = yield* runAll([moved, same, fresh])
    assert.deepInclude(yield* told, { started: ["blur", "sum/id=fresh", "sum/id=moved"], replaced: ["blur"], again: ["sum/id=moved"] })
    assert.strictEqual(outcomes(again.settled)["sum/id=same"], "hit")
  })))

  it("goes for all its outputs, although only one was lost", inStore((directory) => Effect.gen(function* () {
    const { draw } = graph()
    const two = node(blur, { sides: 1000 }, { term: draw.out.value }, {})
    const [of, beside] = [term(two.out.sharp, 1, "of"), term(two.out.value, 2, "beside")]
    const { settled } = yield* runAll([of, beside])
    yield* losses["removed"]!(directory, storedOf(two.out.sharp, settled)!)
    yield* told
    yield* runAll([of, beside])
    // The part that was lost came out the same, so the first result is whole again, and stays.
    assert.deepStrictEqual(yield* told, { started: ["blur"], replaced: [], differs: ["blur"], again: [] })
  })))

  it("of one item takes the place of it in the list, and of the same item in another list", inStore((directory) => Effect.gen(function* () {
    const lists = [502, 501].map((from) => map(blur, "term", { sides: 1000 }, { term: node(range, { from, to: 503 }, {}, { from }).out.numbers }, { from }))
    const totals = lists.map((each, i) => node(sum, { plus: i }, { terms: each.out.value }, { of: i }))
    const { settled } = yield* runAll(totals)
    const item = allOf(lists[0]!.out.value[0]!, settled)[0]!
    yield* losses["dropped on purpose"]!(directory, item)
    yield* told
    yield* runAll([...totals, node(sum, { plus: 7 }, { terms: lists[0]!.out.value }, { of: "fresh" })])
    const { started, replaced } = yield* told
    assert.deepStrictEqual(started.map((name) => name.replace(/\[\d\]$/, "[]")), ["blur/from=502[]", "sum/of=0", "sum/of=1", "sum/of=fresh"])
    assert.deepStrictEqual(replaced, ["blur/from=501", "blur/from=502", "blur/from=502[0]"])
  })))

  it("takes the place of it in a node of the same key as well", inStore((directory) => Effect.gen(function* () {
    const twins = ["one", "two"].map((id) => node(toss, { sides: 1000 }, {}, { id }))
    const readers = twins.map(({ out, labels }, i) => term(out.value, 1 + i, `${labels["id"]}`))
    const { settled } = yield* runAll([...twins, ...readers])
    yield* losses["dropped on purpose"]!(directory, storedOf(twins[0]!.out.value, settled)!)
    yield* told
    const again = yield* runAll([...twins, ...readers, term(twins[1]!.out.value, 9, "fresh")])
    assert.strictEqual(storedOf(twins[0]!.out.value, again.settled)!.digest, storedOf(twins[1]!.out.value, again.settled)!.digest)
    assert.deepInclude((yield* told).started, "sum/id=one")
  })))
})

describe("a result that is found lost in the middle of a run", () => {
  /** The bytes go as soon as a node begins, once. */
  const whenBegun = Effect.fnUntraced(function* (name: string, what: Effect.Effect<void, CacheError>) {
    let done = false
    ;(yield* Notes).inside.set(name, Effect.suspend(() => {
      if (done) return Effect.void
      done = true
      return what
    }))
  })

  it("opens again what was settled by it, hits and what had run", inStore((directory) => Effect.gen(function* () {
    const { draw, old, end, fresh } = graph()
    const { settled } = yield* runAll([draw, old, end])
    const late = term(fresh.out.value, 5, "late")
    const both = node(sum, { plus: 0 }, { terms: [late.out.value, draw.out.value] }, { id: "both" })
    yield* told
    const store = yield* Store
    yield* whenBegun("sum/id=both", Effect.provideService(losses["removed"]!(directory, storedOf(draw.out.value, settled)!), Store, store))
    const again = yield* runAll([draw, old, end, fresh, late, both])
    assert.deepStrictEqual(yield* told, {
      started: ["sum/id=both", "sum/id=end", "sum/id=fresh", "sum/id=late", "sum/id=old", "toss/id=draw"],
      replaced: ["toss/id=draw"],
      differs: [],
      again: ["sum/id=fresh", "sum/id=old"],
    })
    assert.deepInclude(countsOf(again.settled), { hit: 0, run: 6, replaced: 1 })
  })))

  it("is taken from another run that made it meanwhile, and told", inStore((directory) => Effect.gen(function* () {
    const { draw, old, fresh } = graph()
    const { settled } = yield* runAll([draw, old])
    yield* told
    const services = yield* Effect.context<Effect.Services<ReturnType<typeof runAll>>>()
    const elsewhere = Effect.andThen(losses["removed"]!(directory, storedOf(draw.out.value, settled)!), Effect.asVoid(Effect.scoped(runAll([draw]))))
    yield* whenBegun("sum/id=fresh", Effect.provideContext(elsewhere, services))
    const again = yield* runAll([draw, old, fresh])
    assert.deepInclude(yield* told, { replaced: ["toss/id=draw"], again: ["sum/id=old"] })
    assert.deepInclude(countsOf(again.settled), { hit: 1, run: 2, replaced: 1 })
  })))

  it("is made again for the page, with all that lies behind it, so that all that is read is of one draw", inStore((directory) => Effect.gen(function* () {
    const { draw, old, end } = graph()
    const { plan, context, settled } = yield* runAll([draw, old, end])
    yield* losses["removed"]!(directory, storedOf(draw.out.value, settled)!)
    yield* told
    const bytesOf = yield* read([draw.out.value, old.out.value, end.out.value], "the page", plan, settled, context)
    yield* fitTogether(plan, context, settled)
    const [first, second, third] = [draw, old, end].map(({ out }) => Number(new TextDecoder().decode(bytesOf(out.value))))
    assert.deepStrictEqual([second, third], [first! + 1, first! + 3])
    assert.deepInclude(yield* told, { started: ["sum/id=end", "sum/id=old", "toss/id=draw"], replaced: ["toss/id=draw"] })
  })))

  it("fails who reads it where it cannot be made again, and passes for a hit nowhere", inStore((directory) => Effect.gen(function* () {
    const { draw, old, fresh } = graph()
    const { settled } = yield* runAll([draw, old])
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    ;(yield* Notes).inside.set("toss/id=draw", Effect.die(new Error("unreachable")))
    const { settled: part } = yield* runPlan(planOf([draw, old, fresh]), { leftOut: new Set<Node>([draw]) })
    assert.deepStrictEqual(outcomes(part), { "toss/id=draw": "failed: SpecError", "sum/id=old": "skipped: toss/id=draw", "sum/id=fresh": "skipped: toss/id=draw" })
  })))
})

describe("with a part, by force, and by a person's word", () => {
  it("what is left out and was made of the old result passes for a hit no more", inStore((directory) => Effect.gen(function* () {
    const { draw, old, end, fresh } = graph()
    const { settled } = yield* runAll([draw, old, end])
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    const leftOut = new Set<Node>([old])
    const { settled: part } = yield* runPlan(planOf([draw, old, end, fresh]), { leftOut })
    assert.deepStrictEqual(outcomes(part), { "toss/id=draw": "run", "sum/id=old": "failed: SpecError", "sum/id=end": "skipped: sum/id=old", "sum/id=fresh": "run" })
    assert.deepInclude(countsOf(asked(part, { leftOut })), { failed: 1, replaced: 1 })
  })))

  it("a forced node whose first result is there keeps it; where that was dropped, the new one takes its place", inStore((directory) => Effect.gen(function* () {
    const { draw, old } = graph()
    const forced = { forced: new Set<Node>([draw]) }
    const { settled } = yield* runAll([draw, old])
    yield* told
    const kept = yield* runAll([draw, old], forced)
    assert.deepStrictEqual(yield* told, { started: ["toss/id=draw"], replaced: [], differs: ["toss/id=draw"], again: [] })
    assert.deepStrictEqual(outcomes(kept.settled), { "toss/id=draw": "run", "sum/id=old": "hit" })
    yield* losses["dropped on purpose"]!(directory, storedOf(draw.out.value, settled)!)
    assert.deepStrictEqual([...(yield* foresee(planOf([draw, old]), yield* contextOf(forced))).values()].map(message.foreseen), ["run: forced", "maybe: toss/id=draw runs"])
    yield* runAll([draw, old], forced)
    assert.deepStrictEqual(yield* told, { started: ["sum/id=old", "toss/id=draw"], replaced: ["toss/id=draw"], differs: [], again: [] })
  })))

  it("a forced item whose bytes were dropped takes the place of it in another list", inStore((directory) => Effect.gen(function* () {
    const lists = [502, 501].map((from) => map(blur, "term", { sides: 1000 }, { term: node(range, { from, to: 503 }, {}, { from }).out.numbers }, { from }))
    const { settled } = yield* runAll(lists)
    yield* losses["dropped on purpose"]!(directory, allOf(lists[0]!.out.value[0]!, settled)[0]!)
    const again = yield* runAll(lists, { forced: new Set<Node>([lists[0]!]) })
    const [one, other] = lists.map(({ out }) => allOf(out.value[0]!, again.settled).map(({ digest }) => digest))
    assert.deepStrictEqual(other!.slice(1), one)
  })))

  it("what stood by a person's word stands by it no longer", inStore((directory) => Effect.gen(function* () {
    const { draw, old } = graph()
    const lastKeys = new Map([...(yield* runAll([draw, old])).settled].flatMap(([each, how]) => (how._tag === "Done" ? [[each.name, how.key!] as const] : [])))
    const edited = { code: "edited", lastKeys }
    const word = { by: "reader", when: "2026-01-02T03:04:05.000Z", because: "only names changed" }
    for (const what of (yield* review(planOf([draw, old]), yield* contextOf(edited))).values()) if (what._tag === "Acceptable") yield* accept(what, word)
    const { settled } = yield* runAll([draw, old], edited)
    yield* told
    yield* losses["removed"]!(directory, storedOf(draw.out.value, settled)!)
    const again = yield* runAll([draw, old], edited)
    assert.deepInclude(yield* told, { started: ["sum/id=old", "toss/id=draw"], replaced: ["toss/id=draw"] })
    assert.deepStrictEqual(yield* acceptedIn(again.settled), [])
  })))
})

const acceptedIn = (settled: Settlements) =>
  Effect.map(
    Effect.forEach([...settled.values()].flatMap((how) => (how._tag === "Done" && how.key !== null ? [how.key] : [])), provenanceOf),
    (kept) => kept.flatMap((each) => (each._tag === "Some" ? (each.value.accepted ?? []) : [])),
  )
