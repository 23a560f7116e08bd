// The graph of a tiny plan, as text to the letter, and as a picture with its labels.
import { describe, expect, it } from "vitest"
import { dot, fold, mermaid, svg } from "../../../pipeline/plan/graph.ts"
import { node, source } from "../../../pipeline/node.ts"
import { cap, given, sum } from "../../support/arithmetic.ts"
import { planOf } from "../../support/engine.ts"

const parts = [1, 2, 3].map((value) => node(given, { value }, {}, { value }))
const capped = node(cap, { limit: 2 }, { term: parts[0]!.out.value })
const total = node(sum, { plus: 0 }, { terms: [...parts.map((part) => part.out.value), capped.out.value] })
const folded = fold(planOf([total, source({ path: "data.bin" })]))

describe("the graph of a plan", () => {
  it("has a box per stage, with how many nodes it stands for, and one arrow for all between two", () => {
    expect(folded).toEqual({
      boxes: [
        { name: "given", nodes: 3 },
        { name: "cap", nodes: 1 },
        { name: "sum", nodes: 1 },
        { name: "source", nodes: 1 },
      ],
      arrows: [
        { from: "given", to: "cap", count: 1 },
        { from: "given", to: "sum", count: 3 },
        { from: "cap", to: "sum", count: 1 },
      ],
    })
  })

  it("is this in Mermaid", () => {
    expect(mermaid(folded)).toBe(`flowchart LR
  given["given × 3"]
  cap["cap"]
  sum["sum"]
  source["source"]
  given --> cap
  given --> sum
  cap --> sum
`)
  })

  it("is this in DOT", () => {
    expect(dot(folded).split("\n").slice(2)).toEqual([
      '  "given" [label="given × 3"]',
      '  "cap" [label="cap"]',
      '  "sum" [label="sum"]',
      '  "source" [label="source"]',
      '  "given" -> "cap"',
      '  "given" -> "sum"',
      '  "cap" -> "sum"',
      "}",
      "",
    ])
  })

  it("is drawn with its labels, in the colour of the text around it", async () => {
    const picture = await svg(dot(folded))
    expect(picture.startsWith("<?xml") || picture.startsWith("<svg")).toBe(true)
    for (const label of ["given × 3", "cap", "sum", "source"]) expect(picture).toContain(`>${label}</text>`)
    expect(picture).toContain("currentColor")
    expect(picture).not.toContain('"black"')
  })
})
