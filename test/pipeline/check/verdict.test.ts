// The verdict on a number with its interval, at every edge: no interval that holds the rival agrees, and none that
// leaves the stated number out reads as if it held it.
import { assert, double, property } from "fast-check"
import { describe, expect, it } from "vitest"
import { above, atLeast, atMost, between, within } from "../../../pipeline/check/expectation.ts"
import { reasonOpen, verdictOn, type Question, type Verdict } from "../../../pipeline/check/verdict.ts"

const slope: Question = { expect: within(-1, 0.1), rival: { value: -0.5, text: "the square root" } }
const wide: Question = { ...slope, differs: within(-1, 0.3) }
const bound: Question = { expect: above(0) }
const gain: Question = { expect: atLeast(0.1), rival: { value: 0, text: "no gain" } }

const table: ReadonlyArray<readonly [Question, measured: number, spread: number | null, Verdict]> = [
  // A stated number with a rival.
  [slope, -1, 0.05, "agrees"],
  [slope, -1.05, 0.0501, "agrees"],
  [slope, -1.05, 0.0499, "excludes"],
  [slope, -1.05, null, "open"],
  [slope, -0.95, 0.4, "agrees"],
  [slope, -0.95, 0.45, "open"],
  [slope, -0.95, 0.44, "agrees"],
  // As far on the other side: -1.5.
  [slope, -1.05, 0.44, "agrees"],
  [slope, -1.05, 0.46, "open"],
  [slope, -0.8, 0.301, "open"],
  [slope, -0.8, 0.1, "open"],
  [slope, -0.8, 0.09, "contradicts"],
  [slope, -0.5, 0, "contradicts"],
  [slope, -0.5, 0.3, "contradicts"],
  [slope, -0.5, 0.4, "open"],
  [slope, -1.2, null, "contradicts"],
  [slope, -1.0999, null, "open"],
  // A tolerance that reaches beyond the middle between the stated number and the rival.
  [{ ...slope, expect: within(-1, 0.4) }, -0.76, 0.005, "excludes"],
  [{ ...slope, expect: within(-1, 0.4) }, -0.74, 0.005, "contradicts"],
  [{ ...slope, expect: within(-1, 0.4) }, -0.74, 0.05, "open"],
  // Within the difference, but nearer to the rival than to the stated number.
  [{ ...slope, expect: within(-1, 0.2), differs: within(-1, 0.45) }, -0.74, 0.005, "contradicts"],
  // A declared difference.
  [wide, -1.2, 0.05, "differs"],
  [wide, -1.2, 0.0999, "differs"],
  [wide, -1.2, 0.15, "open"],
  [wide, -1.31, 0.05, "contradicts"],
  [{ expect: within(100, 1), differs: between(0.4, 0.6) }, 0.5, 10, "contradicts"],
  [{ expect: within(100, 1), differs: between(0.4, 0.6) }, 0.5, 0.05, "differs"],
  [wide, -0.6, 0.05, "contradicts"],
  // A stated number without a rival: only the tolerance excludes anything.
  [{ expect: within(-1, 0.1) }, -1.02, 0.0799, "agrees"],
  [{ expect: within(-1, 0.1) }, -1.02, 0.09, "open"],
  [{ expect: within(-1, 0.1) }, -1.02, 0.01, "excludes"],
  [{ expect: within(-1, 0.1), stated: -1.02 }, -1.02, 0.01, "agrees"],
  [{ expect: within(0, 0) }, 0, null, "agrees"],
  [{ expect: within(0, 0) }, 1, null, "contradicts"],
  // A bound: its other side is the rival.
  [bound, 0.2, 0.1, "agrees"],
  [bound, 0.2, 0.2, "open"],
  [bound, 0, null, "contradicts"],
  [bound, -0.1, 0.2, "open"],
  [bound, -0.1, 0.1, "contradicts"],
  [{ expect: atMost(1) }, 0.9, 0.1, "agrees"],
  [{ expect: atMost(1) }, 0.95, 0.1, "open"],
  [{ expect: between(1, 2) }, 1.5, 3, "open"],
  [{ expect: between(1, 1.1) }, 5, 4.5, "open"],
  // A bound and a rival beyond it.
  [gain, 0.2, 0.1, "agrees"],
  [gain, 0.2, 0.15, "open"],
  [gain, 0.2, null, "open"],
  [gain, -0.2, null, "contradicts"],
  [gain, 0.2, 0.2, "open"],
  [gain, 0.05, 0.04, "contradicts"],
  [gain, 0.05, 0.05, "open"],
]

describe("the verdict on a number", () => {
  it.each(table)("%o on %d ± %d is %s", (question, measured, spread, verdict) => {
    expect(verdictOn({ measured, spread }, question)).toBe(verdict)
  })

  it("agrees with no interval that holds the rival, and with none that leaves all that fits out", () => {
    const number = double({ min: -2, max: 2, noNaN: true })
    assert(
      property(number, double({ min: 0, max: 2, noNaN: true }), number, number, (measured, spread, stated, rival) => {
        const question = { expect: within(stated, 0.2), rival: { value: rival, text: "rival" } }
        const verdict = verdictOn({ measured, spread }, question)
        if (Math.abs(rival - measured) <= spread) expect(verdict).not.toMatch(/agrees|excludes|differs/)
        if (verdict === "agrees") expect(Math.abs(stated - measured)).toBeLessThanOrEqual(spread)
        if (Math.abs(stated - measured) > spread + 0.2 + 1e-12) expect(verdict).toBe("contradicts")
      }),
    )
  })

  it("says why it cannot tell", () => {
    expect(reasonOpen({ measured: -0.8, spread: 0.301 }, slope)).toBe(
      "the interval contains the rival: the square root",
    )
    expect(reasonOpen({ measured: -1.05, spread: 0.46 }, slope)).toBe(
      "the interval reaches as far from the stated number as the rival is",
    )
    expect(reasonOpen({ measured: 0.2, spread: 0.2 }, bound)).toBe(
      "the interval contains values that fit and values that do not",
    )
  })
})
