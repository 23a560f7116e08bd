// The numbers of figures 1c, 1d, 2b, 3 and 6 that are judged. At quick scale the widths are below the paper's: levels
// differ from net to net by up to ten times, slopes within one net do not.
import type { Quantity } from "../../stages/analysis/quantity.ts"
import { everywhere, feature, lazy, net } from "./claim.ts"

const x = "sqrtHAlpha"

/** The top two decades: with more points the shoulder between the regimes lies further right. */
const laziest = (scales: ReadonlyArray<number>) => ({ from: Math.max(...scales) / 100, to: Math.max(...scales) })

/** The power by which y goes with the width at one sqrt(h) alpha: 0 where curves of all widths are one. */
const ofWidth = (
  name: string,
  y: string,
  scales: ReadonlyArray<number>,
  { from, to }: { readonly from: number; readonly to: number },
): Quantity => ({
  name,
  of: "slope",
  x: "h",
  y,
  by: [x, "replica"],
  where: { [x]: scales.filter((scale) => scale >= from && scale <= to) },
  ...everywhere,
})

export const quantitiesOf = (scales: ReadonlyArray<number>): ReadonlyArray<Quantity> => [
  { name: "all-fit", of: "count", where: { converged: false } },
  { name: "kernel-slope-lazy", of: "slope", x, y: "kernelChange", by: net, ...laziest(scales) },
  { name: "kernel-slope-feature", of: "slope", x, y: "kernelChange", by: net, ...feature },
  ...(
    [
      ["lazy", lazy],
      ["feature", feature],
    ] as const
  ).map(([regime, range]) => ofWidth(`kernel-collapse-${regime}`, "kernelChange", scales, range)),
  { name: "kernel-crossover", of: "crossing", x, y: "kernelChange", by: net, level: 1, scale: "log", ...everywhere },
  { name: "t1-slope-feature", of: "slope", x, y: "t1", by: net, from: feature.from, to: 0.3 },
  ofWidth("t1-collapse-feature", "t1", scales, feature),
  { name: "t1-constant-lazy", of: "variation", x, y: "t1", by: net, ...lazy },
  ofWidth("t1-collapse-lazy", "t1", scales, lazy),
  { name: "t2-constant-lazy", of: "variation", x, y: "t2", by: net, ...lazy },
  { name: "t2-slope-feature", of: "slope", x, y: "t2", by: net, ...feature },
  { name: "weight-slope-lazy", of: "slope", x, y: "weightChange", by: net, ...laziest(scales) },
  { name: "weight-slope-feature", of: "slope", x, y: "weightChange", by: net, from: feature.from, to: 0.1 },
  ofWidth("weight-collapse", "weightChange", scales, everywhere),
]
export const errorQuantities = (scales: ReadonlyArray<number>): ReadonlyArray<Quantity> => {
  const [least, most] = [Math.min(...scales), Math.max(...scales)]
  return [
    {
      name: "frozen-is-lazy",
      of: "distance",
      y: "testError",
      by: net,
      minuend: { learner: "net", [x]: most },
      subtrahend: { learner: "frozen kernel", [x]: most },
    },
    {
      name: "feature-plateau",
      of: "difference",
      y: "testError",
      by: net,
      minuend: { learner: "net", [x]: least },
      subtrahend: { learner: "net", [x]: 1 },
    },
    {
      name: "feature-beats-lazy",
      of: "difference",
      y: "testError",
      by: net,
      minuend: { learner: "net", [x]: scales.filter((scale) => scale >= lazy.from) },
      subtrahend: { learner: "net", [x]: scales.filter((scale) => scale >= feature.from && scale <= feature.to) },
    },
  ]
}
export const crossingQuantities: ReadonlyArray<Quantity> = [
  { name: "error-rises", of: "rank", x, y: "testError", by: ["h"], ...everywhere },
  {
    name: "error-collapse",
    of: "crossings",
    x,
    y: "rescaled",
    by: ["h"],
    level: 0.5,
    scale: "linear",
    from: 0.1,
    to: everywhere.to,
  },
]
/** How far apart the lazy curves of the widest net are where a tenth of the loss is left. */
export const curveQuantities = (
  scales: ReadonlyArray<number>,
  widths: ReadonlyArray<number>,
): ReadonlyArray<Quantity> => [
  {
    name: "lazy-curves",
    of: "crossings",
    x: "t",
    y: "loss",
    by: [x],
    level: 0.1,
    scale: "linear",
    where: { h: Math.max(...widths), [x]: scales.filter((scale) => scale >= lazy.from) },
    ...everywhere,
  },
]
const gain = { minuend: { learner: "single nets, mean" }, subtrahend: { learner: "mean output" } }
export const ensembleQuantities: ReadonlyArray<Quantity> = [
  { name: "ensemble-gain", of: "difference", y: "testError", by: ["h", x], ...gain },
  { name: "ensemble-always", of: "least difference", y: "testError", by: ["h", x], ...gain },
  {
    name: "ensemble-collapse",
    of: "slope",
    x: "h",
    y: "testError",
    by: [x],
    where: { learner: "mean output" },
    ...everywhere,
  },
]
