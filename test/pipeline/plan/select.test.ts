// Which nodes a pattern asks for, over a diamond, a chain and a grid; and the patterns that ask for nothing.
import { describe, expect, it } from "vitest"
import { above, cell, check } from "../../../pipeline/check.ts"
import { PlanError } from "../../../pipeline/error.ts"
import { grid, node, source } from "../../../pipeline/node.ts"
import { plan } from "../../../pipeline/plan/plan.ts"
import { noPatterns, select, type Patterns } from "../../../pipeline/plan/select.ts"
import { cap, given, sum } from "../../support/arithmetic.ts"
import { planOf } from "../../support/engine.ts"

const a = node(given, { value: 1 }, {}, { id: "a" })
const b = node(cap, { limit: 5 }, { term: a.out.value }, { id: "b" })
const c = node(cap, { limit: 6 }, { term: a.out.value }, { id: "c" })
const d = node(sum, { plus: 0 }, { terms: [b.out.value, c.out.value] }, { id: "d" })
const diamond = planOf([d])

/** Two widths with three replicas each, and the sum of each width. */
const nets = grid({ h: [6, 64], replica: [0, 1, 2] }).map((at) => node(given, { value: 1 }, {}, at))
const sums = [6, 64].map((h) =>
  node(sum, { plus: 0 }, { terms: nets.filter((net) => net.labels["h"] === h).map((net) => net.out.value) }, { h }),
)
const cells = planOf(sums)

const chosen = (plan: typeof diamond, patterns: Partial<Patterns>) => select(plan, { ...noPatterns, ...patterns })
/** What may run, by its id, in the plan's order. */
const asked = (patterns: Partial<Patterns>): string => {
  const { leftOut } = chosen(diamond, patterns)
  return diamond.nodes
    .filter((each) => !leftOut.has(each))
    .map((each) => each.name.at(-1))
    .join("")
}
/** What is looked up for those. */
const lookedUp = (patterns: Partial<Patterns>): string => {
  const { leftOut, plan } = chosen(diamond, patterns)
  return plan.nodes
    .filter((each) => leftOut.has(each))
    .map((each) => each.name.at(-1))
    .join("")
}
const counted = (patterns: Partial<Patterns>): ReadonlyArray<string> => {
  const { leftOut } = chosen(cells, patterns)
  return cells.nodes.filter((each) => !leftOut.has(each)).map((each) => each.name)
}
const refusal = (patterns: Partial<Patterns>, plan = diamond): readonly [string, string] => {
  try {
    chosen(plan, patterns)
  } catch (error) {
    if (error instanceof PlanError) return [error.reason, error.message]
    throw error
  }
  throw new Error("it was not refused")
}

describe("select", () => {
  it("asks for the whole plan without a pattern, and then leaves the plan as it is", () => {
    expect(asked({})).toBe("abcd")
    expect(chosen(diamond, {}).plan).toBe(diamond)
  })

  it("until takes in what is needed", () => {
    expect(asked({ until: ["cap/id=b"] })).toBe("ab")
    expect(asked({ until: ["cap/id=b", "cap/id=c"] })).toBe("abc")
  })

  it("from takes in what needs them, and what those need besides", () => {
    expect(asked({ from: ["cap/id=b"] })).toBe("abcd")
    expect(lookedUp({ from: ["cap/id=b"] })).toBe("")
    const chain = planOf([d, node(cap, { limit: 1 }, { term: a.out.value }, { id: "aside" })])
    expect([...chosen(chain, { from: ["cap/id=b"] }).leftOut].map((each) => each.name)).toEqual(["cap/id=aside"])
  })

  it("from and until together take in what is between, with its needs", () => {
    expect(asked({ from: ["cap/id=b"], until: ["cap"] })).toBe("ab")
  })

  it("only takes in nothing else, and looks up what is needed", () => {
    expect([asked({ only: ["sum/id=d"] }), lookedUp({ only: ["sum/id=d"] })]).toEqual(["d", "abc"])
    expect([asked({ only: ["given/id=a", "sum/id=d"] }), lookedUp({ only: ["given/id=a", "sum/id=d"] })]).toEqual([
      "ad",
      "bc",
    ])
  })

  it("except leaves out what needs them, too", () => {
    expect(asked({ except: ["cap/id=b"] })).toBe("ac")
    expect(asked({ until: ["sum/id=d"], except: ["sum"] })).toBe("abc")
  })

  it("keeps the order of what is left", () => {
    const { plan } = chosen(diamond, { until: ["cap/id=b"] })
    expect(plan.nodes).toEqual([a, b])
    expect([...plan.byName.keys()]).toEqual(["given/id=a", "cap/id=b"])
  })

  it("forces nodes without narrowing anything", () => {
    const { forced, leftOut } = chosen(diamond, { force: ["cap"] })
    expect([[...forced], leftOut.size]).toEqual([[b, c], 0])
  })

  it("selects in a chain of 20,000 nodes without running out of stack", () => {
    let last = a.out.value
    for (let i = 0; i < 20_000; i++) last = node(cap, { limit: 1 }, { term: last }, { i }).out.value
    expect(chosen(planOf([last.node]), { from: ["cap/i=7"], except: ["cap/i=19999"] }).plan.nodes).toHaveLength(20_000)
  })
})

