// Judging a claim by one cell of a table: what holds, what does not, and what cannot be said.
import { describe, expect, it } from "vitest"
import {
  above,
  atLeast,
  atMost,
  below,
  between,
  cell,
  countChecks,
  judge,
  within,
  type Check,
  type Expectation,
  type Verdict,
} from "../../pipeline/check.ts"
import type { Output } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"

const table: Table = {
  h: [64, 128, 128, 256],
  slope: [-1.02, -0.9, Number.NaN, 2],
  error: [0.01, 0.02, 0.03, 0.04],
  note: ["a", "b", "c", "d"],
}
const slopeAt = (h: number, expect: Expectation, rest: Partial<Check> = {}): Check => ({
  id: "slope",
  claim: "it falls",
  source: "Fig. 1",
  value: cell({} as Output<Table>, { h }, "slope"),
  expect,
  ...rest,
})
const verdict = (check: Check, of: Table | undefined = table): readonly [string, boolean] => {
  const { verdict, asDeclared } = judge(check, of, "quick")
  return [verdict, asDeclared]
}
const at = (value: number, expectation: Expectation): boolean =>
  verdict(slopeAt(1, expectation), { h: [1], slope: [value] })[0] === "agrees"

const declared = (verdict: Verdict): Partial<Check> => ({
  differs: within(-1, 0.05),
  declared: { verdict, reason: "it is known" },
})
const end = (verdict: Verdict, asDeclared = true) => ({ verdict, asDeclared })

