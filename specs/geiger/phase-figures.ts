// How figures 1c, 1d, 2b, 3a, 3b, 3c and 6 are drawn: the axes and guide lines of the paper, and the points read off
// its figures.
// Knows nothing about the nets behind the tables.
import type { PlotParams } from "../../stages/plot/plot.ts"
import { kernelPower, unfitted, weightPower } from "./claim.ts"

const scaled = { field: "sqrtHAlpha", title: "√h·α" } as const
const plain = { field: "alpha", title: "α" } as const
const width = { field: "h", title: "width h" } as const
const over = "replica"
const published = (points: ReadonlyArray<readonly [number, number]>) =>
  ({ kind: "published", points, label: "paper, h = 100" }) as const

/** Two panels: against alpha on the left; against sqrt(h) alpha, with the guides, on the right. */
const twice = (guides: NonNullable<PlotParams["guides"]>): NonNullable<PlotParams["panels"]> => [
  { title: "against α", x: plain, guides: [] },
  { title: "against √h·α", x: scaled, guides },
]

export const kernelFigure = (depth: number): PlotParams => ({
  description:
    "The relative change of the tangent kernel against α and against √h·α, on logarithmic axes. It falls steeply " +
    "where √h·α is small, and as the inverse of √h·α where √h·α is large. Against √h·α the curves of all widths " +
    "should coincide.",
  x: scaled,
  y: { field: "kernelChange", title: "‖Θ − Θ₀‖ / ‖Θ₀‖" },
  color: width,
  over,
  marked: unfitted,
  panels: twice([
    {
      kind: "slope",
      slope: -kernelPower(depth),
      through: [0.1, 5.3e4],
      from: 0.01,
      to: 3,
      label: `slope −${kernelPower(depth).toPrecision(3)}`,
    },
    { kind: "slope", slope: -1, through: [1e4, 1e-3], from: 1e3, to: 1e5, label: "slope −1" },
    { kind: "level", y: 1, label: "change as large as Θ₀" },
    ...(depth === 5
      ? [
          published([
            [0.01, 2.6e6],
            [0.1, 5.3e4],
            [1, 1.4e3],
            [10, 30],
            [100, 0.5],
            [1e4, 1e-3],
            [1e6, 1e-5],
          ]),
        ]
      : []),
  ]),
})

export const lossFigure: PlotParams = {
  description:
    "The loss against time for one net of each width at every √h·α: against the time t, and against t divided by " +
    "√h·α, where the curves of small √h·α halve together.",
  x: { field: "t", title: "time t" },
  y: { field: "loss", title: "α² × loss", scale: "linear" },
  color: { field: "sqrtHAlpha", title: "√h·α" },
  shape: width,
  marks: "lines",
  guides: [{ kind: "level", y: 0.5, label: "half" }],
  panels: [
    { title: "against the time t" },
    { title: "against t / (√h·α)", x: { field: "scaledTime", title: "t / (√h·α)" } },
  ],
}

const timeGuides = {
  t1: [
    { kind: "slope", slope: 1, through: [0.1, 0.11], from: 0.01, to: 1, label: "slope 1" },
    {
      kind: "published",
      points: [
        [0.01, 0.011],
        [0.1, 0.11],
        [1e4, 6.5],
      ],
      label: "paper",
    },
  ],
  t2: [
    { kind: "slope", slope: 1.5, through: [0.01, 0.12], from: 0.01, to: 1, label: "slope 3/2" },
    {
      kind: "published",
      points: [
        [0.01, 0.12],
        [1e4, 2e5],
      ],
      label: "paper, h = 100",
    },
  ],
} as const
export const timesFigure: PlotParams = {
  description:
    "Two times against α and against √h·α. The time t₁, at which the loss has halved, grows as √h·α and is then " +
    "constant. The time t₂, at which the loss is zero, grows more steeply and becomes constant later.",
  x: scaled,
  y: { field: "t1", title: "time" },
  color: width,
  over,
  marked: unfitted,
  panels: [
    { title: "t₁, the loss has halved, against α", x: plain, y: { field: "t1", title: "t₁" } },
    { title: "t₁ against √h·α", y: { field: "t1", title: "t₁" }, guides: timeGuides.t1 },
    { title: "t₂, the loss is zero, against α", x: plain, y: { field: "t2", title: "t₂" } },
    { title: "t₂ against √h·α", y: { field: "t2", title: "t₂" }, guides: timeGuides.t2 },
  ],
}

export const weightFigure = (depth: number): PlotParams => ({
  description:
    "The relative change of the weights against α and against √h·α. It is nearly flat where √h·α is small, and falls " +
    "as the inverse of √h·α where √h·α is large.",
  x: scaled,
  y: { field: "weightChange", title: "√h ‖w − w₀‖ / ‖w₀‖" },
  color: width,
  over,
  marked: unfitted,
  panels: twice([
    { kind: "slope", slope: -1, through: [1e4, 2e-3], from: 1e3, to: 1e5, label: "slope −1" },
    {
      kind: "slope",
      slope: -weightPower(depth),
      through: [0.03, 4],
      from: 0.01,
      to: 0.3,
      label: `slope −${weightPower(depth).toPrecision(2)}`,
    },
    ...(depth === 5
      ? [
          published([
            [0.01, 4.9],
            [0.1, 2.98],
            [1, 1.72],
            [10, 0.91],
            [1e6, 3e-5],
          ]),
        ]
      : []),
  ]),
})

export const errorFigure: PlotParams = {
  description:
    "The test error against α for each width: of trained nets, with every net behind the mean, and of learning with " +
    "the kernel frozen at the start, which does not depend on α.",
  x: plain,
  y: { field: "testError", title: "test error", scale: "linear" },
  color: width,
  shape: { field: "learner", title: "learner" },
  over,
  marked: unfitted,
  guides: [
    {
      kind: "published",
      points: [
        [0.01, 0.078],
        [1e4, 0.089],
      ],
      label: "paper, h = 100",
    },
    {
      kind: "published",
      points: [
        [0.01, 0.066],
        [1e4, 0.0725],
      ],
      label: "paper, h = 800",
    },
  ],
}

export const rescaledFigure: PlotParams = {
  description:
    "The mean test error of each width, rescaled to the range from 0 to 1, against √h·α. The curves of all widths " +
    "should rise together.",
  x: scaled,
  y: { field: "rescaled", title: "rescaled mean test error", scale: "linear" },
  color: width,
  guides: [
    { kind: "level", y: 0.5, label: "half" },
    {
      kind: "published",
      points: [
        [30, 0.5],
        [100, 0.8],
      ],
      label: "paper",
    },
  ],
}

export const ensembleFigure: PlotParams = {
  description:
    "The mean test error of single nets and the test error of their mean output, against √h·α, for each width.",
  x: scaled,
  y: { field: "testError", title: "test error", scale: "linear" },
  color: width,
  shape: { field: "learner", title: "error of" },
  guides: [
    { kind: "level", y: 0.0615, label: "paper, ensembles, feature learning" },
    { kind: "level", y: 0.0635 },
    {
      kind: "published",
      points: [
        [0.01, 0.078],
        [1e4, 0.089],
      ],
      label: "paper, single nets, h = 100",
    },
    {
      kind: "published",
      points: [
        [0.01, 0.066],
        [1e4, 0.0725],
      ],
      label: "paper, single nets, h = 800",
    },
  ],
}
