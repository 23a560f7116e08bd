// Where nodes of a tiny plan come from and what is made of them.
import { describe, expect, it } from "vitest"
import { lineage, type Direction } from "../../../pipeline/history/lineage.ts"
import { ancestor } from "../../../pipeline/history/message.ts"
import { map, node, type Node } from "../../../pipeline/node.ts"
import { cap, divide, given, range, sum } from "../../support/arithmetic.ts"
import { planOf } from "../../support/engine.ts"

const start = node(given, { value: 7 }, {})
const halves = node(divide, { by: 2 }, { term: start.out.value })
const capped = node(cap, { limit: 2 }, { term: halves.out.quotient })
const total = node(sum, { plus: 0 }, { terms: [capped.out.value, halves.out.remainder] })
const plan = planOf(total)

const tree = (root: Node, direction: Direction): ReadonlyArray<string> =>
  lineage(plan, root, direction, (each) =>
    each === total
      ? undefined
      : ["value", "quotient", "remainder"].map((name) => ({
          name,
          digest: `${name[0]}${each.name}`.padEnd(64, "0") as never,
          size: 1,
        })),
  ).map(ancestor)

describe("the lineage of a node", () => {
  it("goes up to where it comes from, naming a part once more where it comes back", () => {
    expect(tree(total, "up")).toEqual([
      "sum  value (not made)",
      "  cap  value vcap00000000  as terms",
      "    divide  quotient qdivide00000  as term",
      "      given  value vgiven000000  as term",
      "  divide  remainder rdivide00000  as terms  (see above)",
    ])
  })

  it("goes down to what is made of it", () => {
    expect(tree(start, "down")).toEqual([
      "given  value vgiven000000",
      "  divide  quotient qdivide00000, remainder rdivide00000  as term",
      "    cap  value vcap00000000  as term",
      "      sum  value (not made)  as terms",
      "    sum  value (not made)  as terms",
    ])
  })

  it("of an end is the end alone", () => {
    expect([tree(start, "up"), tree(total, "down")]).toEqual([["given  value vgiven000000"], ["sum  value (not made)"]])
  })

  it("names the items of a node over a list, of a long one the first", () => {
    const each = map(cap, "term", { limit: 2 }, { term: node(range, { from: 1, to: 2 }, {}).out.numbers })
    const told = (items: number | undefined) =>
      lineage(planOf([each]), each, "down", () =>
        items === undefined
          ? undefined
          : Array.from({ length: items }, (_, i) => ({
              name: `value/${i}`,
              digest: String(i).padEnd(64, "0") as never,
              size: 1,
            })),
      ).map(ancestor)
    expect(told(2)).toEqual(["cap  value/0 000000000000, value/1 100000000000"])
    expect(told(9)[0]).toMatch(/value\/5 500000000000, … 9 in all$/)
    expect([told(0), told(undefined)]).toEqual([["cap  (no items)"], ["cap  value (not made)"]])
  })
})