describe("an expectation", () => {
  it("within takes both its ends, and nothing beyond", () => {
    expect([-1.25, -1, -0.75, -1.26, -0.74].map((value) => at(value, within(-1, 0.25)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })

  it("at most, at least and above have one end", () => {
    expect([1, 2, 3].map((value) => at(value, atMost(2)))).toEqual([true, true, false])
    expect([1, 2, 3].map((value) => at(value, atLeast(2)))).toEqual([false, true, true])
    expect([1, 2, 3].map((value) => at(value, above(2)))).toEqual([false, false, true])
  })

  it("below has one end, between has two", () => {
    expect([1, 2, 3].map((value) => at(value, below(2)))).toEqual([true, false, false])
    expect([0.5, 0.6, 1.6, 1.7].map((value) => at(value, between(0.6, 1.6)))).toEqual([false, true, true, false])
  })

  it("is never met by what is not a number", () => {
    expect(
      [within(0, 1), between(0, 1), atMost(1), atLeast(1), above(1), below(1)].map((each) => at(Number.NaN, each)),
    ).toEqual([false, false, false, false, false, false])
    // An infinite number is what a division by zero leaves: it is no number to judge.
    for (const value of [Infinity, -Infinity])
      expect(judge(slopeAt(1, atLeast(-9)), { h: [1], slope: [value] }, "quick")).toMatchObject({
        verdict: "not judged",
        asDeclared: false,
        note: "These runs give no finite number for it.",
      })
  })

  it("says itself as people write it", () => {
    expect([within(-1, 0.08), atMost(0.1 + 0.2), atLeast(2), above(0)].map((each) => each.text)).toEqual([
      "-1 ± 0.08",
      "at most 0.3",
      "at least 2",
      "above 0",
    ])
    expect([between(0.6, 1.6), below(2), within(0, 0)].map((each) => each.text)).toEqual([
      "0.6 to 1.6",
      "below 2",
      "exactly 0",
    ])
  })

  it("says what it would take to fail", () => {
    expect([within(-1, 0.08), between(0.6, 1.6), within(0, 0)].map((each) => each.fails)).toEqual([
      "outside -1.08 to -0.92",
      "outside 0.6 to 1.6",
      "at any value except 0",
    ])
    expect([atMost(2), atLeast(2), above(0), below(1)].map((each) => each.fails)).toEqual([
      "above 2",
      "below 2",
      "at 0 or below",
      "at 1 or above",
    ])
  })
})

describe("judge", () => {
  it("gives the number it saw, and its spread from the same row", () => {
    expect(judge(slopeAt(64, within(-1, 0.08), { spread: "error" }), table, "quick")).toMatchObject({
      measured: -1.02,
      spread: 0.01,
      verdict: "excludes",
      asDeclared: true,
    })
    expect(judge(slopeAt(64, atMost(-1.015), { spread: "error" }), table, "quick")).toMatchObject({
      verdict: "open",
      asDeclared: true,
      note: "Cannot tell: the interval contains values that fit and values that do not.",
    })
    // A column that is not there, a text, or a width that is none: the interval cannot be read.
    for (const [spread, error] of [
      ["absent", undefined],
      ["note", undefined],
      ["error", -1],
      ["error", Infinity],
    ] as const) {
      const rows = error === undefined ? table : { ...table, error: table["error"]!.map(() => error) }
      const judged = judge(slopeAt(64, within(-1, 0.08), { spread }), rows, "quick")
      expect(judged).toMatchObject({ verdict: "not judged", asDeclared: false })
      expect(judged.note).toMatch(/^Its interval cannot be read: the column/)
    }
    // A number that nothing gives an interval for has none, which is not one of no size.
    expect(
      judge(
        slopeAt(64, within(-1, 0.08), { spread: "error" }),
        { ...table, error: table["error"]!.map(() => Number.NaN) },
        "quick",
      ).spread,
    ).toBeNull()
  })

  it("finds a contradiction where nothing fits, and that is a failure unless declared", () => {
    expect(verdict(slopeAt(256, within(-1, 0.08)))).toEqual(["contradicts", false])
    expect(verdict(slopeAt(256, within(-1, 0.08), declared("contradicts")))).toEqual(["contradicts", true])
    expect(verdict(slopeAt(64, within(-1, 0.08), declared("contradicts")))).toEqual(["agrees", false])
  })

  it("expects at a scale what is declared for it, and the default elsewhere", () => {
    const check = slopeAt(64, within(-1, 0.08), { at: { paper: within(-1, 0.01) } })
    expect(judge(check, table, "quick")).toMatchObject({ verdict: "agrees", expect: { text: "-1 ± 0.08" } })
    expect(judge(check, table, "paper")).toMatchObject({ verdict: "contradicts", expect: { text: "-1 ± 0.01" } })
  })

  it("finds a difference where only the wider range holds, which is no failure", () => {
    expect(verdict(slopeAt(64, within(-1, 0.01), { differs: within(-1, 0.05) }))).toEqual(["differs", true])
    expect(verdict(slopeAt(256, within(-1, 0.01), { differs: within(-1, 0.05) }))).toEqual(["contradicts", false])
    expect(verdict(slopeAt(64, within(-1, 0.05), { differs: within(-1, 9) }))).toEqual(["agrees", true])
  })

  it("holds every declared verdict to its word", () => {
    expect(verdict(slopeAt(64, within(-1, 0.01), declared("differs")))).toEqual(["differs", true])
    expect(verdict(slopeAt(64, within(-1, 0.05), declared("differs")))).toEqual(["agrees", false])
    expect(verdict({ ...slopeAt(1, atMost(9), declared("not judged")) }, { h: [1], slope: [Number.NaN] })).toEqual([
      "not judged",
      true,
    ])
  })

  it("cannot judge without exactly one row, and that is a failure", () => {
    for (const [h, rows] of [
      [32, 0],
      [128, 2],
    ] as const) {
      const judged = judge(slopeAt(h, atMost(9)), table, "quick")
      expect(judged).toMatchObject({ verdict: "not judged", measured: null, asDeclared: false })
      expect(judged.note).toBe(`Its table has ${rows} rows where {"h":${h}} (slope). The check needs one number.`)
    }
  })

  it("cannot judge a text, a column that is not there, or an empty table", () => {
    expect(verdict({ ...slopeAt(64, atMost(1)), value: cell({} as Output<Table>, { h: 64 }, "note") })).toEqual([
      "not judged",
      false,
    ])
    expect(verdict({ ...slopeAt(64, atMost(1)), value: cell({} as Output<Table>, { h: 64 }, "absent") })).toEqual([
      "not judged",
      false,
    ])
    expect(verdict({ ...slopeAt(64, atMost(1)), value: cell({} as Output<Table>, { absent: 1 }, "slope") })).toEqual([
      "not judged",
      false,
    ])
    expect(verdict(slopeAt(64, atMost(1)), {})).toEqual(["not judged", false])
  })

  it("takes the only row of a table where nothing is asked of it", () => {
    expect(
      verdict({ ...slopeAt(0, atMost(9)), value: cell({} as Output<Table>, {}, "slope") }, { slope: [1] }),
    ).toEqual(["agrees", true])
  })

  it("fails where the table was not made, since nobody can say that the claim holds", () => {
    expect(judge(slopeAt(64, atMost(1)), undefined, "quick")).toMatchObject({
      verdict: "not judged",
      asDeclared: false,
      note: "Its table was not made.",
    })
  })

  it("shows the value of a check of another scale, with the verdict that it would have", () => {
    expect(judge(slopeAt(64, atMost(-9), { scales: ["paper"] }), table, "quick")).toMatchObject({
      measured: -1.02,
      verdict: "not judged",
      would: "contradicts",
      asDeclared: true,
      note: "Not judged at the scale quick, only at paper.",
    })
    expect(judge(slopeAt(64, atMost(-9), { scales: ["paper"] }), table, "paper").verdict).toBe("contradicts")
  })
})

describe("counting checks", () => {
  it("passes what is as declared and tested, a difference with it", () => {
    const ends = [
      end("agrees"),
      end("differs"),
      end("contradicts"),
      end("not judged"),
      end("not judged", false),
      end("differs", false),
      end("open"),
      end("excludes"),
    ]
    expect(countChecks(ends)).toEqual({
      passed: 4,
      excludes: 1,
      differs: 1,
      contradicts: 1,
      open: 1,
      failed: 2,
      unjudged: 1,
    })
  })
})
