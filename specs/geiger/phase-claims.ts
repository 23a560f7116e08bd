// What is claimed of figures 1c, 1d, 2b, 3 and 6, and what the numbers have to be for it to hold.
import { above, atMost, below, between, within, type Check } from "../../pipeline/check.ts"
import type { Output } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"
import { judgedBy } from "../support/claims.ts"
import { kernelPower } from "./claim.ts"

interface Summaries {
  readonly observables: Output<Table>
  readonly errors: Output<Table>
  readonly curves: Output<Table>
  readonly crossings: Output<Table>
  readonly ensembles: Output<Table>
}

export const claimsOf = (summaries: Summaries, depth: number): ReadonlyArray<Check> => {
  const [observed, errors, curves, crossings, ensembles] = [
    judgedBy(summaries.observables),
    judgedBy(summaries.errors),
    judgedBy(summaries.curves),
    judgedBy(summaries.crossings),
    judgedBy(summaries.ensembles),
  ]
  return [
    observed("all-fit", {
      claim:
        "Every net fits all its training points: its loss comes to zero. (Judged is the number of nets that do " +
        "not; other claims leave them out.)",
      source: "Sec. 2 and 4",
      published: "all nets",
      expect: within(0, 0),
    }),
    observed("kernel-slope-lazy", {
      claim: "Lazy regime: the relative change of the tangent kernel falls as 1/(√h·α).",
      source: "Fig. 3a, Sec. 5",
      published: "slope -1",
      expect: within(-1, 0.08),
      at: { medium: within(-1, 0.05), paper: within(-1, 0.03) },
    }),
    observed("kernel-slope-feature", {
      claim:
        "Feature learning: the relative change of the tangent kernel falls as (√h·α)^(−a), with a predicted as " +
        "2/(1 + 1/L) for L hidden layers.",
      source: "Fig. 3a, eq. 9 and 14",
      published: "slope -1.7 measured, -1.67 predicted",
      expect: within(-kernelPower(depth), 0.2),
    }),
    observed("kernel-collapse-lazy", {
      claim:
        "Lazy regime: against √h·α the kernel changes of all widths fall on one curve. (Judged is the power by " +
        "which they go with the width at one √h·α; were α what counts, 1/2. Narrow nets change more.)",
      source: "Fig. 3a, right",
      published: "curves on top of each other: 0",
      expect: within(0, 0.25),
      at: { paper: within(0, 0.2) },
      differs: between(-0.68, 0.25),
    }),
    observed("kernel-collapse-feature", {
      claim:
        "Feature learning: against √h·α the kernel changes of all widths fall on one curve. (Judged likewise; " +
        "were α what counts, 0.83.)",
      source: "Fig. 3a, right",
      published: "curves on top of each other: 0",
      expect: within(0, 0.4),
      at: { paper: within(0, 0.2) },
    }),
    observed("kernel-crossover", {
      claim:
        "The regimes meet where the kernel changes by as much as it was: at one value of √h·α, whatever the width.",
      source: "Fig. 3a, Sec. 5",
      published: "√h·α of 60 to 80 at 5,000 points",
      expect: between(3, 200),
    }),
    observed("t1-slope-feature", {
      claim: "Feature learning: the time t₁ in which the loss halves grows as √h·α.",
      source: "Fig. 3c, eq. 10",
      published: "slope 1",
      expect: within(1, 0.1),
    }),
    observed("t1-collapse-feature", {
      claim:
        "Feature learning: against t/(√h·α) the losses of all widths halve together. (Judged is the power by " +
        "which t₁ goes with the width at one √h·α; were α what counts, −1/2.)",
      source: "Fig. 3b, right",
      published: "curves meet at one half: 0",
      expect: within(0, 0.25),
      at: { paper: within(0, 0.15) },
    }),
    observed("t1-collapse-lazy", {
      claim: "Lazy regime: nor does it depend on the width. (Judged is the power by which t₁ goes with the width.)",
      source: "Fig. 3b and 3c, Sec. 5",
      published: "t₁ of 5 to 8 at every width: 0",
      expect: within(0, 0.25),
    }),
    observed("t2-constant-lazy", {
      claim: "Lazy regime: the time in which all points are fitted does not depend on α either (within one net).",
      source: "Fig. 3b and 3c",
      published: "constant",
      expect: atMost(0.08),
      at: { paper: atMost(0.05) },
    }),
    observed("t1-constant-lazy", {
      claim:
        "Lazy regime: the time in which the loss of one net halves does not depend on α. (Judged is the " +
        "largest relative variation within one net.)",
      source: "Fig. 3b and 3c",
      published: "constant",
      expect: atMost(0.08),
      at: { medium: atMost(0.05), paper: atMost(0.02) },
    }),
    curves("lazy-curves", {
      claim:
        "Lazy regime: nor do the times at which a tenth of the loss is left. (Judged is the largest of them " +
        "over the smallest, of one net at the largest width.)",
      source: "Fig. 3b",
      published: "curves on top of each other",
      expect: atMost(1.08),
      at: { medium: atMost(1.05), paper: atMost(1.02) },
    }),
    observed("t2-slope-feature", {
      claim:
        "Feature learning: the time t₂ in which all points are fitted grows faster than √h·α: the figure's " +
        "triangle says as its power 3/2.",
      source: "Fig. 3c (the triangle; the text does not say)",
      published: "slope 3/2",
      expect: between(1.1, 1.6),
    }),
    observed("weight-slope-lazy", {
      claim: "Lazy regime: the relative change of the weights falls as 1/α.",
      source: "Fig. 6, eq. 27",
      published: "slope -1",
      expect: within(-1, 0.08),
      at: { medium: within(-1, 0.04), paper: within(-1, 0.02) },
    }),
    observed("weight-slope-feature", {
      claim:
        "Feature learning: √h times the relative change of the weights falls as (√h·α)^(−b), with b compatible " +
        "with 1/(L + 1). (Fitted from 0.01 to 0.1; table 1 from 0.01 to 1, where the curve is steeper.)",
      source: "Fig. 6, eq. 28",
      published: "slope -0.23 measured, -0.17 predicted",
      expect: between(-0.33, -0.15),
      differs: between(-0.37, -0.1),
    }),
    observed("weight-collapse", {
      claim:
        "Against √h·α the weights' changes of all widths fall on one curve. (Judged is the power by which they " +
        "go with the width; were α what counts, 1/2 in the lazy regime.)",
      source: "Fig. 6, right",
      published: "h = 800 lies 10 to 20 % below h = 100: -0.05 to -0.11",
      expect: within(0, 0.25),
    }),
    crossings("error-rises", {
      claim:
        "The test error rises with α, from feature learning to the lazy regime. (Judged is the rank " +
        "correlation of the mean over nets, by width; below √h·α = 0.1 the paper's rises again a little.)",
      source: "Fig. 1c",
      published: "7.8 to 8.9 % at h = 100, 6.6 to 7.25 % at h = 800",
      expect: above(0.8),
      differs: above(0.3),
      scales: ["medium", "paper"],
    }),
    errors("feature-plateau", {
      claim:
        "Towards small α the test error comes to a limit, too. (Judged is the error at √h·α = 0.01 less that at 1.)",
      source: "Fig. 1c, Sec. 3",
      published: "within 0.3 points",
      expect: within(0, 0.006),
      at: { paper: within(0, 0.003) },
    }),
    errors("feature-beats-lazy", {
      claim: "Feature learning outperforms lazy learning: single nets of the lazy regime have the larger test error.",
      source: "Fig. 1c, claim (ii)",
      published: "0.65 to 1.1 points",
      expect: above(0),
      at: { paper: between(0.003, 0.02) },
    }),
    errors("frozen-is-lazy", {
      claim:
        "The limit of large α is learning with the kernel frozen at the start (the gap in test error, averaged " +
        "over nets, is judged; it has to be below that between the regimes).",
      source: "Fig. 1a and 1c",
      published: "the curves meet for α above 100",
      expect: atMost(0.005),
    }),
    crossings("error-collapse", {
      claim:
        "Brought between 0 and 1, the test errors of all widths rise at one √h·α. (Judged is the ratio of the " +
        "places where they pass one half.)",
      source: "Fig. 1d",
      published: "one curve, one half at √h·α of 30",
      expect: below(4),
      at: { paper: below(2) },
      scales: ["medium", "paper"],
    }),
    ensembles("ensemble-gain", {
      claim:
        "Averaging the outputs of nets with different initial weights lowers the test error (the gain, " +
        "averaged over the grid, is judged).",
      source: "Fig. 2b, Sec. 4",
      published: "0.5 to 2.6 points",
      expect: above(0),
      at: { paper: between(0.003, 0.03) },
    }),
    ensembles("ensemble-always", {
      claim: "It does so at every width and α. (Judged is the least gain, which has no interval.)",
      source: "Fig. 2b",
      published: "0.5 points or more",
      expect: above(0),
    }),
    ensembles("ensemble-collapse", {
      claim:
        "At one √h·α the error of the mean output hardly depends on the width. (Judged is the power by which " +
        "it goes with the width; that of single nets, −0.1 in the paper, is out.)",
      source: "Fig. 2b, Sec. 4 (i)",
      published: "6.0 to 6.2 and 6.2 to 6.45 %: 0",
      expect: within(0, 0.05),
      at: { paper: within(0, 0.023) },
    }),
  ]
}
