// The figures of Geiger et al. that the shared experiment can draw, each with its caption in our own words.
import { node } from "../pipeline/node.ts"
import type { Page } from "../pipeline/spec.ts"
import { plot } from "../stages/analysis/plot.ts"
import { feature } from "./claims.ts"
import type { experiment } from "./lazy.ts"

type Made = ReturnType<typeof experiment>

const x = { field: "sqrtHAlpha", title: "√h·α" } as const
const width = { field: "h", title: "width h" } as const
const published = (points: ReadonlyArray<readonly [number, number]>) => ({ kind: "published", points, label: "paper, h = 100" }) as const

export const figures = ({ observables, ensembleErrors, netErrors, curves }: Made, depth: number): Page["figures"] => {
  const over = "replica"
  const change = node(
    plot,
    {
      description: "The change of the tangent kernel against √h·α on logarithmic axes: it falls steeply where √h·α is small and as its inverse where it is large.",
      x,
      y: { field: "kernelChange", title: "‖Θ − Θ₀‖ / ‖Θ₀‖" },
      color: width,
      over,
      guides: [
        { kind: "slope", slope: -feature(depth), through: [0.1, 5.3e4], from: 0.01, to: 3, label: `slope −${feature(depth).toPrecision(3)}` },
        { kind: "slope", slope: -1, through: [1e4, 1e-3], from: 1e3, to: 1e5, label: "slope −1" },
        { kind: "level", y: 1, label: "as large as at the start" },
        published([[0.01, 2.6e6], [0.1, 5.3e4], [1, 1.4e3], [10, 30], [100, 0.5], [1e4, 1e-3]]),
      ],
    },
    { table: observables.out.table },
    { figure: "3a" },
  )
  const loss = node(
    plot,
    {
      description: "The loss against time for one net of each width at every √h·α: as measured, and with time divided by √h·α, where the curves of small √h·α halve together.",
      x: { field: "t", title: "time t" },
      y: { field: "loss", title: "α² × loss", scale: "linear" },
      color: { field: "sqrtHAlpha", title: "√h·α" },
      shape: width,
      marks: "lines",
      guides: [{ kind: "level", y: 0.5, label: "half" }],
      panels: [{ title: "as it is" }, { title: "time over √h·α", x: { field: "scaledTime", title: "t / (√h·α)" } }],
    },
    { table: curves.out.table },
    { figure: "3b" },
  )
  const times = node(
    plot,
    {
      description: "Two times against √h·α: t1, when the loss has halved, grows as √h·α and then stays; t2, when it is zero, does the same more steeply and later.",
      x,
      y: { field: "t1", title: "time" },
      color: width,
      over,
      panels: [
        { title: "t₁: the loss has halved", y: { field: "t1", title: "t₁" }, guides: [{ kind: "slope", slope: 1, through: [0.1, 0.11], from: 0.01, to: 1, label: "slope 1" }] },
        { title: "t₂: the loss is zero", y: { field: "t2", title: "t₂" }, guides: [{ kind: "slope", slope: 1.5, through: [0.01, 0.12], from: 0.01, to: 1, label: "slope 3/2" }] },
      ],
    },
    { table: observables.out.table },
    { figure: "3c" },
  )
  const weights = node(
    plot,
    {
      description: "The change of the weights against √h·α: nearly flat where √h·α is small, falling as its inverse where it is large.",
      x,
      y: { field: "weightChange", title: "√h ‖w − w₀‖ / ‖w₀‖" },
      color: width,
      over,
      guides: [
        { kind: "slope", slope: -1, through: [1e4, 2e-3], from: 1e3, to: 1e5, label: "slope −1" },
        published([[0.01, 4.9], [0.1, 2.98], [1, 1.72], [10, 0.91]]),
      ],
    },
    { table: observables.out.table },
    { figure: "6" },
  )
  const errors = node(
    plot,
    {
      description: "The test error against √h·α, for each width: of the nets, with every net behind the mean, and of learning with the kernel frozen at the start, which does not depend on α.",
      x,
      y: { field: "testError", title: "test error", scale: "linear" },
      color: width,
      shape: { field: "learner", title: "learner" },
      over,
    },
    { table: netErrors.out.table },
    { figure: "1c" },
  )
  const averaged = node(
    plot,
    {
      description: "The mean test error of single nets and the test error of their mean output, against √h·α, for each width.",
      x,
      y: { field: "testError", title: "test error", scale: "linear" },
      color: width,
      shape: { field: "learner", title: "error of" },
    },
    { table: ensembleErrors.out.table },
    { figure: "2b" },
  )
  const seen = observables.out.table
  return [
    { id: "3a", title: "How far the kernel moves", caption: "Relative change of the tangent kernel at the end of training, on test points. Each point is the geometric mean over initial nets, shown behind it. One combination of width and scale, √h·α, decides how far the kernel moves; below about 1 it moves by orders of magnitude. The paper's points, read off its figure, are for 5,000 training points and lie higher. After Fig. 3a.", figure: change.out.figure, table: seen, checks: ["all-fit", "kernel-slope-lazy", "kernel-slope-feature", "kernel-collapse-lazy", "kernel-collapse-feature"] },
    { id: "3b", title: "The loss in time", caption: "Loss in units in which it starts at 1, for the first initial net of each width. In the lazy regime the curves of all α fall together; in feature learning the loss falls at a time proportional to √h·α. After Fig. 3b.", figure: loss.out.figure, table: curves.out.table, checks: ["t1-constant-lazy"] },
    { id: "3c", title: "Two times", caption: "When the loss has halved (t₁) and when it is zero (t₂). The paper's text gives the slope of t₁; the triangle with slope 3/2 for t₂ stands only in its figure. After Fig. 3c.", figure: times.out.figure, table: seen, checks: ["t1-slope-feature"] },
    { id: "6", title: "How far the weights move", caption: "Relative change of all weights and biases, times √h. The paper's points, read off its figure, are for 5,000 training points. After Fig. 6.", figure: weights.out.figure, table: seen, checks: ["weight-slope-lazy"] },
    { id: "1c", title: "The error of single nets and of the frozen kernel", caption: "Fraction of test points on the wrong side: nets, and learning with the tangent kernel of the initial net kept as it is, the limit that large α should reach. In the paper, with 5,000 training points, the error rises from feature learning (left) to the lazy regime (right). After Fig. 1a and 1c.", figure: errors.out.figure, table: netErrors.out.table, checks: ["frozen-is-lazy"] },
    { id: "2b", title: "The error of ensembles", caption: "Mean error of single nets, and the error of the mean of their outputs. After Fig. 2b.", figure: averaged.out.figure, table: ensembleErrors.out.table, checks: ["ensemble-gain"] },
  ]
}
