// From nodes to their order: inputs first, whatever the shape; and what makes no plan.
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import type { Check } from "../../../pipeline/check.ts"
import { atMost, cell } from "../../../pipeline/check.ts"
import { PlanError } from "../../../pipeline/error.ts"
import { grid, map, node, source, type Labels, type Output, type StageNode } from "../../../pipeline/node.ts"
import { inputsOf, plan } from "../../../pipeline/plan/plan.ts"
import type { Nodes, Page } from "../../../pipeline/spec.ts"
import { Table } from "../../../pipeline/stage.ts"
import { cap, given, sum } from "../../support/arithmetic.ts"

const page = (ids: ReadonlyArray<string>, figure: Output): Page => ({
  title: "",
  lead: [],
  figures: ids.map((id) => ({ id, title: "", caption: "", figure })),
  render: () => Promise.reject(new Error("no page")),
})
const empty: Page = { ...page([], undefined as never), figures: [] }
const names = (nodes: Nodes): ReadonlyArray<string> =>
  plan({ nodes, checks: [], page: empty }).nodes.map((each) => each.name)
const refusal = (make: () => unknown): readonly [string, string] => {
  try {
    make()
  } catch (error) {
    if (error instanceof PlanError) return [error.reason, error.message]
    throw error
  }
  throw new Error("it was not refused")
}

const a = node(given, { value: 1 }, {}, { id: "a" })
const b = node(cap, { limit: 1 }, { term: a.out.value }, { id: "b" })
const c = node(sum, { plus: 0 }, { terms: [b.out.value, a.out.value, b.out.value] }, { id: "c" })

describe("plan", () => {
  it("puts inputs before those that take them, each node once", () => {
    expect(names([c, b, a])).toEqual(["given/id=a", "cap/id=b", "sum/id=c"])
  })

  it("finds nodes in lists and records of any depth, and those behind them", () => {
    expect(names({ deep: [{ c }], other: [[source({ path: "x" })]] })).toEqual([
      "given/id=a",
      "cap/id=b",
      "sum/id=c",
      "source/x",
    ])
  })

  it("finds the nodes of checks and figures", () => {
    const table = { ...c.out.value, kind: Table } as Output<Table>
    const check: Check = { id: "one", claim: "", source: "", value: cell(table, {}, "x"), expect: atMost(1) }
    expect(plan({ nodes: [], checks: [check], page: empty }).nodes).toHaveLength(3)
    expect(plan({ nodes: [], checks: [], page: page(["fig"], b.out.value) }).nodes).toHaveLength(2)
  })

  it("knows every node by its name", () => {
    const { byName } = plan({ nodes: [c], checks: [], page: empty })
    expect([...byName.keys()]).toEqual(["given/id=a", "cap/id=b", "sum/id=c"])
    expect(byName.get("sum/id=c")).toBe(c)
  })

  it("refuses a cycle, naming its nodes", () => {
    const inputs: { [name: string]: Output } = {}
    const first: StageNode = { ...node(cap, { limit: 1 }, { term: a.out.value }, { id: "first" }), inputs }
    const second = node(
      cap,
      { limit: 1 },
      { term: { node: first, name: "value", kind: { kind: "json", many: false } } },
      { id: "second" },
    )
    inputs["term"] = second.out.value
    const third = node(cap, { limit: 2 }, { term: second.out.value }, { id: "third" })
    const [reason, message] = refusal(() => names([third]))
    expect(reason).toBe("Cycle")
    expect(message).toContain("cap/id=second <- cap/id=first <- cap/id=second.")
    expect(message).not.toContain("third")
  })

  it("refuses two nodes of one name", () => {
    expect(refusal(() => names([a, node(given, { value: 2 }, {}, { id: "a" })]))).toEqual([
      "DuplicateName",
      "Two nodes are called given/id=a. Add a label to one of them, so that the names differ.",
    ])
  })

  it("refuses figures and checks of one id", () => {
    expect(refusal(() => plan({ nodes: [], checks: [], page: page(["fig", "other", "fig"], b.out.value) }))[0]).toBe(
      "CollidingOutput",
    )
    const check: Check = {
      id: "one",
      claim: "",
      source: "",
      value: cell(a.out.value as Output<Table>, {}, "x"),
      expect: atMost(1),
    }
    expect(refusal(() => plan({ nodes: [], checks: [check, check], page: empty }))).toEqual([
      "CollidingOutput",
      "Two checks of the page are called one. Rename one of them.",
    ])
  })

  it("orders a chain of 100,000 nodes without running out of stack", () => {
    let last = a.out.value
    for (let i = 0; i < 100_000; i++) last = node(cap, { limit: 1 }, { term: last }, { i }).out.value
    expect(names([last.node])).toHaveLength(100_001)
  })
})

