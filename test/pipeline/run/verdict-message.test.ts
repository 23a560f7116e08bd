// The sentences about checks, to the letter.
import { describe, expect, it } from "vitest"
import { within, type Judged } from "../../../pipeline/check.ts"
import { checkCounts, verdict } from "../../../pipeline/run/verdict-message.ts"

const judged = (rest: Partial<Judged>): Judged => ({
  check: { id: "slope", claim: "it falls", source: "Fig. 1", value: undefined as never, expect: within(-1, 0.08) },
  expect: within(-1, 0.08),
  measured: -1.02,
  spread: null,
  verdict: "agrees",
  asDeclared: true,
  ...rest,
})

describe("a verdict", () => {
  it("has a mark, the number and what was expected at this scale", () => {
    expect(verdict(judged({ spread: 0.01 }))).toBe("✓ slope: agrees -1.020 ± 0.010, expected -1 ± 0.08")
    expect(verdict(judged({ verdict: "contradicts", asDeclared: false, measured: 1e-7 }))).toBe(
      "✗ slope: contradicts 1.00e-7, expected -1 ± 0.08",
    )
    expect(verdict(judged({ measured: 0, expect: within(0, 0) }))).toBe("✓ slope: agrees 0.000, expected exactly 0")
  })

  it("that differs says so, and what may differ", () => {
    const { check } = judged({})
    expect(verdict(judged({ verdict: "differs", measured: -1.2, check: { ...check, differs: within(-1, 0.3) } }))).toBe(
      "✓ slope: differs -1.200, expected -1 ± 0.08 (differs: -1 ± 0.3)",
    )
  })

  it("whose interval cannot tell says why, and from which rival", () => {
    const { check } = judged({})
    expect(
      verdict(
        judged({
          verdict: "open",
          spread: 0.7,
          note: "Cannot tell: the interval contains the rival: the square root.",
          check: { ...check, rival: { value: -0.5, text: "the square root" } },
        }),
      ),
    ).toBe(
      "? slope: cannot tell -1.020 ± 0.700, expected -1 ± 0.08 (rival: the square root). Cannot tell: the interval " +
        "contains the rival: the square root.",
    )
  })

  it("whose interval excludes the stated number says so", () => {
    expect(verdict(judged({ verdict: "excludes", spread: 0.01 }))).toBe(
      "✓ slope: within the tolerance, but excludes the stated number -1.020 ± 0.010, expected -1 ± 0.08",
    )
  })

  it("that is not judged at this scale shows its value, and the verdict that it would have", () => {
    const note = "Not judged at the scale quick, only at paper."
    expect(verdict(judged({ verdict: "not judged", would: "contradicts", measured: -0.5, note }))).toBe(
      `– slope: not judged (would be: contradicts) -0.500, expected -1 ± 0.08. ${note}`,
    )
  })
})

describe("counts of checks", () => {
  it("tell what differs, what is open and what was not judged, where something was", () => {
    const none = { passed: 9, excludes: 0, differs: 0, contradicts: 0, open: 0, failed: 0, unjudged: 0 }
    expect(checkCounts(none)).toBe("9 passed, 0 failed")
    expect(checkCounts({ ...none, excludes: 1, differs: 2, contradicts: 1, open: 4, failed: 1, unjudged: 3 })).toBe(
      "9 passed (1 excludes the stated number, 2 differ, 1 contradicts as declared), " +
        "4 cannot tell, 1 failed, 3 not judged",
    )
  })
})
