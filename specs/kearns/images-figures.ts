// How figure 8 is drawn, with the points that were read off the report and its notebook.
// Knows nothing about the nets behind the tables.
import type { PlotParams } from "../../stages/plot/plot.ts"
import { LAZY, origin } from "./claim.ts"

const width = { field: "h", title: "width h of the head" } as const

export const headFigure: PlotParams = {
  description:
    "The mean change of the weights of a head against its width, and the change relative to the start. The mean " +
    "change falls with the width; relative to the start the weights move far at every width.",
  x: width,
  y: { field: "meanMoved", title: "mean |ΔW₁| + mean |ΔW₂|" },
  color: origin,
  marks: "points",
  over: "replica",
  panels: [
    {
      title: "as published",
      where: { layer: "all" },
      guides: [
        {
          kind: "published",
          points: [
            [1000, 0.0862],
            [5000, 0.0645],
            [10_000, 0.056],
            [20_000, 0.051],
            [40_000, 0.0438],
          ],
          label: "report",
        },
      ],
    },
    {
      title: "relative to the start, both layers",
      where: { layer: "all" },
      y: { field: "relative", title: "‖ΔW‖ / ‖W(0)‖" },
      guides: [{ kind: "level", y: LAZY, label: "a tenth" }],
    },
  ],
}

export const errorFigure: PlotParams = {
  description: "The errors of heads on training and test images against their width.",
  x: width,
  y: { field: "error", title: "fraction of wrong images", scale: "linear" },
  color: origin,
  shape: { field: "test", title: "0 training, 1 test" },
  over: "replica",
}

export const backboneFigure: PlotParams = {
  description: "The accuracy over each epoch of the training of EfficientNet-B0, in this run and in the kept one.",
  x: { field: "epoch", title: "epoch", scale: "linear" },
  y: { field: "accuracy", title: "accuracy over the epoch", scale: "linear" },
  color: origin,
  guides: [
    {
      kind: "published",
      points: [
        [1, 0.9506],
        [10, 0.9891],
      ],
      label: "report's program",
    },
  ],
}
