// What is claimed of figure 7 and section 6, and by which numbers it is judged.
import { atMost, between, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, weightPower } from "./claim.ts"

const x = "sinceStart"
const by = ["h", "sqrtHAlpha", "replica"]
const atT1 = { where: { [x]: 1 } }

interface Grid {
  readonly sqrtHAlpha: ReadonlyArray<number>
  readonly panelAlpha: ReadonlyArray<number>
}

/** The power by which y goes with sqrt(h) alpha. */
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
        "The output moves linearly in time while t is far below t₁, at the largest α. (Judged is the power " +
        "over t/t₁ from 0.003 to 0.1.)",
      ...linear({ alpha: Math.max(...panelAlpha) }),
    },
    {
      id: "output-linear-least",
      figure: "7a",
      claim: "So it does at the smallest α.",
      ...linear({ alpha: Math.min(...panelAlpha) }),
    },
    {
      id: "output-linear-lazy",
      figure: "7bcd",
      table: "7",
      claim: "So it does at every width in the lazy regime.",
      ...linear(lazy),
    },
    {
      id: "output-linear-feature",
      figure: "7bcd",
      table: "7",
      claim: "So it does in feature learning.",
      ...linear(feature),
    },
    {
      id: "output-at-t1-least",
      figure: "7bcd",
      table: "7",
      quantity: { of: "smallest", y: "scaled", ...atT1 },
      claim: "At t₁ the output has moved by about 1/α: the least of all nets, times α.",
      source: "Fig. 7d",
      published: "about 1",
      expect: between(0.5, 2),
    },
    {
      id: "output-at-t1-most",
      figure: "7bcd",
      table: "7",
      quantity: { of: "largest", y: "scaled", ...atT1 },
      claim: "At t₁ the output has moved by about 1/α: the most of all nets, times α.",
      source: "Fig. 7d",
      published: "about 1",
      expect: between(0.5, 2),
    },
    {
      id: "output-growth",
      figure: "7bcd",
      table: "7",
      quantity: { of: "collapse", y: "growth", by: ["h"], where: feature, x, from: 1, to: 1 },
      claim:
        "Feature learning: by t₁ the output has grown in proportion to √h. (Judged is the ratio between " +
        "widths of its growth over √h.)",
      source: "Fig. 7b, Sec. 6",
      published: "160 at every width",
      expect: atMost(1.3),
      differs: atMost(2),
    },
    {
      id: "layers-alike",
      figure: "layers",
      quantity: { of: "collapse", x, y: "inflation", by: ["layer"], from: 1.01, to: 1e9 },
      claim:
        "After t₁ all layers of weights inflate by the same factor λ. (Judged is the ratio between layers, " +
        "the median over moments after t₁ of one net.)",
      source: "Sec. 6, assumption before eq. 14",
      published: "identical, assumed",
      expect: atMost(1.3),
    },
    {
      id: "layers-inflate",
      figure: "layers",
      quantity: { of: "largest", y: "inflation" },
      claim: "They do inflate: the most of any layer is far above 1.",
      source: "The authors' notebook, cell 32",
      published: "6 to 7 at h = 1,600",
      expect: between(2, 40),
    },
    {
      id: "amplification-power",
      figure: "inflation",
      table: "inflations",
      quantity: power("amplification"),
      claim:
        "From t₁, when the output has moved by √h, until all points are fitted, weights inflate by a factor " +
        "λ of (√h·α)^(−1/(L + 1)). (Judged is the power.)",
      source: "Sec. 6, before eq. 14",
      published: "−1/3 for L = 2",
      expect: within(-weightPower(depth), 0.1),
    },
    {
      id: "inflation-power",
      figure: "inflation",
      table: "inflations",
      quantity: power("inflation"),
      claim: "So they do from the t₁ of the figures on, when the loss has halved.",
      source: "Sec. 6, read with the t₁ of Fig. 3",
      published: "−1/3 for L = 2",
      expect: within(-weightPower(depth), 0.1),
      declared: {
        verdict: "not reproduced",
        reason:
          "Section 6 calls t₁ the time α√h, at which the output has moved by √h and α times that is far " +
          "below 1; the loss has halved only when α times it is about 1. By then weights have inflated, and " +
          "what is left is a factor that does not depend on √h·α. The paper has one name for both times, " +
          "which are both proportional to √h·α.",
      },
    },
  ]
}
