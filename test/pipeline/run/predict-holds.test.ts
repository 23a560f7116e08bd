// What was foretold is what a run does, form by form: with and without a journal, lost and dropped bytes, lists, parts,
// and what is forced.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Key } from "../../../cache/digest.ts"
import { MemoryStore } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import { predict } from "../../../pipeline/run/predict.ts"
import { map, node, type Node, type Output } from "../../../pipeline/node.ts"
import { cap, given, range, sum } from "../../support/arithmetic.ts"
import { contextOf, planOf, runNodes, world, type Setting } from "../../support/engine.ts"
import { agrees } from "../../support/predicted.ts"

/** A number, capped, and the sum of it; something beside it that takes the first number, too. */
const chain = ({ value = 7, limit = 5, plus = 0, label = "id" } = {}) => {
  const a = node(given, { value }, {}, { [label]: "a" })
  const b = node(cap, { limit }, { term: a.out.value }, { [label]: "b" })
  return {
    a,
    b,
    c: node(sum, { plus }, { terms: [b.out.value] }, { [label]: "c" }),
    d: node(sum, { plus: 100 }, { terms: [a.out.value] }, { [label]: "d" }),
  }
}
/** The numbers from one to the last, each capped, and their sum. */
const list = (to: number) => {
  const numbers = node(range, { from: 1, to }, {})
  const each = map(cap, "term", { limit: 50 }, { term: numbers.out.numbers })
  return { numbers, each, total: node(sum, { plus: 0 }, { terms: each.out.value }) }
}
/** The same numbers under another name. */
const numbersTo = (to: number) => node(range, { from: 1, to }, {}, { id: to })
/** Twice the same under two names. */
const twins = () => ["one", "two"].map((id) => node(given, { value: 3 }, {}, { id }))

interface Form {
  readonly form: string
  /** What ran before. */
  readonly past?: ReadonlyArray<Node>
  /** Of those: whose first output was dropped, or is lost. */
  readonly dropped?: ReadonlyArray<string>
  readonly lost?: ReadonlyArray<string>
  readonly now: ReadonlyArray<Node>
  readonly journal?: true
  readonly setting?: (nodes: (...names: ReadonlyArray<string>) => ReadonlySet<Node>) => Setting
  readonly shown?: ReadonlyArray<Output>
  /** By what the labels call the nodes, or by their stages. */
  readonly says: { readonly [node: string]: string }
}

const [old, list3] = [chain(), list(3)]
/** What the capped number is, too. */
const five = node(given, { value: 5 }, {}, { id: "five" })
const all = (nodes: { readonly [name: string]: Node }): ReadonlyArray<Node> => Object.values(nodes)
const hits = { a: "hit", b: "hit", c: "hit", d: "hit" }
const fresh = (id: string, ...terms: ReadonlyArray<Output>) => node(sum, { plus: 9 }, { terms }, { id })

