// How figure 7 and the figures of section 6 are drawn: the axes and guide lines of the paper, and the points read off
// its figures.
// Knows nothing about the nets behind the tables.
import type { PlotParams } from "../../stages/plot/plot.ts"
import { unfitted, weightPower } from "./claim.ts"

const x = "sinceStart"
const since = { field: x, title: "t / t₁", domain: [1e-3, 10] } as const
const shared = {
  x: since,
  marks: "lines",
  over: "replica",
  color: { field: "h", title: "width h" },
  shape: { field: "sqrtHAlpha", title: "√h·α" },
} as const

const line = (x: number, y: number) =>
  [{ kind: "slope", slope: 1, through: [x, y], from: 1e-3, to: 1, label: "slope 1" }] as const

export const alphaFigure: PlotParams = {
  description:
    "The distance of the output from its start, against the time in units of t₁, for several α at one width. The " +
    "output grows linearly well below t₁ for every α, and faster near t₁ where α is small.",
  x: since,
  y: { field: "moved", title: "‖f − f₀‖" },
  color: { field: "alpha", title: "α" },
  marks: "lines",
  over: "replica",
  guides: [
    ...line(0.01, 0.01),
    {
      kind: "published",
      points: [
        [1, 1e3],
        [10, 2e3],
      ],
      label: "paper, α = 0.001, h = 400",
    },
  ],
}

/** `least`: the smallest sqrt(h) alpha, of the nets that learn features. `most`: the largest, of the lazy nets. */
export const normFigure = (least: number, most: number): PlotParams => ({
  description:
    "Norms of the output against the time in units of t₁, for several widths, in feature learning and in the lazy " +
    "regime. α times the change is the same for all widths. The growth divided by the square root of the width is " +
    "the same from about a third of t₁ on.",
  ...shared,
  y: { field: "scaled", title: "α ‖f − f₀‖" },
  panels: [
    {
      title: "growth, feature learning",
      y: { field: "growth", title: "h^(−1/2) ‖f‖ / ‖f₀‖" },
      where: { sqrtHAlpha: least },
      guides: [
        {
          kind: "published",
          points: [
            [1, 160],
            [10, 225],
          ],
          label: "paper",
        },
      ],
    },
    {
      title: "α ‖f − f₀‖ / √h, feature learning",
      y: { field: "overRoot", title: "α ‖f − f₀‖ / √h" },
      where: { sqrtHAlpha: least },
    },
    {
      title: "α ‖f − f₀‖, feature learning",
      where: { sqrtHAlpha: least },
      guides: [
        ...line(1e-2, 5e-5),
        {
          kind: "published",
          points: [
            [0.01, 5e-5],
            [1, 1],
          ],
          label: "paper",
        },
      ],
    },
    {
      title: "α ‖f − f₀‖, lazy",
      where: { sqrtHAlpha: most },
      guides: [
        ...line(1e-2, 1e-2),
        {
          kind: "published",
          points: [
            [0.01, 1e-2],
            [1, 1],
          ],
          label: "paper",
        },
      ],
    },
  ],
})

export const layerFigure = (scales: ReadonlyArray<number>): PlotParams => ({
  description:
    "The movement of each layer divided by its movement at t₁, against the time in units of t₁. The layers inflate " +
    "together.",
  x: { field: x, title: "t / t₁" },
  y: { field: "inflation", title: "λ = ‖ΔW(t)‖ / ‖ΔW(t₁)‖" },
  color: { field: "layer", title: "weights" },
  marks: "lines",
  over: "replica",
  panels: scales.map((sqrtHAlpha) => ({
    title: `√h·α = ${sqrtHAlpha}`,
    where: { sqrtHAlpha },
    guides: [
      { kind: "level", x: 1, label: "t₁" },
      { kind: "published", points: [[40, 6.5]], label: "notebook, h = 1,600" },
    ],
  })),
})

/** `depth` is the number of hidden layers. */
export const inflationFigure = (depth: number): PlotParams => ({
  description:
    "The movement of the weights when all points are fitted, divided by their movement at t₁, against √h·α. The two " +
    "panels show two meanings of t₁: the output has moved by the square root of the width, and the loss has halved.",
  x: { field: "sqrtHAlpha", title: "√h·α" },
  y: { field: "amplification", title: "λ(t₂) = ‖ΔW(t₂)‖ / ‖ΔW(t₁)‖" },
  over: "replica",
  marked: unfitted,
  panels: [
    {
      title: "t₁ of section 6: the output has moved by √h",
      guides: [{ kind: "slope", slope: -weightPower(depth), through: [0.01, 20], label: "slope −1/3" }],
    },
    {
      title: "t₁ of the figures: the loss has halved",
      y: { field: "inflation", title: "λ(t₂) = ‖ΔW(t₂)‖ / ‖ΔW(t₁)‖", domain: [1, 10] },
    },
  ],
})
