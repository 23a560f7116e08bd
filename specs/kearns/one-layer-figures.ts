// How figures 2, 3 and 7 are drawn, with the points that were read off the report.
// Knows nothing about the nets behind the tables.
import type { PlotParams } from "../../stages/plot/plot.ts"
import { LAZY, origin, unfitted } from "./claim.ts"

const width = { field: "h", title: "width h" } as const
const shared = { x: width, color: origin, marks: "points", over: "replica", marked: unfitted } as const

export const metricFigure: PlotParams = {
  description:
    "The norm of the movement of all weights divided by the width, and undivided, against the width. Divided by the " +
    "width it falls as one over the width. Undivided it hardly changes.",
  ...shared,
  y: { field: "perUnit", title: "‖ΔW‖ / h" },
  panels: [
    {
      title: "as published: divided by the width",
      guides: [
        { kind: "slope", slope: -1, through: [1000, 0.023], label: "23 / h" },
        { kind: "level", y: 0.07, label: "0.07" },
        { kind: "level", y: 0.009, label: "0.009" },
        {
          kind: "published",
          points: [
            [100, 0.263],
            [330, 0.07],
            [1000, 0.0224],
            [2455, 0.009],
            [10_040, 0.0024],
          ],
          label: "report",
        },
      ],
    },
    { title: "the norm itself", y: { field: "norm", title: "‖ΔW‖", scale: "linear", domain: [0, 30] } },
  ],
}

export const relativeFigure: PlotParams = {
  description:
    "The movement of the hidden weights relative to their start, and the number of epochs, against the width. Both " +
    "fall slowly. The widest net still moves by more than a third of its start.",
  ...shared,
  y: { field: "relative", title: "‖ΔW₁‖ / ‖W₁(0)‖" },
  panels: [
    {
      title: "hidden weights",
      y: { field: "relative", title: "‖ΔW₁‖ / ‖W₁(0)‖", domain: [0.05, 5] },
      guides: [
        { kind: "level", y: LAZY, label: "a tenth" },
        { kind: "slope", slope: -0.4, through: [1000, 0.84], label: "slope −0.4" },
      ],
    },
    {
      title: "output weights",
      y: { field: "relativeOutput", title: "‖ΔW₂‖ / ‖W₂(0)‖" },
    },
    {
      title: "epochs",
      y: { field: "epoch", title: "epochs until the loss is 0.005" },
      guides: [
        {
          kind: "published",
          points: [
            [100, 336],
            [200, 226],
            [330, 189],
            [500, 164],
            [1000, 120],
            [2000, 89],
            [5070, 67],
            [10_000, 51],
          ],
          label: "report's program",
        },
      ],
    },
  ],
}

export const curveFigure: PlotParams = {
  description:
    "The mean loss of each epoch for three widths. The loss of the widest net falls first, that of the narrowest last.",
  x: { field: "epoch", title: "epoch" },
  y: { field: "loss", title: "mean loss of the epoch" },
  color: width,
  marks: "lines",
  over: "replica",
  guides: [
    { kind: "level", y: 0.005, label: "end of training" },
    {
      kind: "published",
      points: [
        [336, 0.005],
        [67, 0.005],
        [54, 0.005],
      ],
      label: "report's program, ends",
    },
  ],
}

export const spanFigure: PlotParams = {
  description: "The epochs in which the loss falls to a third, against the loss that it reaches, for three widths.",
  x: { field: "level", title: "loss reached" },
  y: { field: "span", title: "epochs since three times this loss", scale: "linear" },
  color: width,
  over: "replica",
}