const forms: ReadonlyArray<Form> = [
  {
    form: "an empty store",
    now: all(old),
    says: { a: "run: first run", b: "maybe: given/id=a runs", c: "maybe: cap/id=b runs", d: "maybe: given/id=a runs" },
  },
  { form: "nothing new, and a journal", past: all(old), journal: true, now: all(old), says: hits },
  {
    form: "nothing new, and no journal, as after its loss or in a spec of another name",
    past: all(old),
    now: all(old),
    says: hits,
  },
  { form: "new labels", past: all(old), journal: true, now: all(chain({ label: "name" })), says: hits },
  {
    form: "another spec that shares some nodes",
    past: all(old),
    now: [old.b, fresh("new", old.a.out.value)],
    says: { a: "hit", b: "hit", new: "run: first run" },
  },
  {
    form: "an edit that the wave ends behind, without a journal",
    past: all(old),
    now: all(chain({ value: 8 })),
    says: { a: "run: first run", b: "maybe: given/id=a runs", c: "maybe: cap/id=b runs", d: "maybe: given/id=a runs" },
  },
  {
    form: "an edit of the middle, with a journal",
    past: all(old),
    journal: true,
    now: all(chain({ limit: 4 })),
    says: { ...hits, b: "run: param limit 5→4", c: "maybe: cap/id=b runs" },
  },
  { form: "two nodes of one key", now: twins(), says: { one: "run: first run", two: "maybe: given/id=one runs" } },
  {
    form: "lost bytes",
    past: all(old),
    lost: ["cap/id=b"],
    now: all(old),
    says: { ...hits, b: "run: missing value", c: "maybe: cap/id=b runs" },
  },
  {
    form: "bytes that two nodes gave, and are lost",
    past: [old.b, five],
    lost: ["cap/id=b"],
    now: [old.b, five],
    says: { a: "hit", b: "run: missing value", five: "maybe: missing value; cap/id=b runs" },
  },
  {
    form: "dropped bytes that nobody needs",
    past: all(old),
    dropped: ["given/id=a", "cap/id=b"],
    now: all(old),
    says: hits,
  },
  {
    form: "dropped bytes for something new, which changes who read them before",
    past: all(old),
    dropped: ["given/id=a"],
    now: [...all(old), fresh("new", old.a.out.value)],
    says: {
      a: "run: missing value",
      b: "maybe: given/id=a runs",
      c: "maybe: cap/id=b runs",
      d: "maybe: given/id=a runs",
      new: "maybe: given/id=a runs",
    },
  },
  {
    form: "dropped bytes behind dropped bytes",
    past: all(old),
    dropped: ["given/id=a", "cap/id=b"],
    now: [...all(old), fresh("new", old.b.out.value)],
    says: {
      a: "run: missing value",
      b: "maybe: missing value; given/id=a runs",
      c: "maybe: cap/id=b runs",
      d: "maybe: given/id=a runs",
      new: "maybe: cap/id=b runs",
    },
  },
  {
    form: "dropped bytes that are shown",
    past: all(old),
    dropped: ["sum/id=d"],
    now: all(old),
    shown: [old.d.out.value],
    says: { ...hits, d: "run: missing value" },
  },
  {
    form: "dropped bytes that only a maybe may need",
    past: all(old),
    dropped: ["cap/id=b"],
    now: [
      ...all(old),
      node(sum, { plus: 1 }, { terms: [node(given, { value: 9 }, {}).out.value, old.b.out.value] }, { id: "new" }),
    ],
    says: {
      ...hits,
      given: "run: first run",
      b: "maybe: missing value; given runs",
      c: "maybe: cap/id=b runs",
      new: "maybe: given runs",
    },
  },
  {
    form: "a list that is shorter now, all whose items are done",
    past: all(list3),
    now: all(list(2)),
    says: { range: "run: first run", cap: "maybe: range runs", sum: "maybe: cap runs" },
  },
  {
    form: "a list that is known, all whose items are done, but not together",
    past: [...all(list3), numbersTo(2)],
    now: all(list(2)),
    says: { range: "hit", cap: "hit", sum: "run: first run" },
  },
  {
    form: "a list that is known, with an item that is not done",
    past: [...all(list3), numbersTo(4)],
    now: all(list(4)),
    says: { range: "hit", cap: "run: first run", sum: "maybe: cap runs" },
  },
  {
    form: "a list that was dropped, in front of items that are done",
    past: [...all(list3), numbersTo(2)],
    dropped: ["range/id=2"],
    now: all(list(2)),
    says: { range: "run: missing numbers", cap: "maybe: range runs", sum: "maybe: cap runs" },
  },
  {
    form: "a forced hit",
    past: all(old),
    now: all(old),
    setting: (nodes) => ({ forced: nodes("given/id=a") }),
    says: { ...hits, a: "run: forced" },
  },
  {
    form: "something new behind a forced hit",
    past: all(old),
    journal: true,
    now: all(chain({ limit: 4 })),
    setting: (nodes) => ({ forced: nodes("given/id=a") }),
    says: { ...hits, a: "run: forced", b: "maybe: param limit 5→4; given/id=a runs", c: "maybe: cap/id=b runs" },
  },
  {
    form: "a forced hit whose bytes were dropped",
    past: all(old),
    dropped: ["given/id=a"],
    now: all(old),
    setting: (nodes) => ({ forced: nodes("given/id=a") }),
    says: { a: "run: forced", b: "maybe: given/id=a runs", c: "maybe: cap/id=b runs", d: "maybe: given/id=a runs" },
  },
  {
    form: "a forced node behind one that runs",
    past: all(old),
    now: all(chain({ value: 8 })),
    setting: (nodes) => ({ forced: nodes("sum/id=c") }),
    says: { a: "run: first run", b: "maybe: given/id=a runs", c: "run: forced", d: "maybe: given/id=a runs" },
  },
  {
    form: "an input that is left out and there",
    past: all(old),
    now: [...all(old), fresh("new", old.b.out.value)],
    setting: (nodes) => ({ leftOut: nodes("given/id=a", "cap/id=b") }),
    says: { c: "hit", d: "hit", new: "run: first run" },
  },
  {
    form: "an input that is left out and was never made",
    now: all(old),
    setting: (nodes) => ({ leftOut: nodes("given/id=a") }),
    says: Object.fromEntries(
      ["b", "c", "d"].map((name) => [name, "cannot run: needs given/id=a, which is left out and not in the store"]),
    ),
  },
  {
    form: "an input that is left out and dropped",
    past: all(old),
    dropped: ["given/id=a"],
    now: [...all(old), fresh("new", old.a.out.value)],
    setting: (nodes) => ({ leftOut: nodes("given/id=a") }),
    says: { b: "hit", c: "hit", d: "hit", new: "cannot run: needs given/id=a, which is left out and not in the store" },
  },
  {
    form: "an input that is left out behind one that runs",
    past: all(old),
    now: all(chain({ value: 8 })),
    setting: (nodes) => ({ leftOut: nodes("cap/id=b") }),
    says: { a: "run: first run", c: "maybe: given/id=a runs", d: "maybe: given/id=a runs" },
  },
]

