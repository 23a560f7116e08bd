// The sentences about checks, to the letter.
import { describe, expect, it } from "vitest"
import { within, type Judged } from "../../../pipeline/check.ts"
import { checkCounts, verdict } from "../../../pipeline/run/verdict-message.ts"

const judged = (rest: Partial<Judged>): Judged => ({
  check: { id: "slope", claim: "it falls", source: "Fig. 1", value: undefined as never, expect: within(-1, 0.08) },
  expect: within(-1, 0.08),
  measured: -1.02,
  spread: null,
  verdict: "reproduced",
  asDeclared: true,
  ...rest,
})

describe("a verdict", () => {
  it("has a mark, the number and what was expected at this scale", () => {
    expect(verdict(judged({ spread: 0.01 }))).toBe("✓ slope: reproduced -1.020 ± 0.010, expected -1 ± 0.08")
    expect(verdict(judged({ verdict: "not reproduced", asDeclared: false, measured: 1e-7 }))).toBe(
      "✗ slope: not reproduced 1.00e-7, expected -1 ± 0.08",
    )
    expect(verdict(judged({ measured: 0, expect: within(0, 0) }))).toBe("✓ slope: reproduced 0.000, expected exactly 0")
  })

  it("that differs says so, and what may differ", () => {
    const { check } = judged({})
    expect(
      verdict(judged({ verdict: "different", measured: -1.2, check: { ...check, differs: within(-1, 0.3) } })),
    ).toBe("✓ slope: reproduced with a difference -1.200, expected -1 ± 0.08 (with a difference: -1 ± 0.3)")
  })

  it("whose interval reaches beyond it says so", () => {
    expect(verdict(judged({ spread: 0.2, undecided: true }))).toBe(
      "✓ slope: reproduced -1.020 ± 0.200, expected -1 ± 0.08; its interval allows another verdict",
    )
  })

  it("of what was not tested says why", () => {
    expect(
      verdict(judged({ verdict: "not tested", measured: null, note: "Not tested at the scale quick, only at paper." })),
    ).toBe("– slope: not tested, expected -1 ± 0.08. Not tested at the scale quick, only at paper.")
  })
})

describe("counts of checks", () => {
  it("tell what passed with a difference and what was not tested, where something did", () => {
    expect(checkCounts({ passed: 9, different: 0, failed: 0, untested: 0 })).toBe("9 passed, 0 failed")
    expect(checkCounts({ passed: 9, different: 2, failed: 1, untested: 3 })).toBe(
      "9 passed (2 with a difference), 1 failed, 3 not tested",
    )
  })
})
