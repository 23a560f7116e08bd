// What a person's word does: a chain of nodes whose code changed keeps what it made, and nothing else is taken over.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { digestOf, type Key } from "../../../cache/digest.ts"
import { Store } from "../../../cache/store.ts"
import { accept, review, type Review } from "../../../pipeline/override/accept.ts"
import { accepted, otherMeaning } from "../../../pipeline/override/acceptance.ts"
import { reviewed } from "../../../pipeline/commands/override/message.ts"
import { map, node, type Node } from "../../../pipeline/node.ts"
import { pieceKeys } from "../../../pipeline/run/map.ts"
import { provenanceOf } from "../../../pipeline/run/provenance.ts"
import type { Settlements } from "../../../pipeline/run/settled.ts"
import { cap, given, range, sum } from "../../support/arithmetic.ts"
import { contextOf, outcomes, planOf, ranNow, runNodes, world, type Setting } from "../../support/engine.ts"

/** A number, capped, and the sum of it and some more. */
const chain = ({ limit = 5, plus = 0 } = {}) => {
  const a = node(given, { value: 1 }, {}, { id: "a" })
  const b = node(cap, { limit }, { term: a.out.value }, { id: "b" })
  const c = node(sum, { plus }, { terms: [b.out.value] }, { id: "c" })
  return { a, b, c }
}
/** The numbers from one to the last, each capped. */
const list = (to: number) => [map(cap, "term", { limit: 3 }, { term: node(range, { from: 1, to }, {}).out.numbers })]
type Chain = ReturnType<typeof chain>

const word = { by: "reader", when: "2026-01-02T03:04:05.000Z", because: "a loop became a sum" }
const keysOf = (settled: Settlements): ReadonlyMap<string, Key> =>
  new Map(
    [...settled].flatMap(([each, how]) =>
      how._tag === "Done" && how.key !== null ? [[each.name, how.key] as const] : [],
    ),
  )
const reviewsOf = (nodes: Chain, setting: Setting) =>
  Effect.flatMap(contextOf(setting), (context) => review(planOf(nodes), context))
const told = (reviews: ReadonlyMap<Node, Review>) => [...reviews].map(([{ name }, what]) => reviewed(name, what, false))
const acceptAll = Effect.fnUntraced(function* (reviews: ReadonlyMap<Node, Review>) {
  const keys = new Map<string, Key>()
  for (const [{ name }, what] of reviews) {
    if (what._tag === "Acceptable") yield* accept(what, word)
    if (what._tag !== "Refused") keys.set(name, what.key)
  }
  return keys
})
/** The last keys of a chain that was made by the code of old. */
const madeBefore = Effect.gen(function* () {
  const lastKeys = keysOf(yield* runNodes(chain()))
  yield* ranNow
  return lastKeys
})

