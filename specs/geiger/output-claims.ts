// The claims about figure 7 and section 6, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { atMost, between, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, weightPower } from "./claim.ts"

const x = "sinceStart"
const by = ["h", "sqrtHAlpha", "replica"]

interface Grid {
  readonly sqrtHAlpha: ReadonlyArray<number>
  readonly panelAlpha: ReadonlyArray<number>
}

/** The power of y in sqrt(h) alpha. */
const power = (y: string) => ({ of: "slope", x: "sqrtHAlpha", y, by: ["replica"], ...everywhere }) as const

/** `depth` is the number of hidden layers. */
export const claimsOf = ({ sqrtHAlpha, panelAlpha }: Grid, depth: number): ReadonlyArray<Claim> => {
  const [feature, lazy] = [{ sqrtHAlpha: Math.min(...sqrtHAlpha) }, { sqrtHAlpha: Math.max(...sqrtHAlpha) }]
  const linear = (where: Readonly<Record<string, number>>) =>
    ({
      quantity: { of: "slope", y: "moved", by, where, x, from: 0.003, to: 0.1 },
      source: "Fig. 7a, c, d, eq. 30",
      published: "slope 1",
      expect: within(1, 0.05),
    }) as const
  return [
    {
      id: "output-linear-most",
      figure: "7a",
      claim:
        "Far below t₁ the output moves linearly in time, at the largest α. (Measured: the power of ‖f − f₀‖ in t, " +
        "for t/t₁ from 0.003 to 0.1.)",
      ...linear({ alpha: Math.max(...panelAlpha) }),
    },
    {
      id: "output-linear-least",
      figure: "7a",
      claim: "Far below t₁ the output moves linearly in time, at the smallest α. (Measured: the same power.)",
      ...linear({ alpha: Math.min(...panelAlpha) }),
    },
    {
      id: "output-linear-lazy",
      figure: "7bcd",
      table: "7",
      claim:
        "Far below t₁ the output moves linearly in time, at every width in the lazy regime. (Measured: the power of " +
        "‖f − f₀‖ in t, for t/t₁ from 0.003 to 0.1.)",
      ...linear(lazy),
    },
    {
      id: "output-linear-feature",
      figure: "7bcd",
      table: "7",
      claim:
        "Far below t₁ the output moves linearly in time, at every width in feature learning. (Measured: the same " +
        "power.)",
      ...linear(feature),
    },
    {
      id: "output-growth",
      figure: "7bcd",
      table: "7",
      rival: { value: -0.5, text: "a growth that does not depend on the width" },
      quantity: { of: "power", x: "h", y: "growth", by: ["replica"], where: { ...feature, [x]: 1 }, ...everywhere },
      claim:
        "Feature learning: at t₁ the output has grown in proportion to √h. (Measured: the power in h of the growth " +
        "divided by √h.)",
      source: "Fig. 7b, Sec. 6",
      published: "160 at every width: 0",
      expect: within(0, 0.15),
    },
    {
      id: "layers-alike",
      figure: "layers",
      quantity: { of: "collapse", x, y: "inflation", by: ["layer"], from: 1.01, to: 1e9 },
      claim:
        "After t₁ all layers of weights inflate by the same factor λ. (Measured: the ratio of the largest λ of a " +
        "layer to the smallest, each a geometric mean over nets and over √h·α; the median over moments after t₁.)",
      source: "Sec. 6, assumption before eq. 14",
      published: "identical, assumed",
      expect: atMost(1.3),
    },
    {
      id: "layers-inflate",
      stated: 6.5,
      figure: "layers",
      quantity: { of: "largest", y: "inflation" },
      claim: "The layers of weights do inflate after t₁. (Measured: the largest λ of any layer, which is far above 1.)",
      source: "The authors' notebook, cell 32",
      published: "6 to 7 at h = 1,600",
      expect: between(2, 40),
    },
    {
      id: "amplification-power",
      kind: "prediction",
      rival: { value: 0, text: "no dependence on √h·α" },
      figure: "inflation",
      table: "inflations",
      quantity: power("amplification"),
      claim:
        "From the t₁ of section 6, when the output has moved by √h, until all points are fitted, the weights inflate " +
        "by a factor λ proportional to (√h·α)^(−1/(L + 1)). (Measured: the power.)",
      source: "Sec. 6, before eq. 14",
      published: "−1/3 for L = 2",
      expect: within(-weightPower(depth), 0.1),
    },
    {
      id: "inflation-power",
      kind: "prediction",
      rival: { value: 0, text: "no dependence on √h·α" },
      figure: "inflation",
      table: "inflations",
      quantity: power("inflation"),
      claim:
        "From the t₁ of the figures, when the loss has halved, until all points are fitted, the weights inflate by " +
        "the same power of √h·α. (Measured: the power.)",
      source: "Sec. 6, read with the t₁ of Fig. 3",
      published: "−1/3 for L = 2",
      expect: within(-weightPower(depth), 0.1),
      declared: {
        verdict: "contradicts",
        reason:
          "Section 6 uses the name t₁ for the time α√h. At this time the output has moved by √h, and α times this " +
          "movement is far below 1. The loss has halved only when α times the movement is about 1. By then the " +
          "weights have already inflated, and the remaining factor does not depend on √h·α. The paper has one name " +
          "for both times, because both are proportional to √h·α.",
      },
    },
  ]
}
