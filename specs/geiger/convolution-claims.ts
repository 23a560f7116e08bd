// The claims about figures 1b, 2d and 5d, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { above, atMost, between, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, net as netOf } from "./claim.ts"

/**
 * The alpha of the nets whose kernels at the start and at the end are also frozen, and that are also trained with the
 * batches of the text.
 */
export const VANILLA = 1
export const TEXT = "text's batches"

const y = "testError"
// As in the authors' program, narrow nets are kept although they do not fit all their points.
const any = { converged: [true, false] }

interface Grid {
  readonly widths: ReadonlyArray<number>
  readonly alpha: ReadonlyArray<number>
}

export const claimsOf = ({ widths, alpha }: Grid): ReadonlyArray<Claim> => {
  const [least, most] = [`${Math.min(...alpha)}`, `${Math.max(...alpha)}`]
  const [narrow, wide] = [Math.min(...widths), Math.max(...widths)]
  return [
    {
      id: "cnn-unfitted",
      kind: "own",
      figure: "1b",
      quantity: {
        of: "count",
        where: {
          h: widths.filter((h) => h >= Math.min(30, wide)),
          alpha: alpha.map(String),
          converged: false,
        },
      },
      claim:
        "Wide convolutional nets fit their training points. (Measured: the number of wide nets that do not. The " +
        "authors' program also keeps narrow nets that do not fit, and the errors on this page do the same.)",
      source: "Fig. 1b and its program",
      published: "all nets with h ≥ 30",
      expect: atMost(0),
      scales: ["medium", "large", "paper"],
    },
    {
      id: "cnn-feature-over-frozen",
      rival: { value: 1, text: "the same error" },
      figure: "1b",
      quantity: {
        of: "ratio",
        y,
        by: netOf,
        where: { h: wide, ...any },
        minuend: { alpha: least },
        subtrahend: { alpha: "frozen kernel" },
      },
      claim:
        "In convolutional nets feature learning has a much smaller error than the frozen kernel. (Measured: the " +
        "ratio of the two errors at the largest width. Nets that do not fit are included.)",
      source: "Fig. 1b",
      published: "1.8 over 3.9 %: 0.46",
      expect: atMost(0.6),
      differs: between(0, 0.95),
      scales: ["medium", "large", "paper"],
    },
    {
      id: "cnn-lazy-is-frozen",
      figure: "1b",
      quantity: {
        of: "distance",
        y,
        by: netOf,
        where: any,
        minuend: { alpha: most },
        subtrahend: { alpha: "frozen kernel" },
      },
      claim:
        "Convolutional nets of the largest α have the same error as learning with the kernel frozen at the start. " +
        "(Measured: the distance of the two errors. Nets that do not fit are included: at quick scale the nets of " +
        "the largest α do not fit.)",
      source: "Fig. 1b",
      published: "within 0.5 points",
      expect: atMost(0.01),
      at: { large: atMost(0.007), paper: atMost(0.007) },
      differs: between(0, 0.03),
    },
    {
      id: "cnn-order",
      stated: 1,
      figure: "1b",
      rival: { value: 0, text: "no order" },
      quantity: { of: "rank", x: "alpha", y, by: netOf, where: { h: wide, ...any }, ...everywhere },
      claim:
        "In convolutional nets, too, the error rises with α step by step. (Measured: the rank correlation of α and " +
        "the error within each net, at the largest width. Nets that do not fit are included.)",
      source: "Fig. 1b",
      published: "ordered by α at every width",
      expect: above(0.5),
    },
    {
      id: "cnn-batches",
      kind: "own",
      figure: "1b",
      quantity: {
        of: "difference",
        y,
        by: netOf,
        where: any,
        minuend: { alpha: `${VANILLA}, ${TEXT}` },
        subtrahend: { alpha: `${VANILLA}` },
      },
      claim:
        "The rule for drawing batches, the text's or the program's, does not change the error at α = 1. (The paper " +
        "does not state this, but its conclusions need it. Measured: the difference of the two errors.)",
      source: "App. A and the program",
      published: "not compared",
      expect: within(0, 0.03),
      at: { large: within(0, 0.005), paper: within(0, 0.005) },
    },
    {
      id: "cnn-ensemble-ratio",
      rival: { value: 1, text: "the same error" },
      figure: "2d",
      quantity: {
        of: "ratio",
        y,
        by: ["h"],
        where: { learner: "mean output" },
        minuend: { alpha: most },
        subtrahend: { alpha: least },
      },
      claim:
        "The mean output of convolutional nets has a larger error in the lazy regime than in feature learning. " +
        "(Measured: the ratio of the error at the largest α to the error at the smallest α.)",
      source: "Fig. 2d, Sec. 4 (ii)",
      published: "1.7",
      expect: above(1.3),
      differs: between(1.01, 1.3),
      scales: ["medium", "large", "paper"],
    },
    {
      id: "cnn-ensemble-gain",
      figure: "2d",
      quantity: {
        of: "difference",
        y,
        by: ["h", "alpha"],
        minuend: { learner: "single nets, mean" },
        subtrahend: { learner: "mean output" },
      },
      claim:
        "Averaging the outputs of convolutional nets lowers the error. (Measured: the error of single nets minus the " +
        "error of their mean output. Nets that do not fit are included.)",
      source: "Fig. 2d",
      published: "0.2 to 2.5 points",
      expect: above(0),
    },
    {
      id: "cnn-crossing-over",
      figure: "2d",
      quantity: {
        of: "difference",
        y,
        by: [],
        where: { learner: "mean output", alpha: "1" },
        minuend: { h: wide },
        subtrahend: { h: narrow },
      },
      claim:
        "At α = 1 the error of the mean output rises with the width: nets cross over from feature learning to the " +
        "lazy regime. (Measured: the error at the largest width minus the error at the smallest width.)",
      source: "Fig. 2d",
      published: "1.7 to 2.15 %",
      expect: above(0),
      scales: ["medium", "large", "paper"],
    },
    {
      id: "cnn-end-kernel",
      figure: "5d",
      quantity: {
        of: "distance",
        y,
        by: netOf,
        minuend: { learner: "kernel of the end" },
        subtrahend: { learner: "net" },
      },
      claim:
        "Learning with the kernel of the end has the same error as the net itself (α = 1). (Measured: the distance " +
        "of the two errors.)",
      source: "Fig. 5d",
      published: "within 0.2 points",
      expect: atMost(0.03),
      at: { medium: atMost(0.01), large: atMost(0.005), paper: atMost(0.005) },
    },
    {
      id: "cnn-start-kernel",
      figure: "5d",
      quantity: {
        of: "difference",
        y,
        by: netOf,
        minuend: { learner: "kernel of the start" },
        subtrahend: { learner: "net" },
      },
      claim:
        "Learning with the kernel of the start has a larger error than the net (α = 1). (Measured: the difference of " +
        "the two errors.)",
      source: "Fig. 5d",
      published: "1 to 10 points more",
      expect: above(0),
    },
  ]
}
