// The claims about figure 8, and the numbers that judge them.
// Knows nothing about how the heads are trained.
import { above, atMost, below, between, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, LAZY } from "./claim.ts"

const all = { layer: "all", converged: false }
const first = { layer: "first", converged: false }

/** Claims on heads of these widths, which are all trained for the same number of epochs. */
export const headClaims = (table: string, widths: ReadonlyArray<number>): ReadonlyArray<Claim> => {
  const [narrowest, widest] = [Math.min(...widths), Math.max(...widths)]
  return [
    {
      id: "heads-fall",
      figure: "8",
      table,
      rival: { value: 0, text: "no order" },
      quantity: { of: "rank", x: "h", y: "meanMoved", by: ["replica"], where: all, ...everywhere },
      claim:
        "On images, too, the weights move less as the head gets wider. (Measured: the rank correlation of the summed " +
        "mean change of both layers and the width.)",
      source: "Fig. 8",
      published: "0.086 at h = 1,000 to 0.044 at h = 40,000",
      expect: below(-0.7),
    },
    {
      id: "heads-lazy",
      figure: "8",
      table,
      quantity: { of: "mean", y: "relative", where: { ...first, h: widest } },
      claim:
        "Wide heads exhibit the lazy regime. (Measured: the movement of the first layer of the widest head, " +
        `relative to its start. Nobody calls a movement above ${LAZY} lazy.)`,
      source: "Fig. 8, Sec. 6",
      published: "lazy",
      expect: below(LAZY),
      declared: {
        verdict: "contradicts",
        reason:
          "The mean change of a weight falls with the width, but so do the weights: Keras draws them with a " +
          "deviation of about one over the root of the width. Relative to their start they move far at every width.",
      },
    },
    {
      id: "heads-share",
      figure: "8",
      table,
      kind: "own",
      quantity: { of: "mean", y: "share", where: { ...all, h: widest } },
      claim:
        "In the widest head, the mean changes of both layers add up to more than half of the mean weights at the " +
        "start. (Measured: the ratio of the two sums.)",
      source: "Fig. 8",
      published: "0.044 over 0.012: 3.6 at h = 40,000",
      expect: above(0.5),
    },
    {
      id: "heads-ratio",
      figure: "8",
      table,
      quantity: {
        of: "ratio",
        y: "meanMoved",
        by: ["replica"],
        where: all,
        minuend: { h: narrowest },
        subtrahend: { h: widest },
      },
      claim: "The widest head moves about half as far as the narrowest. (Measured: the ratio of the two movements.)",
      source: "Fig. 8",
      published: "0.0862 over 0.0438: 2.0, between h = 1,000 and 40,000",
      expect: between(1.5, 2.5),
      scales: ["paper"],
    },
  ]
}

/** Claims on the errors of heads on their training points. */
export const scoreClaims = (table: string): ReadonlyArray<Claim> => [
  {
    id: "heads-overfit",
    figure: "8-errors",
    table,
    quantity: { of: "largest", y: "error", where: { test: 0 } },
    claim: "Every head fits nearly all of its training images. (Measured: the largest error on training images.)",
    source: "Sec. 5",
    published: "0.0044 to 0.0052: an accuracy of .9956 to .9948",
    expect: within(0, 0.01),
  },
]

/** Claims on the training of the backbone by its curve. */
export const backboneClaims = (table: string, scores: string): ReadonlyArray<Claim> => [
  {
    id: "backbone-first",
    figure: "8-backbone",
    table,
    rival: { value: 0.9506, text: "the report's first epoch" },
    quantity: { of: "mean", y: "accuracy", where: { epoch: 1 } },
    claim:
      "A backbone that begins from random weights has an accuracy below .93 over its first epoch: the first epoch of " +
      "the report was probably not its first. (Measured: the accuracy over the first epoch.)",
    kind: "own",
    source: "The program, its notebook",
    published: ".9506",
    expect: below(0.93),
  },
  {
    id: "backbone-last",
    figure: "8-backbone",
    table,
    quantity: { of: "largest", y: "accuracy" },
    claim: "The backbone is trained until its accuracy is .99. (Measured: the best accuracy over an epoch.)",
    source: "Sec. 5",
    published: ".9891 in the program",
    expect: within(0.9891, 0.005),
  },
  {
    id: "backbone-test",
    kind: "own",
    figure: "8-backbone",
    table: scores,
    quantity: { of: "mean", y: "error", where: { set: "test" } },
    claim:
      "After its last epoch the backbone is wrong on at most one in fifty test images. (Measured: the fraction of wrong " +
      "test images, with the moving statistics of batch norm and without drop-connect.)",
    source: "Sec. 5",
    published: "not measured",
    expect: atMost(0.02),
  },
]
