// How the figures of the moments during training are drawn.
// Knows nothing about the nets behind the tables.
import type { PlotParams } from "../../stages/plot/plot.ts"

const kernel = { field: "kernelChange", title: "‖Θ − Θ₀‖ / ‖Θ₀‖" } as const

export const momentFigure = (scales: ReadonlyArray<number>): PlotParams => ({
  description:
    "The change of the kernel against the part of the loss that is left, for several widths. The kernel changes by " +
    "the time at which half of the loss is left, and goes on changing when the output is scaled up.",
  x: { field: "left", title: "part of the loss left", scale: "linear", domain: [0, 1] },
  y: kernel,
  color: { field: "h", title: "width h" },
  over: "replica",
  panels: scales.map((sqrtHAlpha) => ({
    title: `√h·α = ${sqrtHAlpha}`,
    where: { sqrtHAlpha },
    guides: [
      { kind: "level", x: 0.5, label: "t₁" },
      // Elsewhere all changes are larger.
      ...(sqrtHAlpha === Math.max(...scales) ? [{ kind: "level", y: 1 } as const] : []),
    ],
  })),
})

/** `depth` is the number of hidden layers. */
export const inflationFigure = (depth: number): PlotParams => ({
  description:
    "The change of the kernel against the change of the weights at the same moments. Once the weights have inflated, " +
    `the points should lie along a line of slope ${2 * depth}.`,
  x: { field: "weightChange", title: "√h ‖w − w₀‖ / ‖w₀‖" },
  y: kernel,
  color: { field: "h", title: "width h" },
  shape: { field: "sqrtHAlpha", title: "√h·α" },
  marks: "points",
  guides: [{ kind: "slope", slope: 2 * depth, through: [4, 100], label: `slope ${2 * depth}` }],
})

export const arrayFigure: PlotParams = {
  description:
    "The change of single weights and biases at t₁ and much earlier, against the width, for each array. Weights " +
    "between hidden layers move less the wider the net is.",
  x: { field: "h", title: "width h" },
  y: { field: "moved", title: "rms change" },
  color: { field: "array", title: "array" },
  shape: { field: "left", title: "loss left" },
  over: "replica",
  guides: [{ kind: "slope", slope: -0.5, through: [64, 0.1], label: "slope −1/2" }],
}
