// The claims about figures 2, 3 and 7, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { above, atLeast, atMost, below, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, LAZY } from "./claim.ts"

/** Losses, each a third of the one before. */
export const LEVELS = [0.405, 0.135, 0.045, 0.015, 0.005]

const WIDEST = 10_040
const x = "h"
const by = ["replica"]
const ofWidth = { x, by, ...everywhere } as const

const crossing = (
  table: string,
  level: number,
  h: number,
  margin: number,
  published: string,
  stated: number,
): Claim => ({
  id: `crossing-${level}`,
  figure: "2",
  table,
  quantity: { of: "crossing", y: "perUnit", level, direction: "falling", scale: "log", ...ofWidth },
  claim:
    `The published metric falls below ${level} at a width of about ${h}. (Measured: the first width at which it ` +
    "does; neighbours of this width may still lie above.)",
  source: "Fig. 3",
  published,
  stated,
  expect: within(h, margin),
})

const metricAt = (table: string, h: number, published: number): Claim => ({
  id: `metric-${h}`,
  figure: "2",
  table,
  quantity: { of: "mean", y: "perUnit", where: { h } },
  claim: `The published metric at a width of ${h}.`,
  source: "Fig. 2a",
  published: `${published}`,
  expect: within(published, 0.08 * published),
})

/** The range of the published metric times h. */
interface Range {
  readonly low: number
  readonly high: number
}

/** Claims on the nets of a table; they hold for a few widths as for all. */
export const movementClaims = (table: string, { low, high }: Range): ReadonlyArray<Claim> => [
  metricAt(table, 100, 0.263),
  metricAt(table, WIDEST, 0.0024),
  {
    id: "metric-slope",
    figure: "2",
    table,
    rival: { value: 0, text: "movement does not depend on the width" },
    quantity: { of: "slope", y: "perUnit", ...ofWidth },
    claim: "The published metric falls as 1/h. (Measured: its power in h.)",
    source: "Fig. 2a",
    published: "0.263 to 0.0024: power −1.02",
    expect: within(-1.02, 0.08),
  },
  {
    id: "norm-smallest",
    figure: "2",
    table,
    kind: "own",
    quantity: { of: "smallest", y: "norm" },
    claim: `At no width is the published metric times h below ${low}. (Measured: the smallest.)`,
    source: "Fig. 2a",
    published: "22 at h = 2,455",
    expect: atLeast(low),
  },
  {
    id: "norm-largest",
    figure: "2",
    table,
    kind: "own",
    quantity: { of: "largest", y: "norm" },
    claim: `At no width is the published metric times h above ${high}. (Measured: the largest.)`,
    source: "Fig. 2a",
    published: "26.3 at h = 100",
    expect: atMost(high),
  },
  crossing(table, 0.07, 340, 25, "between 330 and 340", 335),
  crossing(table, 0.009, 2450, 100, "the segments overlap from 2,450 to 2,460", 2455),
  {
    id: "relative-widest",
    figure: "3",
    table,
    quantity: { of: "mean", y: "relative", where: { h: WIDEST } },
    claim:
      "The widest nets are in the lazy regime: their weights do not move significantly. (Measured: the movement of " +
      `the hidden weights of the widest net, relative to their start. Below ${LAZY} this page calls it lazy.)`,
    source: "Sec. 4 and 6, Fig. 3",
    published: "metric below 0.009: lazy",
    expect: below(LAZY),
    declared: {
      verdict: "contradicts",
      reason:
        "The metric of the report is the norm of the change divided by the number of units. The norm hardly depends " +
        "on the width, so the metric falls whatever the weights do. Relative to their start, the hidden weights of " +
        "the widest net move by more than a third.",
    },
  },
  {
    id: "relative-value",
    figure: "3",
    table,
    kind: "own",
    quantity: { of: "mean", y: "relative", where: { h: WIDEST } },
    claim: "The hidden weights of the widest net move by 37 % of their norm at the start.",
    source: "Fig. 2",
    published: "not measured",
    expect: within(0.37, 0.03),
  },
  {
    id: "relative-slope",
    figure: "3",
    table,
    kind: "own",
    rival: { value: -1, text: "the power of the published metric" },
    quantity: { of: "slope", y: "relative", ...ofWidth },
    claim: "The relative movement of the hidden weights falls slowly with the width. (Measured: its power in h.)",
    source: "Fig. 2",
    published: "not measured",
    expect: within(-0.41, 0.1),
  },
  {
    id: "relative-slope-above",
    figure: "3",
    table,
    kind: "own",
    quantity: { of: "slope", y: "relative", x, by, from: 2450, to: everywhere.to },
    claim:
      "Nothing changes at the border of the last segment: above it the relative movement falls with about the same " +
      "power. (Measured: the power from h = 2,450 on.)",
    source: "Fig. 3",
    published: "not measured",
    expect: within(-0.41, 0.1),
  },
  {
    id: "relative-output",
    figure: "3",
    table,
    kind: "own",
    quantity: { of: "mean", y: "relativeOutput", where: { h: WIDEST } },
    claim:
      "The weights of the output layer of the widest net move by many times their start. (Measured: the norm of " +
      "their change over their norm at the start.)",
    source: "Fig. 2",
    published: "not measured",
    expect: atLeast(10),
  },
  {
    id: "epochs-fall",
    figure: "3",
    table,
    rival: { value: 0, text: "no order" },
    quantity: { of: "rank", y: "epoch", ...ofWidth },
    claim: "Wider nets need fewer epochs. (Measured: the rank correlation of epochs and width.)",
    source: "Fig. 7",
    published: "336 epochs at h = 100, 51 at h = 10,000",
    expect: below(-0.9),
  },
  {
    id: "all-fit",
    figure: "3",
    table,
    kind: "own",
    quantity: { of: "count", where: { converged: false } },
    claim: "Every net with one hidden layer fits its points. (Measured: the number of nets that do not.)",
    source: "Sec. 4",
    expect: within(0, 0),
  },
]

