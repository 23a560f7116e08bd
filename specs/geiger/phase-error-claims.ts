// The claims about figures 1c, 1d and 2b, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { above, atMost, below, between, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, feature, lazy, net } from "./claim.ts"

const x = "sqrtHAlpha"
const gain = { minuend: { learner: "single nets, mean" }, subtrahend: { learner: "mean output" } }

/** The claims for these values of sqrt(h) alpha. */
export const errorClaims = (scales: ReadonlyArray<number>): ReadonlyArray<Claim> => {
  const [least, most] = [Math.min(...scales), Math.max(...scales)]
  return [
    {
      id: "error-rises",
      rival: { value: 0, text: "no order" },
      figure: "1d",
      table: "collapse",
      quantity: { of: "rank", x, y: "testError", by: ["h"], ...everywhere },
      claim:
        "The test error rises with α, from feature learning to the lazy regime. (Measured: for each width, the rank " +
        "correlation of √h·α and the mean error over nets. In the paper the error also rises a little when √h·α " +
        "falls below 0.1.)",
      source: "Fig. 1c",
      published: "7.8 to 8.9 % at h = 100, 6.6 to 7.25 % at h = 800",
      expect: above(0.8),
      differs: between(0.3, 1),
      scales: ["medium", "large", "paper"],
    },
    {
      id: "feature-plateau",
      rival: { value: 0.011, text: "the difference between the regimes" },
      figure: "1c",
      table: "errors",
      quantity: {
        of: "difference",
        y: "testError",
        by: net,
        minuend: { learner: "net", [x]: least },
        subtrahend: { learner: "net", [x]: 1 },
      },
      claim:
        "The test error also approaches a limit towards small α. (Measured: the error at √h·α = 0.01 minus the error " +
        "at √h·α = 1.)",
      source: "Fig. 1c, Sec. 3",
      published: "within 0.3 points",
      expect: within(0, 0.006),
      at: { large: within(0, 0.003), paper: within(0, 0.003) },
    },
    {
      id: "feature-beats-lazy",
      figure: "1c",
      table: "errors",
      quantity: {
        of: "difference",
        y: "testError",
        by: net,
        minuend: { learner: "net", [x]: scales.filter((scale) => scale >= lazy.from) },
        subtrahend: { learner: "net", [x]: scales.filter((scale) => scale >= feature.from && scale <= feature.to) },
      },
      claim:
        "Feature learning outperforms lazy learning: single nets in the lazy regime have the larger test error. " +
        "(Measured: the error in the lazy regime minus the error in feature learning.)",
      source: "Fig. 1c, claim (ii)",
      published: "0.65 to 1.1 points",
      expect: above(0),
      at: { large: between(0.003, 0.02), paper: between(0.003, 0.02) },
    },
    {
      id: "frozen-is-lazy",
      rival: { value: 0.011, text: "the difference between the regimes" },
      figure: "1c",
      table: "errors",
      quantity: {
        of: "distance",
        y: "testError",
        by: net,
        minuend: { learner: "net", [x]: most },
        subtrahend: { learner: "frozen kernel", [x]: most },
      },
      claim:
        "The limit of large α is learning with the kernel frozen at the start. (Measured: the distance of the two " +
        "test errors, averaged over nets. It must be smaller than the difference between the regimes.)",
      source: "Fig. 1a and 1c",
      published: "the curves meet for α above 100",
      expect: atMost(0.005),
    },
    {
      id: "error-collapse",
      figure: "1d",
      table: "collapse",
      quantity: {
        of: "crossings",
        x,
        y: "rescaled",
        by: ["h"],
        level: 0.5,
        direction: "rising",
        scale: "linear",
        from: 0.1,
        to: everywhere.to,
      },
      claim:
        "Rescaled to the range from 0 to 1, the test errors of all widths rise at the same √h·α. (Measured: the " +
        "largest √h·α at which a width passes one half, divided by the smallest.)",
      source: "Fig. 1d",
      published: "one curve, one half at √h·α of 30",
      expect: below(4),
      at: { large: below(2), paper: below(2) },
      scales: ["medium", "large", "paper"],
    },
    {
      id: "ensemble-gain",
      figure: "2b",
      table: "ensembles",
      quantity: { of: "difference", y: "testError", by: ["h", x], ...gain },
      claim:
        "Averaging the outputs of nets with different initial weights lowers the test error. (Measured: the gain, " +
        "averaged over the grid.)",
      source: "Fig. 2b, Sec. 4",
      published: "0.5 to 2.6 points",
      expect: above(0),
      at: { large: between(0.003, 0.03), paper: between(0.003, 0.03) },
    },
    {
      id: "ensemble-always",
      figure: "2b",
      table: "gains",
      quantity: { of: "bootstrapped", y: "least" },
      claim:
        "Averaging the outputs lowers the test error at every width and every α. (Measured: the smallest gain of the " +
        "grid. Its interval comes from sampling the test points, and leaves out what other nets would change.)",
      source: "Fig. 2b",
      published: "0.5 points or more",
      expect: above(0),
    },
    {
      id: "ensemble-collapse",
      rival: { value: -0.1, text: "the power of single nets" },
      figure: "2b",
      table: "ensembles",
      quantity: {
        of: "slope",
        x: "h",
        y: "testError",
        by: [x],
        where: { learner: "mean output" },
        ...everywhere,
      },
      claim:
        "At fixed √h·α the error of the mean output hardly depends on the width. (Measured: the power of the error " +
        "in h. The power of single nets, −0.1 in the paper, is outside the expected range.)",
      source: "Fig. 2b, Sec. 4 (i)",
      published: "6.0 to 6.2 and 6.2 to 6.45 %: 0",
      expect: within(0, 0.05),
      at: { large: within(0, 0.023), paper: within(0, 0.023) },
    },
  ]
}
