// A claim is one record: its number, its check and its place under a figure follow from it, and one that is on nothing
// is refused.
import { Effect, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { within } from "../../../pipeline/check.ts"
import { node, type StageNode } from "../../../pipeline/node.ts"
import { stage, Table } from "../../../pipeline/stage.ts"
import { checksOf, type Claim, claimsOn, figuresWith, summariesOf } from "../../../specs/support/claims.ts"
import { Study } from "../../../specs/support/study.ts"
import type { SummarizeParams } from "../../../stages/statistics/summarize.ts"

export const row = stage(import.meta, "row", {
  params: Schema.Struct({}),
  inputs: {},
  outputs: { table: Table, without: Table },
  run: async () => ({ run: () => Effect.succeed({ table: { x: [1] }, without: { x: [1] } }) }),
})
const { table, without } = node(row, {}, {}).out
const claim = (id: string, more: Partial<Claim> = {}): Claim => ({
  id,
  figure: "1",
  quantity: { of: "mean", y: id },
  claim: `${id} is one.`,
  source: "Fig. 1",
  expect: within(1, 0.1),
  ...more,
})
const figures = ["1", "2"].map((id) => ({ id, title: id, caption: id, figure: table }))
const quantitiesOf = ({ node }: { readonly node: unknown }): SummarizeParams["quantities"] =>
  ((node as StageNode).params as unknown as SummarizeParams).quantities

describe("a claim", () => {
  const claims = claimsOn({ "1": table, both: { whole: table, without } }, [
    claim("a"),
    claim("b", { figure: "2", table: "both", published: "1.1" }),
    claim("c"),
    claim("d"),
  ])
  const summaries = summariesOf(new Study(), claims)

  it("is a quantity of its table, in the order in which it is written", () => {
    expect(quantitiesOf(summaries["1"]!).map(({ name }) => name)).toEqual(["a", "c", "d"])
    expect(quantitiesOf(summaries["both"]!)).toEqual([{ name: "b", of: "mean", y: "b" }])
    expect(Object.values(summaries).map((summary) => summary.node.name)).toEqual([
      "summarize/of=1",
      "jackknife/of=both",
    ])
  })

  it("is a check, and no more of it than a check has", () => {
    const checks = checksOf(claims, summaries)
    expect(checks.map(({ id }) => id)).toEqual(["a", "b", "c", "d"])
    expect(checks[1]).toEqual({
      id: "b",
      claim: "b is one.",
      source: "Fig. 1",
      published: "1.1",
      expect: checks[1]!.expect,
      method: checks[1]!.method,
      value: { output: summaries["both"], where: { quantity: "b" }, column: "value" },
      spread: "spread",
    })
  })

  it("says how its number is taken, with every constant that decides it", () => {
    const range = claim("ranged", {
      quantity: { of: "slope", x: "h", y: "change", by: ["replica"], from: 60, to: 1100, where: { depth: [2, 5] } },
    })
    expect(checksOf({ claims: [range] }, { 1: summaries["both"]!, both: summaries["both"]! })[0]!.method).toBe(
      'Quantity: slope; x h; y change; by ["replica"]; from 60; to 1100; where {"depth":[2,5]}.',
    )
  })

  it("stands under its figure, in the order in which it is written", () => {
    expect(figuresWith(figures, claims.claims).map(({ checks }) => checks)).toEqual([["a", "c", "d"], ["b"]])
  })
})

describe("it is refused", () => {
  it("that two have one id", () => {
    expect(() => figuresWith(figures, [claim("a"), claim("a", { figure: "2" })])).toThrow(
      "two claims are called a. Give one of them another id",
    )
  })

  it("that one stands under no figure", () => {
    expect(() => figuresWith(figures, [claim("a", { figure: "3" })])).toThrow(
      "the claim a names the figure 3, which does not exist. The figures are 1, 2",
    )
  })

  it("that one is on no table", () => {
    expect(() => claimsOn({ both: table }, [claim("a")])).toThrow(
      "the claim a names the table 1, which does not exist. The tables are both. Name one of them as its table",
    )
  })
})