describe("accepting", () => {
  it.effect("takes over what a chain of nodes made before its code changed, and a run finds it done", () =>
    Effect.gen(function* () {
      const lastKeys = yield* madeBefore
      const setting = { lastKeys, code: "edited" }
      const reviews = yield* reviewsOf(chain(), setting)
      assert.deepStrictEqual(told(reviews), [
        "given/id=a  accepted: code",
        "cap/id=b  accepted: code",
        "sum/id=c  accepted: code",
      ])
      // Looking wrote nothing.
      assert.deepStrictEqual(
        [...(yield* reviewsOf(chain(), setting)).values()].map(({ _tag }) => _tag),
        ["Acceptable", "Acceptable", "Acceptable"],
      )
      yield* acceptAll(reviews)
      assert.deepStrictEqual(outcomes(yield* runNodes(chain(), setting)), {
        "given/id=a": "hit",
        "cap/id=b": "hit",
        "sum/id=c": "hit",
      })
      assert.deepStrictEqual(yield* ranNow, [])
      assert.deepStrictEqual(
        told(yield* reviewsOf(chain(), setting)).map((text) => text.split("  ")[1]),
        Array.from({ length: 3 }, () => "already a hit: there is nothing to accept"),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("keeps by whose word it was, every time, and how it was made", () =>
    Effect.gen(function* () {
      const lastKeys = yield* madeBefore
      const once = yield* acceptAll(yield* reviewsOf(chain(), { lastKeys, code: "edited" }))
      const twice = yield* acceptAll(yield* reviewsOf(chain(), { lastKeys: once, code: "edited again" }))
      const [first, last] = yield* Effect.forEach([lastKeys, twice], (keys) =>
        Effect.map(provenanceOf(keys.get("cap/id=b")!), Option.getOrThrow),
      )
      const [old, edited, again] = [digestOf("code"), digestOf("edited"), digestOf("edited again")]
      assert.deepStrictEqual(last!.accepted, [
        { from: lastKeys.get("cap/id=b")!, ...word, differences: [{ path: "code", before: old, after: edited }] },
        { from: once.get("cap/id=b")!, ...word, differences: [{ path: "code", before: edited, after: again }] },
      ])
      const { accepted: _, parts, ...made } = last!
      assert.deepStrictEqual({ ...made, parts: { ...parts, code: old } }, first)
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes over the items of a list too, so that a longer list computes what is new, by the same word", () =>
    Effect.gen(function* () {
      const lastKeys = keysOf(yield* runNodes(list(2)))
      const setting = { lastKeys, code: "edited" }
      const accepted = yield* acceptAll(
        yield* Effect.flatMap(contextOf(setting), (context) => review(planOf(list(2)), context)),
      )
      const kept = yield* Effect.forEach(yield* pieceKeys("cap", accepted.get("cap"), new Map()), provenanceOf)
      assert.deepStrictEqual(
        kept.map((each) => Option.getOrThrow(each).parts.code),
        [digestOf("edited"), digestOf("edited")],
      )
      yield* ranNow
      const longer = keysOf(yield* runNodes(list(3), setting))
      assert.deepStrictEqual(yield* ranNow, ["range", "cap[2]"])
      assert.deepStrictEqual(
        Option.getOrThrow(yield* provenanceOf(longer.get("cap")!)).accepted?.map(({ by }) => by),
        ["reader"],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is refused where another result was asked for, and behind it", () =>
    Effect.gen(function* () {
      const lastKeys = yield* madeBefore
      assert.deepStrictEqual(told(yield* reviewsOf(chain({ limit: 4 }), { lastKeys, code: "edited" })), [
        "given/id=a  accepted: code",
        "cap/id=b  refused: param limit 5→4: this change asks for another result. Run it",
        "sum/id=c  refused: it needs cap/id=b, which would run. Accept or run cap/id=b first",
      ])
    }).pipe(Effect.provide(world)),
  )

  it.effect("is refused behind a node that is not to be accepted, however far away", () =>
    Effect.gen(function* () {
      const nodes = chain()
      const lastKeys = yield* madeBefore
      assert.deepStrictEqual(
        told(yield* reviewsOf(nodes, { lastKeys, code: "edited", leftOut: new Set<Node>([nodes.a, nodes.b]) })),
        ["sum/id=c  refused: it needs given/id=a, which would run. Accept or run given/id=a first"],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is refused where nothing was made, or it is gone", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const nodes = chain()
      const lastKeys = yield* madeBefore
      const refusal = (keys: ReadonlyMap<string, Key>, code: string) =>
        Effect.map(reviewsOf(nodes, { lastKeys: keys, code }), (reviews) => told(reviews)[0]!.split(": ")[1])
      assert.strictEqual(
        yield* refusal(new Map(), "edited"),
        "it was never made, or nothing tells any more how it was made. Run it",
      )
      const { outputs } = Option.getOrThrow(yield* store.record(lastKeys.get("given/id=a")!))
      yield* store.drop(outputs[0]!.digest)
      assert.strictEqual(
        yield* refusal(lastKeys, "edited"),
        "value, made the last time, is no longer in the store. Run it",
      )
      yield* store.forget(lastKeys.get("given/id=a")!)
      assert.strictEqual(
        yield* refusal(lastKeys, "code"),
        "its record, made the last time, is no longer in the store. Run it",
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("a person's word", () => {
  it("is given for code and what it runs on, and for nothing that was asked", () => {
    const paths = [
      "code",
      "package effect",
      "node",
      "params.lr",
      "inputs.data",
      "seed",
      "threads",
      "platform",
      "environment.LANG",
      "format",
      "stage",
    ]
    assert.deepStrictEqual(
      otherMeaning(paths.map((path) => ({ path, before: "a", after: "b" }))).map(({ path }) => path),
      paths.slice(3),
    )
  })

  it("is summed up by who gave it, when, why and for which stage", () => {
    const code = { path: "code", before: "a", after: "b" }
    const bump = { path: "package effect", before: "4.1.0 x", after: "4.1.1 y" }
    const given = { ...word, from: "f" as Key, differences: [code] }
    assert.deepStrictEqual(
      accepted([
        { stage: "train", accepted: [given] },
        { stage: "init", accepted: [] },
        { stage: "train", accepted: [given, { ...given, by: "Bob" }] },
        { stage: "measure", accepted: [{ ...given, differences: [code, bump] }] },
        { stage: "train", accepted: [{ ...given, differences: [bump] }] },
      ]),
      [
        { stage: "train", nodes: 3, what: "code, package effect 4.1.0→4.1.1", ...word },
        { stage: "train", nodes: 1, what: "code", ...word, by: "Bob" },
        { stage: "measure", nodes: 1, what: "code, package effect 4.1.0→4.1.1", ...word },
      ],
    )
  })
})
