// How figures 4, 5 and 6 are drawn, with the points that were read off the report.
// Knows nothing about the nets behind the tables.
import type { PlotParams } from "../../stages/plot/plot.ts"
import { unfitted } from "./claim.ts"

const size = { field: "n", title: "n" } as const
const mean = { field: "meanMoved", title: "Σ mean |ΔW|" } as const
const variant = { field: "variant", title: "nets" } as const
const origin = { field: "origin", title: "from" } as const
const shared = { x: size, y: mean, marks: "points", over: "replica", marked: unfitted } as const

const published = (label: string, ...points: ReadonlyArray<readonly [number, number]>) =>
  ({ kind: "published", points: points.map(([x, y]) => [x, y] as const), label }) as const

export const sumFigure: PlotParams = {
  description:
    "The summed mean change of the hidden weights against n, for one layer and for three kinds of two layers, and " +
    "the square root of it divided by n. All fall as n grows. Two layers move more than one at small n.",
  ...shared,
  color: variant,
  shape: { field: "depth", title: "hidden layers" },
  panels: [
    {
      title: "sum over hidden layers",
      where: { layer: "sum" },
      guides: [
        published("report, one layer", [200, 0.17], [6000, 0.044]),
        published("report, two layers", [200, 0.27], [6000, 0.046]),
      ],
    },
    {
      title: "√(Σ mean |ΔW|) / n",
      where: { layer: "sum" },
      y: { field: "root", title: "√(Σ mean |ΔW|) / n" },
    },
  ],
}

export const layerFigure: PlotParams = {
  description: "The mean change of the weights of each layer of two, against n.",
  ...shared,
  color: { field: "layer", title: "layer" },
  shape: origin,
  panels: [
    {
      title: "as published",
      where: { variant: "published", depth: 2 },
      guides: [
        published("report, first", [200, 0.135], [6000, 0.03]),
        published("report, second", [200, 0.135], [6000, 0.015]),
      ],
    },
    {
      title: "relative to the start",
      where: { variant: "published", depth: 2 },
      y: { field: "relative", title: "‖ΔW‖ / ‖W(0)‖" },
    },
  ],
}

export const threeFigure: PlotParams = {
  description:
    "The summed mean change of the hidden weights against n, for one, two and three layers, and the loss at the end. " +
    "Nets that do not fit have a loss of ln 2 and hardly move.",
  ...shared,
  color: { field: "depth", title: "hidden layers" },
  shape: variant,
  panels: [
    {
      title: "sum over hidden layers",
      where: { layer: "sum" },
      guides: [
        published("report, one layer", [300, 0.158], [6000, 0.044]),
        published("report, two layers", [300, 0.246], [6000, 0.045]),
        published("report, three layers", [300, 0.204], [600, 0.215], [6000, 0.048]),
        published("report, outlier", [5400, 0.014]),
      ],
    },
    { title: "loss at the end", where: { layer: "sum" }, y: { field: "loss", title: "loss" } },
  ],
}
