// The claims about figure 8, and the numbers that judge them.
// Knows nothing about how the heads are trained.
import { above, atLeast, atMost, below, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, LAZY } from "./claim.ts"

const all = { layer: "all", converged: false }
const first = { layer: "first", converged: false }

/** Claims on heads, the widest of which has `widest` units, and its mean change at least `share` of its mean weight. */
export const headClaims = (table: string, widest: number, share: number): ReadonlyArray<Claim> => [
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
      "Wide heads exhibit the lazy regime. (Measured: the movement of the first layer of the widest head, relative " +
      `to its start. This page calls a movement below ${LAZY} lazy.)`,
    source: "Fig. 8, Sec. 6",
    published: "lazy",
    expect: below(LAZY),
    declared: {
      verdict: "contradicts",
      reason:
        "The mean change of a weight falls with the width, but the weights at the start fall faster: Keras draws " +
        "them with a deviation of about one over the root of the width.",
    },
  },
  {
    id: "heads-share",
    figure: "8",
    table,
    kind: "own",
    quantity: { of: "mean", y: "share", where: { ...all, h: widest } },
    claim:
      "In the widest head the mean changes of both layers are comparable with the mean weights at the start, or " +
      "larger. (Measured: the sum of the mean changes over the sum of the mean weights.)",
    source: "Fig. 8",
    published: "0.056 over 0.0238: 2.4 at h = 10,000; 3.6 at 40,000",
    expect: atLeast(share),
  },
]

/** How much less the widest of the kept heads moves than the narrowest. */
export const ratioClaim = (table: string): Claim => ({
  id: "heads-ratio",
  figure: "8",
  table,
  quantity: {
    of: "ratio",
    y: "meanMoved",
    by: ["replica"],
    where: all,
    minuend: { h: 1000 },
    subtrahend: { h: 10_000 },
  },
  claim: "A head of 1,000 units moves half as far again as a head of 10,000. (Measured: the ratio of the movements.)",
  source: "Fig. 8",
  published: "0.0862 over 0.056: 1.54",
  stated: 1.54,
  expect: within(1.54, 0.3),
})

/** Heads of Keras' default get less lazy as they get wider. */
export const trendClaim = (table: string): Claim => ({
  id: "heads-share-grows",
  figure: "8",
  table,
  kind: "own",
  quantity: { of: "rank", x: "h", y: "share", by: ["replica"], where: all, ...everywhere },
  claim:
    "Measured by the weights at the start, wider heads move farther, not less. (Measured: the rank correlation of " +
    "the width and the mean changes over the mean weights.)",
  source: "Fig. 8",
  published: "1.3 at h = 1,000 to 3.6 at h = 40,000",
  expect: above(0.7),
})

/** Claims on the errors of heads on their training points. */
export const scoreClaims = (table: string): ReadonlyArray<Claim> => [
  {
    id: "heads-overfit",
    figure: "8-errors",
    table,
    quantity: { of: "largest", y: "error", where: { test: 0 } },
    claim:
      "Every head fits nearly all of its training images. (Measured: the largest error on training images, after " +
      "training.)",
    source: "Sec. 5",
    published: "0.0044 to 0.0052 as a mean over the last epoch: an accuracy of .9956 to .9948",
    expect: atMost(0.01),
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
    quantity: { of: "mean", y: "accuracy", where: { epoch: 10 } },
    claim: "The backbone is trained to an accuracy of .99. (Measured: the accuracy over its tenth and last epoch.)",
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
      "After its last epoch the backbone is wrong on at most one in fifty test images. (Measured: the fraction of " +
      "wrong test images, with the moving statistics of batch norm and without drop-connect.)",
    source: "Sec. 5",
    published: "not measured",
    expect: atMost(0.02),
  },
]