describe("a pattern", () => {
  it("is a name, a stage, or a name with signs for any text and any letter", () => {
    expect(counted({ until: ["sum/h=6"] })).toEqual([
      "given/h=6,replica=0",
      "given/h=6,replica=1",
      "given/h=6,replica=2",
      "sum/h=6",
    ])
    expect(counted({ only: ["given"] })).toHaveLength(6)
    expect(counted({ only: ["*h=64*"] })).toHaveLength(4)
    expect(counted({ only: ["given/h=6,*"] })).toHaveLength(3)
    expect(counted({ only: ["given/h=6?,replica=1"] })).toEqual(["given/h=64,replica=1"])
  })

  it("is a figure: what draws it, and what judges the claims under it", () => {
    const whole = plan({
      nodes: [d],
      checks: [
        check({ id: "claim", claim: "", source: "", value: cell(c.out.value as never, {}, "x"), expect: above(0) }),
      ],
      page: {
        title: "",
        lead: [],
        figures: [
          { id: "3a", title: "", caption: "", figure: b.out.value, checks: ["claim"] },
          { id: "3b", title: "", caption: "", figure: a.out.value },
        ],
        render: () => Promise.reject(new Error("no page")),
      },
    })
    const left = (until: string): ReadonlyArray<string> =>
      [...chosen(whole, { until: [until] }).leftOut].map((each) => each.name)
    expect([left("figure/3a"), left("figure/3b"), left("figure/*")]).toEqual([
      ["sum/id=d"],
      ["cap/id=b", "cap/id=c", "sum/id=d"],
      ["sum/id=d"],
    ])
    expect(refusal({ until: ["figure/3"] }, whole)[1]).toBe(
      "No node and no stage matches figure/3. Similar names are: figure/3a, figure/3b.",
    )
  })

  it("takes every other sign for itself", () => {
    const odd = planOf([
      node(given, { value: 1 }, {}, { at: "a+b(c)[d].e" }),
      node(given, { value: 2 }, {}, { at: "aab" }),
    ])
    expect(chosen(odd, { only: ["given/at=a+b(c)[d].e"] }).leftOut.size).toBe(1)
    expect(chosen(odd, { only: ["*(c)[d].?"] }).leftOut.size).toBe(1)
    expect(refusal({ only: ["given/at=a.*b.e"] }, odd)[0]).toBe("UnknownNode")
  })

  it("that matches nothing is refused, naming those that resemble it", () => {
    expect(refusal({ until: ["cap/id=bb"] })).toEqual([
      "UnknownNode",
      expect.stringMatching(/^No node and no stage matches cap\/id=bb\. Similar names are: cap\/id=b, /),
    ])
    expect(refusal({ except: ["givn"] })[1]).toBe(
      "No node and no stage matches givn. Similar names are: given, given/id=a.",
    )
    expect(refusal({ only: ["xyz"] })[1]).toBe(
      "No node and no stage matches xyz. See pipeline plan SPEC --all for all names.",
    )
    // Even where another matches.
    expect(refusal({ only: ["cap", "kap*x"] })[0]).toBe("UnknownNode")
  })

  it("that leaves nothing to run is refused", () => {
    expect(refusal({ except: ["given"] })[0]).toBe("NothingSelected")
    expect(refusal({ only: ["cap"], until: ["given"] })[0]).toBe("NothingSelected")
  })

  it("that forces only what is left out, or what never runs, is refused", () => {
    expect(refusal({ force: ["sum"], until: ["cap"] })).toEqual([
      "NothingSelected",
      "--force sum matches only nodes that are left out of this run, or sources, which do not run.",
    ])
    expect(refusal({ force: ["source"] }, planOf([source({ path: "x" }), a]))[0]).toBe("NothingSelected")
  })
})
