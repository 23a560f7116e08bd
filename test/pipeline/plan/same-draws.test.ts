// One draw under two names: three numbers that look independent and are not. Told wherever stage, params, inputs and
// replica are the same, whatever the nodes and those behind them are called.
import { describe, expect, it } from "vitest"
import { refuseSameDraws } from "../../../pipeline/plan/same-draws.ts"
import { PlanError } from "../../../pipeline/error.ts"
import { grid, map, node, source, type Labels, type Node, type Output } from "../../../pipeline/node.ts"
import { plan } from "../../../pipeline/plan/plan.ts"
import { draw, given, range, shake } from "../../support/arithmetic.ts"

const page = { title: "", lead: [], figures: [], render: () => Promise.reject(new Error("no page")) }
const told = (nodes: ReadonlyArray<Node>): string | undefined => {
  try {
    plan({ nodes, checks: [], page })
    return undefined
  } catch (error) {
    if (error instanceof PlanError && error.reason === "SameDraw") return error.message
    throw error
  }
}

const dice = { sides: 6 }
const one = node(given, { value: 1 }, {}, { id: "one" })
const uno = node(given, { value: 1 }, {}, { id: "uno" })
const two = node(given, { value: 2 }, {}, { id: "two" })
const numbers = node(range, { from: 1, to: 3 }, {})
const shaken = (labels: Labels, from: { readonly out: { readonly value: Output } } = one) =>
  node(shake, dice, { term: from.out.value }, labels)

const same: ReadonlyArray<readonly [sentence: string, nodes: () => ReadonlyArray<Node>, named: string]> = [
  [
    "a grid over seeds",
    () => grid({ seed: [0, 1, 2] }).map((labels) => node(draw, dice, {}, labels)),
    "draw/seed=0, draw/seed=1, draw/seed=2.",
  ],
  [
    "a grid of more than three",
    () => grid({ seed: [0, 1, 2, 3, 4] }).map((labels) => node(draw, dice, {}, labels)),
    "draw/seed=0, draw/seed=1, draw/seed=2 and 2 more.",
  ],
  [
    "a label that is nearly called replica",
    () => [node(draw, dice, {}, { Replica: 0 }), node(draw, dice, {}, { Replica: 1 })],
    "draw/Replica=0, draw/Replica=1.",
  ],
  [
    "a label beside one replica",
    () => grid({ run: ["a", "b"], replica: [3] }).map((labels) => node(draw, dice, {}, labels)),
    "draw/run=a,replica=3, draw/run=b,replica=3.",
  ],
  [
    "no replica, and replica 0",
    () => [node(draw, dice, {}), node(draw, dice, {}, { replica: 0 })],
    "draw, draw/replica=0.",
  ],
  [
    "equal params in another order",
    () => [node(draw, { ...dice }, {}, { a: 1 }), node(draw, { sides: 6 }, {}, { b: 1 })],
    "draw/a=1, draw/b=1.",
  ],
  ["the same input", () => [shaken({ a: 1 }), shaken({ a: 2 })], "shake/a=1, shake/a=2."],
  [
    "inputs that mean the same under two names",
    () => [shaken({ a: 1 }, one), shaken({ a: 2 }, uno)],
    "shake/a=1, shake/a=2.",
  ],
  [
    "items of one list, twice",
    () => [1, 2].map((a) => map(shake, "term", dice, { term: numbers.out.numbers }, { a })),
    "shake/a=1, shake/a=2.",
  ],
]

const different: ReadonlyArray<readonly [sentence: string, nodes: () => ReadonlyArray<Node>]> = [
  ["a grid over replicas", () => grid({ replica: [0, 1, 2] }).map((labels) => node(draw, dice, {}, labels))],
  ["other params", () => [node(draw, dice, {}, { sides: 6 }), node(draw, { sides: 8 }, {}, { sides: 8 })]],
  ["a seed that is a param", () => [6, 7].map((sides) => node(draw, { sides }, {}, { seed: sides }))],
  ["other inputs", () => [shaken({ a: 1 }, one), shaken({ a: 2 }, two)]],
  [
    "inputs that are other draws",
    () => [0, 1].map((replica) => shaken({ of: replica }, node(draw, dice, {}, { replica }))),
  ],
  ["another stage", () => [node(draw, dice, {}), shaken({})]],
  [
    "one node that two need",
    () => {
      const drawn = node(draw, dice, {})
      return [shaken({ a: 1 }, drawn), shaken({ a: 2, replica: 1 }, drawn), drawn]
    },
  ],
  ["a stage that does not draw", () => [one, uno]],
  [
    "items of a list, and the list at once",
    () => {
      const term = numbers.out.numbers
      return [map(shake, "term", dice, { term }, { a: 1 }), node(shake, dice, { term }, { a: 2 })]
    },
  ],
  ["two sources", () => [source({ path: "a" }), source({ path: "b" })]],
]

describe("the same draw under two names is refused", () => {
  for (const [sentence, nodes, named] of same) {
    it(sentence, () => {
      expect(told(nodes())).toBe(
        `These nodes would draw the same random numbers: ${named} They have the same params and inputs, ` +
          "and only the label replica numbers the draws of a random stage. " +
          "Name the label replica (replica: 0, replica: 1, …), or use one node instead of all of them.",
      )
    })
  }
})

describe("draws that differ are not", () => {
  for (const [sentence, nodes] of different) {
    it(sentence, () => {
      expect(told(nodes())).toBeUndefined()
    })
  }
})

it("asks ten thousand draws in a moment, also where all have one seed", () => {
  const terms = Array.from({ length: 10_000 }, (_, value) => node(given, { value }, {}, { value }))
  const nodes = terms.flatMap((term, i) => [term, shaken({ i }, term)])
  const began = performance.now()
  refuseSameDraws(nodes)
  expect(performance.now() - began).toBeLessThan(1_000)
})