/** A claim that needs all widths. */
export const meanClaim = (table: string): Claim => ({
  id: "metric-mean",
  figure: "2",
  table,
  quantity: { of: "mean", y: "perUnit" },
  claim: "The mean of the published metric over all widths.",
  source: "The program, its notebook",
  published: "0.010886",
  expect: within(0.010886, 5e-4),
})

const epochsAt = (table: string, h: number, published: number): Claim => ({
  id: `epochs-${h}`,
  figure: "7",
  table,
  quantity: { of: "mean", y: "epoch", where: { h } },
  claim: `A net of width ${h} needs about ${published} epochs.`,
  source: "Fig. 7",
  published: `${published}`,
  expect: within(published, 0.25 * published),
})

/** Claims on the loss curves of some widths. */
export const curveClaims = (table: string, drawn: ReadonlyArray<number>): ReadonlyArray<Claim> => [
  epochsAt(table, 100, 336),
  epochsAt(table, 5070, 67),
  epochsAt(table, WIDEST, 54),
  {
    id: "curves-direction",
    figure: "7",
    table,
    rival: { value: 1, text: "the same number of epochs" },
    quantity: {
      of: "ratio",
      y: "epoch",
      by: ["replica"],
      minuend: { h: Math.max(...drawn) },
      subtrahend: { h: Math.min(...drawn) },
    },
    claim:
      "The narrowest net has the leftmost loss curve and the widest net the rightmost. (Measured: the epochs of the " +
      "widest net over those of the narrowest.)",
    source: "Fig. 7 and the text beside it",
    published: "above 1 by the text; 54/336 = 0.16 in the program",
    expect: above(1),
    declared: {
      verdict: "contradicts",
      reason: "The curves were described the wrong way round: in the program, too, the widest net is the fastest.",
    },
  },
  {
    id: "linear-convergence",
    figure: "7-rate",
    table: "spans",
    quantity: {
      of: "ratio",
      y: "span",
      by: ["replica"],
      where: { h: Math.max(...drawn) },
      minuend: { level: LEVELS.at(-1)! },
      subtrahend: { level: LEVELS.at(-3)! },
    },
    claim:
      "Wide nets converge linearly to zero loss. (Measured for the widest net, with Adam at a constant rate: the " +
      "epochs in which the loss falls from 0.015 to 0.005, over the epochs in which it falls from 0.135 to 0.045.)",
    source: "Sec. 1 and 3",
    published: "1, if convergence is linear",
    expect: within(1, 0.3),
    declared: {
      verdict: "contradicts",
      reason:
        "The last third takes more than one and a half times as long. The cross-entropy has no minimum: the smaller " +
        "it gets, the smaller is its slope, and Adam's steps have a constant size. Narrow nets get faster instead.",
    },
  },
]
