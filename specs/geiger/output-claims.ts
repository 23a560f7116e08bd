// By which numbers the claims of figure 7 and section 6 are judged.
import { atMost, between, within, type Check } from "../../pipeline/check.ts"
import type { Output } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"
import type { Quantity } from "../../stages/analysis/quantity.ts"
import { judgedBy } from "../support/claims.ts"
import { everywhere, weightPower } from "./claim.ts"

const x = "sinceStart"
const by = ["h", "sqrtHAlpha", "replica"]
const early = { x, from: 0.003, to: 0.1 }
const atT1 = { where: { [x]: 1 } }

/** Of the nets that learn features, with the least sqrt(h) alpha, and of the lazy ones, with the most. */
export const curveQuantities = (least: number, most: number): ReadonlyArray<Quantity> => {
  const feature = { sqrtHAlpha: least }
  return [
    { name: "output-linear-feature", of: "slope", y: "moved", by, where: feature, ...early },
    { name: "output-linear-lazy", of: "slope", y: "moved", by, where: { sqrtHAlpha: most }, ...early },
    { name: "output-at-t1-least", of: "smallest", y: "scaled", ...atT1 },
    { name: "output-at-t1-most", of: "largest", y: "scaled", ...atT1 },
    { name: "output-growth", of: "collapse", y: "growth", by: ["h"], where: feature, x, from: 1, to: 1 },
  ]
}

export const scaleQuantities = (scales: ReadonlyArray<number>): ReadonlyArray<Quantity> =>
  (
    [
      ["least", Math.min],
      ["most", Math.max],
    ] as const
  ).map(([name, end]) => ({
    name: `output-linear-${name}`,
    of: "slope",
    y: "moved",
    by,
    where: { alpha: end(...scales) },
    ...early,
  }))

export const layerQuantities: ReadonlyArray<Quantity> = [
  { name: "layers-alike", of: "collapse", x, y: "inflation", by: ["layer"], from: 1.01, to: 1e9 },
  { name: "layers-inflate", of: "largest", y: "inflation" },
]

export const inflationQuantities: ReadonlyArray<Quantity> = (["amplification", "inflation"] as const).map((y) => ({
  name: `${y}-power`,
  of: "slope",
  x: "sqrtHAlpha",
  y,
  by: ["replica"],
  ...everywhere,
}))

interface Summaries {
  readonly curves: Output<Table>
  readonly scales: Output<Table>
  readonly layers: Output<Table>
  readonly inflations: Output<Table>
}

/** `depth` is the number of hidden layers. */
export const claimsOf = (summaries: Summaries, depth: number): ReadonlyArray<Check> => {
  const [norms, scales, layers, inflations] = [
    judgedBy(summaries.curves),
    judgedBy(summaries.scales),
    judgedBy(summaries.layers),
    judgedBy(summaries.inflations),
  ]
  const linear = { source: "Fig. 7a, c, d, eq. 30", published: "slope 1", expect: within(1, 0.05) }
  return [
    scales("output-linear-most", {
      claim:
        "The output moves linearly in time while t is far below t₁, at the largest α. (Judged is the power " +
        "over t/t₁ from 0.003 to 0.1.)",
      ...linear,
    }),
    scales("output-linear-least", { claim: "So it does at the smallest α.", ...linear }),
    norms("output-linear-lazy", { claim: "So it does at every width in the lazy regime.", ...linear }),
    norms("output-linear-feature", { claim: "So it does in feature learning.", ...linear }),
    norms("output-at-t1-least", {
      claim: "At t₁ the output has moved by about 1/α: the least of all nets, times α.",
      source: "Fig. 7d",
      published: "about 1",
      expect: between(0.5, 2),
    }),
    norms("output-at-t1-most", {
      claim: "At t₁ the output has moved by about 1/α: the most of all nets, times α.",
      source: "Fig. 7d",
      published: "about 1",
      expect: between(0.5, 2),
    }),
    norms("output-growth", {
      claim:
        "Feature learning: by t₁ the output has grown in proportion to √h. (Judged is the ratio between " +
        "widths of its growth over √h.)",
      source: "Fig. 7b, Sec. 6",
      published: "160 at every width",
      expect: atMost(1.3),
      differs: atMost(2),
    }),
    layers("layers-alike", {
      claim:
        "After t₁ all layers of weights inflate by the same factor λ. (Judged is the ratio between layers, " +
        "the median over moments after t₁ of one net.)",
      source: "Sec. 6, assumption before eq. 14",
      published: "identical, assumed",
      expect: atMost(1.3),
    }),
    layers("layers-inflate", {
      claim: "They do inflate: the most of any layer is far above 1.",
      source: "The authors' notebook, cell 32",
      published: "6 to 7 at h = 1,600",
      expect: between(2, 40),
    }),
    inflations("amplification-power", {
      claim:
        "From t₁, when the output has moved by √h, until all points are fitted, weights inflate by a factor " +
        "λ of (√h·α)^(−1/(L + 1)). (Judged is the power.)",
      source: "Sec. 6, before eq. 14",
      published: "−1/3 for L = 2",
      expect: within(-weightPower(depth), 0.1),
    }),
    inflations("inflation-power", {
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
    }),
  ]
}
