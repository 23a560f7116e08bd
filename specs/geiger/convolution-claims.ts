// By which numbers the claims of figures 1b, 2d and 5d are judged.
import { above, atMost, within, type Check } from "../../pipeline/check.ts"
import type { Output } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"
import type { Quantity } from "../../stages/analysis/quantity.ts"
import { judgedBy } from "../support/claims.ts"
import { net as netOf } from "./claim.ts"

/** With a width's replicas: a net whose alpha is 1 has its kernels of both ends frozen too. */
export const VANILLA = 1
export const TEXT = "text's batches"

const y = "testError"
// As in the program, narrow nets are kept though some of their points are left unfitted.
const any = { converged: [true, false] }

interface Grid {
  readonly widthsCnn: ReadonlyArray<number>
  readonly alphaCnn: ReadonlyArray<number>
}

const endsOf = (scales: ReadonlyArray<number>) => [`${Math.min(...scales)}`, `${Math.max(...scales)}`] as const

export const errorQuantities = ({ widthsCnn, alphaCnn }: Grid): ReadonlyArray<Quantity> => {
  const [least, most] = endsOf(alphaCnn)
  const wide = Math.max(...widthsCnn)
  return [
    {
      name: "cnn-feature-over-frozen",
      of: "ratio",
      y,
      by: netOf,
      where: { h: wide, ...any },
      minuend: { alpha: least },
      subtrahend: { alpha: "frozen kernel" },
    },
    {
      name: "cnn-lazy-is-frozen",
      of: "distance",
      y,
      by: netOf,
      where: any,
      minuend: { alpha: most },
      subtrahend: { alpha: "frozen kernel" },
    },
    {
      name: "cnn-batches",
      of: "difference",
      y,
      by: netOf,
      where: any,
      minuend: { alpha: `${VANILLA}, ${TEXT}` },
      subtrahend: { alpha: `${VANILLA}` },
    },
    {
      name: "cnn-unfitted",
      of: "count",
      where: {
        h: widthsCnn.filter((h) => h >= Math.min(30, wide)),
        alpha: alphaCnn.map(String),
        converged: false,
      },
    },
  ]
}

export const ensembleQuantities = ({ widthsCnn, alphaCnn }: Grid): ReadonlyArray<Quantity> => {
  const [least, most] = endsOf(alphaCnn)
  const [narrow, wide] = [Math.min(...widthsCnn), Math.max(...widthsCnn)]
  return [
    {
      name: "cnn-ensemble-ratio",
      of: "ratio",
      y,
      by: ["h"],
      where: { learner: "mean output" },
      minuend: { alpha: most },
      subtrahend: { alpha: least },
    },
    {
      name: "cnn-ensemble-gain",
      of: "difference",
      y,
      by: ["h", "alpha"],
      minuend: { learner: "single nets, mean" },
      subtrahend: { learner: "mean output" },
    },
    {
      name: "cnn-crossing-over",
      of: "difference",
      y,
      by: [],
      where: { learner: "mean output", alpha: "1" },
      minuend: { h: wide },
      subtrahend: { h: narrow },
    },
  ]
}

export const kernelQuantities: ReadonlyArray<Quantity> = [
  {
    name: "cnn-end-kernel",
    of: "distance",
    y,
    by: netOf,
    minuend: { learner: "kernel of the end" },
    subtrahend: { learner: "net" },
  },
  {
    name: "cnn-start-kernel",
    of: "difference",
    y,
    by: netOf,
    minuend: { learner: "kernel of the start" },
    subtrahend: { learner: "net" },
  },
]

interface Summaries {
  readonly errors: Output<Table>
  readonly ensembles: Output<Table>
  readonly kernels: Output<Table>
}

export const claimsOf = (summaries: Summaries): ReadonlyArray<Check> => {
  const [errors, ensembles, kernels] = [
    judgedBy(summaries.errors),
    judgedBy(summaries.ensembles),
    judgedBy(summaries.kernels),
  ]
  return [
    errors("cnn-unfitted", {
      claim:
        "Wide convolutional nets fit their training points. (Judged is the number of the wider ones that do " +
        "not. The program keeps narrow nets all the same, and so do the errors here.)",
      source: "Fig. 1b and its program",
      published: "all nets of h from 30 on",
      expect: atMost(0),
      scales: ["medium", "paper"],
    }),
    errors("cnn-feature-over-frozen", {
      claim:
        "Feature learning beats the frozen kernel by far in convolutional nets. (Judged is the ratio of " +
        "errors at the largest width, of nets fitted or not.)",
      source: "Fig. 1b",
      published: "1.8 over 3.9 %: 0.46",
      expect: atMost(0.6),
      differs: atMost(0.95),
      at: { quick: atMost(0.8) },
    }),
    errors("cnn-lazy-is-frozen", {
      claim:
        "Large α errs as learning with the kernel frozen at the start does. (Nets fitted or not: at quick " +
        "scale those of the largest α are not.)",
      source: "Fig. 1b",
      published: "within 0.5 points",
      expect: atMost(0.01),
      at: { paper: atMost(0.007) },
      differs: atMost(0.03),
    }),
    errors("cnn-batches", {
      claim:
        "It does not matter to the error whether batches are drawn as the text says or as the program does " +
        "(α = 1). (The paper does not claim it, and needs it.)",
      source: "App. A and the program",
      published: "not compared",
      expect: within(0, 0.03),
      at: { paper: within(0, 0.005) },
    }),
    ensembles("cnn-ensemble-ratio", {
      claim:
        "Convolutional nets, once averaged, err more in the lazy regime than in feature learning. (Judged is " +
        "the ratio.)",
      source: "Fig. 2d, Sec. 4 (ii)",
      published: "1.7",
      expect: above(1.3),
      differs: above(1),
      scales: ["medium", "paper"],
    }),
    ensembles("cnn-ensemble-gain", {
      claim: "Averaging convolutional nets, fitted or not, lowers their error.",
      source: "Fig. 2d",
      published: "0.2 to 2.5 points",
      expect: above(0),
    }),
    ensembles("cnn-crossing-over", {
      claim:
        "At α = 1 the error of the mean output rises with the width: nets cross over from feature learning " +
        "to the lazy regime.",
      source: "Fig. 2d",
      published: "1.7 to 2.15 %",
      expect: above(0),
      scales: ["medium", "paper"],
    }),
    kernels("cnn-end-kernel", {
      claim: "Learning with the kernel of the end errs as the net itself does (α = 1).",
      source: "Fig. 5d",
      published: "within 0.2 points",
      expect: atMost(0.03),
      at: { medium: atMost(0.01), paper: atMost(0.005) },
    }),
    kernels("cnn-start-kernel", {
      claim: "Learning with the kernel of the start errs more than the net (α = 1).",
      source: "Fig. 5d",
      published: "1 to 10 points more",
      expect: above(0),
    }),
  ]
}