describe("what is foretold of", () => {
  for (const {
    form,
    past = [],
    dropped = [],
    lost = [],
    now,
    journal,
    setting = () => ({}),
    shown = [],
    says,
  } of forms) {
    it.live(`${form} is what a run does`, () =>
      Effect.gen(function* () {
        const [store, control] = [yield* Store, yield* MemoryStore]
        const settled = yield* runNodes(past)
        const digestOf = (name: string) =>
          [...settled].flatMap(([each, how]) =>
            each.name === name && how._tag === "Done" ? [how.outputs[0]!.digest] : [],
          )
        for (const digest of dropped.flatMap(digestOf)) yield* store.drop(digest)
        for (const digest of lost.flatMap(digestOf)) yield* control.drop(digest)
        const lastKeys = new Map(
          [...settled].flatMap(([each, how]): ReadonlyArray<[string, Key]> =>
            how._tag === "Done" && how.key !== null ? [[each.name, how.key]] : [],
          ),
        )
        const plan = { ...planOf(now), shown }
        const named = (...names: ReadonlyArray<string>) => new Set(names.map((name) => plan.byName.get(name)!))
        const context = yield* contextOf({ ...(journal && { lastKeys }), ...setting(named) })
        const { sentences } = yield* agrees(plan, context, predict)
        const byLabel = Object.entries(sentences).map(([name, sentence]) => [name.split("=").at(-1)!, sentence])
        assert.deepStrictEqual(Object.fromEntries(byLabel), says)
      }).pipe(Effect.provide(world)),
    )
  }
})
