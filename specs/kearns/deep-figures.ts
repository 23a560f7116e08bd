// How figures 4, 5 and 6 are drawn, with the points that were read off the report.
// Knows nothing about the nets behind the tables.
import type { PlotParams } from "../../stages/plot/plot.ts"
import { LAZY, origin, unfitted } from "./claim.ts"

const size = { field: "n", title: "n" } as const
const mean = { field: "meanMoved", title: "Σ mean |ΔW|" } as const
const net = { field: "net", title: "layers" } as const
const layer = { field: "layer", title: "layer" } as const
const shared = { x: size, y: mean, shape: origin, marks: "points", over: "replica", marked: unfitted } as const

const published = (label: string, ...points: ReadonlyArray<readonly [number, number]>) =>
  ({ kind: "published", points: points.map(([x, y]) => [x, y] as const), label }) as const

const relative = {
  title: "relative to the start",
  where: { layer: "sum" },
  y: { field: "relative", title: "‖ΔW‖ / ‖W(0)‖" },
  guides: [{ kind: "level", y: LAZY, label: "a tenth" }],
} as const

export const sumFigure: PlotParams = {
  description:
    "The summed mean change of the hidden weights against n, for one layer and for three kinds of two layers, their " +
    "change relative to the start, and the square root of the sum divided by n. By the sum two layers move more than " +
    "one at small n; relative to their start they move less at large n.",
  ...shared,
  color: net,
  panels: [
    {
      title: "sum over hidden layers",
      where: { layer: "sum" },
      guides: [
        published("report, one layer", [200, 0.17], [6000, 0.044]),
        published("report, two layers", [200, 0.27], [6000, 0.046]),
      ],
    },
    relative,
    { title: "√(Σ mean |ΔW|) / n", where: { layer: "sum" }, y: { field: "root", title: "√(Σ mean |ΔW|) / n" } },
  ],
}

const layersOf = (
  depth: number,
  guides: ReadonlyArray<ReturnType<typeof published>>,
  places: ReadonlyArray<string>,
): PlotParams => ({
  description: `The mean change of the weights of each of ${depth} hidden layers, against n.`,
  ...shared,
  y: { field: "meanMoved", title: "mean |ΔW|" },
  color: layer,
  panels: places.map((place, i) => ({
    title: `${place} layer`,
    where: { layer: place, variant: "published", depth },
    guides: guides.slice(i, i + 1),
  })),
})

export const secondFigure: PlotParams = layersOf(
  2,
  [published("report", [200, 0.135], [6000, 0.03]), published("report", [200, 0.135], [6000, 0.015])],
  ["first", "second"],
)

export const thirdFigure: PlotParams = layersOf(
  3,
  [
    published("report", [300, 0.087], [6000, 0.024]),
    published("report", [300, 0.047], [6000, 0.009]),
    published("report", [300, 0.07], [6000, 0.015]),
  ],
  ["first", "second", "third"],
)

export const threeFigure: PlotParams = {
  description:
    "The summed mean change of the hidden weights against n, for one, two and three layers, their change relative to " +
    "the start, and the loss at the end. Nets that do not fit keep the loss of a constant output and move less.",
  ...shared,
  color: net,
  panels: [
    {
      title: "sum over hidden layers",
      where: { layer: "sum" },
      guides: [
        published("report: 1", [300, 0.158], [6000, 0.044]),
        published("2", [300, 0.246], [6000, 0.045]),
        published("3", [300, 0.204], [600, 0.215], [6000, 0.048]),
        published("outlier", [5400, 0.014]),
      ],
    },
    relative,
    { title: "loss at the end", where: { layer: "sum" }, y: { field: "loss", title: "loss" } },
  ],
}
