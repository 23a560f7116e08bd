// In what two tables differ: which rows are the same ones, which columns changed and where most.
import { describe, expect, it } from "vitest"
import { compareTables } from "../../../pipeline/history/compare-table.ts"
import { tableChange } from "../../../pipeline/history/message.ts"

const none = { columns: [], rows: 0, first: [] }
const before = { h: [8, 8, 16], t: [0.5, 1, 1], steps: [200, 300, 400], loss: [0.5, 0.25, 0.125] }
const wide = (x: number) => ({ a: [x], b: [x], c: [x], d: [x], e: [x] })

describe("two tables", () => {
  it("are compared row by row as their labels say, in whatever order the rows are", () => {
    const after = { loss: [0.1, 0.5, 0.2], h: [16, 8, 8], t: [1, 0.5, 1], steps: [400, 200, 310] }
    expect(compareTables(before, after)).toEqual({
      paired: 3,
      columns: [
        { name: "steps", rows: 1, most: { at: { h: 8, t: 1 }, before: 300, after: 310, relative: 10 / 310 } },
        {
          name: "loss",
          rows: 2,
          most: { at: { h: 8, t: 1 }, before: 0.25, after: 0.2, relative: expect.closeTo(0.2) as number },
        },
      ],
      before: none,
      after: none,
    })
  })

  it("name the rows and columns that only one of them has", () => {
    const after = { h: [8, 8, 16, 32], t: [0.5, 1, 1, 1], steps: [200, 300, 400, 9], error: [1, 1, 1, 1] }
    const change = compareTables(before, after)
    expect(change).toEqual({
      paired: 3,
      columns: [],
      before: { ...none, columns: ["loss"] },
      after: { columns: ["error"], rows: 1, first: [{ h: 32, t: 1 }] },
    })
    expect(tableChange("curve", change)).toEqual([
      "curve: columns only before: loss",
      "curve: columns only after: error",
      "curve: rows only after: 1 (h=32,t=1)",
    ])
  })

  it("are compared by place where nothing tells their rows apart", () => {
    expect(compareTables({ x: [1, 2] }, { x: [1, 4] }).columns).toEqual([
      { name: "x", rows: 1, most: { at: { row: 2 }, before: 2, after: 4, relative: 0.5 } },
    ])
    const repeated = compareTables({ kind: ["a", "a", "b"], x: [1, 2, 3] }, { kind: ["b", "a", "a"], x: [3, 1, 9] })
    expect(repeated.columns.map(({ rows, most: { at, before, after } }) => [rows, at, before, after])).toEqual([
      [1, { row: 3, kind: "a" }, 2, 9],
    ])
  })

  it("of one row need no label", () => {
    expect(tableChange("total", compareTables({ x: [0.25] }, { x: [0.5] }))).toEqual([
      "total: x in 1 of 1 row, the largest change: 0.25 → 0.5 (50 %)",
    ])
  })

  it("show what has become no number before any other change, and take it for no change where it was none", () => {
    const { columns } = compareTables(
      { at: ["a", "b", "c"], x: [1, 2, NaN] },
      { at: ["a", "b", "c"], x: [1000, NaN, NaN] },
    )
    expect(columns).toEqual([{ name: "x", rows: 2, most: { at: { at: "b" }, before: 2, after: NaN, relative: null } }])
  })

  it("with the same values differ in nothing but their bytes", () => {
    expect(tableChange("x", compareTables({ a: [1, 2], b: ["x", "y"] }, { b: ["y", "x"], a: [2, 1] }))).toEqual([
      "x: the same values, in another order or in other bytes",
    ])
  })

  it("are told in a few lines, however many columns changed", () => {
    expect(tableChange("wide", compareTables(wide(1), wide(2))).map((line) => line.slice(0, 9))).toEqual([
      "wide: a i",
      "wide: b i",
      "wide: c i",
      "wide: and",
    ])
  })
})
