// The claims about appendix A, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { above, atMost, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere } from "./claim.ts"

/** The largest batch of the runs with large batches. */
export const LARGE = 64
/** The name of the text's rule with small batches. */
export const SMALL = "paper-text, small batches"

const ofNoise = { figure: "GA", table: "noise" }
const ofRuns = { figure: "GA-rules", table: "batches", source: "App. A" }
const sameT = {
  by: ["replica"],
  minuend: { batches: SMALL },
  subtrahend: { batches: "paper-text" },
} as const
const cold = { by: ["replica"], minuend: { batches: "cold" }, subtrahend: { batches: "no batches" } }

export const temperatureClaims = ({ smallBatch }: { readonly smallBatch: number }): ReadonlyArray<Claim> => [
  {
    id: "batch-variance",
    kind: "own",
    ...ofNoise,
    quantity: { of: "mean", y: "ratio" },
    claim:
      "The covariance of the gradient of a batch of b out of n points is the covariance of single points divided " +
      "by b, times 1 − (b − 1)/(n − 1). (Measured: the ratio of the traces.)",
    source: "Eq. 16",
    published: "equal",
    expect: within(1, 0.05),
  },
  {
    id: "batch-inverse",
    kind: "own",
    ...ofNoise,
    quantity: { of: "largest", y: "inverse" },
    claim:
      "Eq. 19 gives back the batch size of a step from eq. 17. (Measured: the largest ratio of the two batch " +
      "sizes.)",
    source: "Eq. 17 and 19",
    published: "exact",
    expect: within(1, 1e-12),
  },
  {
    id: "batch-inverse-least",
    kind: "own",
    ...ofNoise,
    quantity: { of: "smallest", y: "inverse" },
    claim:
      "Eq. 19 gives back no smaller batch size than eq. 17. (Measured: the smallest ratio of the two batch sizes.)",
    source: "Eq. 17 and 19",
    published: "exact",
    expect: within(1, 1e-12),
  },
  {
    id: "batch-variance-size",
    kind: "own",
    ...ofNoise,
    quantity: { of: "slope", x: "batch", y: "ratio", by: ["replica"], ...everywhere },
    claim:
      "The formula for the covariance holds at every batch size b. (Measured: the power of the ratio of the " +
      "traces in b.)",
    source: "Eq. 16",
    published: "equal",
    expect: within(0, 0.03),
  },
  {
    id: "batch-temperature",
    kind: "own",
    ...ofNoise,
    quantity: { of: "variation", x: "batch", y: "temperature", by: ["replica"], ...everywhere },
    claim:
      "Steps and batches that are related by eq. 19 have one temperature. (Measured: the relative variation of " +
      "the temperature over batch sizes.)",
    source: "Eq. 17",
    published: "constant",
    expect: atMost(1e-12),
  },
  {
    id: "cold-kernel",
    kind: "own",
    ...ofRuns,
    quantity: { of: "ratio", y: "kernelChange", ...cold },
    claim:
      "A training at a temperature near zero (T = 1e-8) is the training without batches: the kernel change is " +
      "the same. (Measured: the ratio of the two kernel changes.)",
    published: "the limit",
    expect: within(1, 0.02),
    differs: within(1, 0.1),
  },
  {
    id: "cold-time",
    kind: "own",
    ...ofRuns,
    quantity: { of: "ratio", y: "t1", ...cold },
    claim:
      "At a temperature near zero (T = 1e-8) the time t₁, at which the loss has halved, is the same as without " +
      "batches. (Measured: the ratio of the two times.)",
    published: "the limit",
    expect: within(1, 0.02),
    differs: within(1, 0.1),
  },
  {
    id: "temperature-steps",
    kind: "own",
    ...ofRuns,
    quantity: { of: "ratio", y: "steps", ...sameT },
    claim:
      "Runs with small batches take shorter steps, so that the comparison at one temperature says something. " +
      "(Measured: the ratio of the numbers of steps.)",
    published: "not compared",
    expect: above(2),
  },
  {
    id: "temperature-kernel",
    ...ofRuns,
    quantity: { of: "ratio", y: "kernelChange", ...sameT },
    claim:
      "Runs of one temperature agree, whatever their steps and batches: the kernel change is the same. " +
      `(Measured: the ratio of runs with batches up to ${smallBatch} and short steps to runs with batches up ` +
      `to ${LARGE}.)`,
    published: "equal",
    expect: within(1, 0.1),
  },
  {
    id: "temperature-time",
    ...ofRuns,
    quantity: { of: "ratio", y: "t1", ...sameT },
    claim:
      "Runs of one temperature agree: the time t₁, at which the loss has halved, is the same. (Measured: the " +
      "same ratio of the times.)",
    published: "equal",
    expect: within(1, 0.1),
  },
  {
    id: "batches-time",
    kind: "own",
    ...ofRuns,
    quantity: {
      of: "ratio",
      y: "t2",
      by: ["replica"],
      minuend: { batches: "paper-text" },
      subtrahend: { batches: "paper-code" },
    },
    claim:
      "The gradient of a batch is unbiased. (Measured: the time to fit all points by the text's rule, divided by " +
      "the time by the program's rule. The program draws only among points below their margin. With an unbiased " +
      "gradient the two times would be equal.)",
    source: "App. A and the program",
    published: "equal",
    expect: within(1, 0.1),
    declared: {
      verdict: "contradicts",
      reason:
        "The program draws its batches among points below their margin and divides by their number. Its steps " +
        "are therefore larger than the steps of eq. 5, by n divided by the number of such points.",
    },
  },
]