describe("node", () => {
  it("is named by its stage and labels, and keeps its params as data", () => {
    const one = node(given, { value: 1 }, {}, { h: 64, replica: 3 })
    expect([one.name, one.params]).toEqual(["given/h=64,replica=3", { value: 1 }])
  })

  it("refuses params that do not fit, naming the node, and all that is wrong", () => {
    expect(() => node(given, { value: "x" } as never, {}, { h: 1 })).toThrow(
      /params of given\/h=1 do not fit the stage given.*/,
    )
    expect(() => node(given, { value: 1, typo: 2 } as never, {})).toThrow(/typo/)
  })

  const named: ReadonlyArray<readonly [labels: Labels, name: string]> = [
    [{}, "given"],
    [{ replica: 0 }, "given/replica=0"],
    [{ replica: Number.MAX_SAFE_INTEGER }, "given/replica=9007199254740991"],
    [{ h: "64" }, "given/h=64"],
    [{ h: 64 }, "given/h=64"],
    [{ alpha: -0 }, "given/alpha=0"],
    [{ alpha: Infinity, net: "a=b/c", part: "[1] of 2" }, "given/alpha=Infinity,net=a=b/c,part=[1] of 2"],
    [{ replicas: "all" }, "given/replicas=all"],
  ]
  for (const [labels, name] of named) {
    it(`may be called ${name}`, () => {
      expect(node(given, { value: 1 }, {}, labels).name).toBe(name)
    })
  }

  const nameless: ReadonlyArray<readonly [labels: { readonly [label: string]: unknown }, says: string]> = [
    [
      { replica: "1" },
      "given/replica=1 is '1', which is not the number of a draw. Write a whole number from 0, such as replica: 0.",
    ],
    [
      { h: 64, replica: "first" },
      "The replica of given/h=64,replica=first is 'first', which is not the number of a draw.",
    ],
    [{ replica: 1.5 }, "The replica of given/replica=1.5 is 1.5,"],
    [{ replica: -1 }, "The replica of given/replica=-1 is -1,"],
    [{ replica: -0 }, "The replica of given/replica=0 is -0,"],
    [{ replica: Number.NaN }, "The replica of given/replica=NaN is NaN,"],
    [{ replica: Infinity }, "The replica of given/replica=Infinity is Infinity,"],
    [{ replica: 2 ** 53 }, "The replica of given/replica=9007199254740992 is 9007199254740992,"],
    [{ replica: 1n }, "The replica of given/replica=1 is 1n,"],
    [{ replica: true }, "The replica of given/replica=true is true,"],
    [{ replica: null }, "The replica of given/replica=null is null,"],
    [{ replica: undefined }, "The replica of given/replica=undefined is undefined,"],
    [{ replica: [1] }, "The replica of given/replica=1 is [ 1 ],"],
    [{ a: "x,replica=3" }, "The label a of given/a=x,replica=3 holds a comma, or ends like an item of a list,"],
    [{ "a=1,b": 2 }, "The label a=1,b of given/a=1,b=2 holds a comma or an equals sign,"],
    [{ a: "x[3]" }, "The label a of given/a=x[3] holds a comma, or ends like an item of a list,"],
  ]
  for (const [labels, says] of nameless) {
    it(`may not be called by ${inspect(labels)}: no two nodes of one name draw differently`, () => {
      expect(() => node(given, { value: 1 }, {}, labels as never)).toThrow(says)
      const inputs = { term: a.out.value }
      expect(() => map(cap, "term", { limit: 1 }, inputs, labels as never)).toThrow(says.replaceAll("given", "cap"))
    })
  }

  it("gathers many outputs into one input", () => {
    expect(inputsOf(c).map((output) => output.node.name)).toEqual(["cap/id=b", "given/id=a", "cap/id=b"])
  })
})

describe("grid", () => {
  it("has every cell, the last label fastest", () => {
    expect(grid({ h: [64, 128], replica: [0, 1] })).toEqual([
      { h: 64, replica: 0 },
      { h: 64, replica: 1 },
      { h: 128, replica: 0 },
      { h: 128, replica: 1 },
    ])
    expect(grid({})).toEqual([{}])
    expect(grid({ h: [], replica: [1] })).toEqual([])
  })
})
