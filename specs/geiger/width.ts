// Figure 1a: the error of fully connected nets against their width, at fixed alpha: of ReLU nets, as the program has
// it, and of softplus nets, as the text's setup (A) does.
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { smooth } from "../../stages/statistics/smooth.ts"
import { unfitted } from "./claim.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, decades, replicasOf, Positives, Widths } from "../support/settings.ts"
import { scaleOf } from "./common.ts"
import { type GeigerStudy, section } from "./study.ts"
import { claimsOf } from "./width-claims.ts"

/** So many widths, even on a logarithmic axis but where whole numbers lie too close. */
const spaced = (from: number, to: number, count: number): ReadonlyArray<number> => {
  for (let steps = count - 1; ; steps++) {
    const widths = [
      ...new Set(Array.from({ length: steps + 1 }, (_, i) => Math.round(from * (to / from) ** (i / steps)))),
    ]
    if (widths.length >= count) return widths
  }
}

/** Of nets at every width and alpha, and of their frozen kernels at every width. */
const errorsOf = (
  study: GeigerStudy,
  c: {
    readonly depth: number
    readonly widths: ReadonlyArray<number>
    readonly alpha: ReadonlyArray<number>
    readonly replicas: number
  },
  activation: "relu" | "softplus",
) => {
  const data = study.parity()
  const nets = grid({ h: c.widths, replica: replicasOf(c.replicas) }).map(({ h, replica }) =>
    study.fc(activation, c.depth, h, replica),
  )
  const runs = nets.flatMap((net) =>
    c.alpha.map((alpha) => ({ alpha, ...study.run({ data, net, sqrtHAlpha: scaleOf(alpha, net.labels.h) }) })),
  )
  const frozen = nets.map((net) => ({ net, learned: study.frozen({ data, net }) }))
  return study.gather(
    activation === "relu" ? "errors-1a" : "errors-1a-softplus",
    [
      ...runs.map(
        ({ alpha, cell, measured }) =>
          [{ h: cell.h, alpha: `${alpha}`, replica: cell.replica }, measured.out.observables] as const,
      ),
      ...frozen.map(
        ({ net, learned }) =>
          [{ h: net.labels.h, alpha: "frozen kernel", replica: net.labels.replica }, learned.out.end] as const,
      ),
    ],
    { columns: ["testError", "converged"] },
  )
}

export const width = section({
  prefix: "1a",
  settings: {
    depth: setting(Count, 3, "hidden layers of the nets of figure 1a"),
    widths: setting(Widths, [16, 32, 64, 128], "their widths"),
    alpha: setting(Positives, [0.01, 1, 100], "their α, from small to large"),
    replicas: setting(Count, 5, "their initial nets"),
  },
  scales: {
    medium: { depth: 5, widths: [16, 32, 64, 128, 200], alpha: [0.01, 1, 100, 1000] },
    paper: { depth: 5, widths: spaced(4, 1577, 52), alpha: decades(-3, 3), replicas: 1 },
  },
  nodes: (study, c) => {
    const [errors, softplusErrors] = [errorsOf(study, c, "relu"), errorsOf(study, c, "softplus")]
    const y = "testError"
    const curves = {
      x: { field: "h", title: "width h" },
      color: { field: "alpha", title: "α" },
      over: "replica",
    } as const
    const figure = study.plot(
      "1a",
      {
        description:
          "The test error of ReLU nets against their width for several α, and of learning with the kernel " +
          "frozen at the start: wider nets err less, small α less than large, and large α errs as the frozen " +
          "kernel does.",
        ...curves,
        y: { field: y, title: "test error", scale: "linear" },
        marked: unfitted,
        guides: [
          {
            kind: "published",
            points: [
              [100, 0.11],
              [800, 0.075],
            ],
            label: "paper, α = 1000 and frozen",
          },
          {
            kind: "published",
            points: [
              [100, 0.0845],
              [800, 0.0655],
            ],
            label: "paper, α below 0.1",
          },
          {
            kind: "published",
            points: [
              [14, 0.16],
              [100, 0.099],
              [800, 0.072],
            ],
            label: "paper, α = 10",
          },
        ],
      },
      errors,
    )
    const softplusFigure = study.plot(
      "1a-softplus",
      {
        description:
          "The test error of softplus nets against their width for several α, and of learning with the kernel " +
          "frozen at the start.",
        ...curves,
        y: { field: y, title: "test error", scale: "linear" },
        marked: unfitted,
      },
      softplusErrors,
    )
    const smoothed = node(
      smooth,
      { x: "h", y, by: ["alpha", "replica"], places: 50, sigma: 2 },
      { table: errors },
      { figure: "1a" },
    ).out.table
    const asDrawn = study.plot(
      "1a-smoothed",
      {
        description: "The same errors, smoothed along the width as the paper's program does it.",
        ...curves,
        y: { field: y, title: "test error, smoothed", scale: "linear" },
        marks: "lines",
        spread: "band",
      },
      smoothed,
    )
    return { errors, softplusErrors, smoothed, figure, softplusFigure, asDrawn }
  },
  claims: ({ errors, softplusErrors, smoothed }, c) =>
    claimsOn({ "1a": errors, "1a-softplus": softplusErrors, "1a-smoothed": smoothed }, claimsOf(c)),
  figures: ({ figure, errors, softplusFigure, softplusErrors, asDrawn, smoothed }, { n, depth }) => [
    {
      id: "1a",
      title: "Error and width",
      caption:
        "ReLU, as in the program, although setup (A) in the text is softplus: that is the next figure. " +
        `${depth} hidden layers, ${n} points. Means over initial nets, each net behind. The paper draws one ` +
        "net for each of 52 widths and smooths along the width; here nothing is. Its points, read off the " +
        "figure, are for 5,000 training points and five hidden layers. After Fig. 1a.",
      figure,
      table: errors,
    },
    {
      id: "1a-softplus",
      title: "Error and width, with softplus",
      caption:
        "What the text describes: setup (A) has softplus where the program of figure 1a has ReLU. Else as there: " +
        `${depth} hidden layers, ${n} points. The paper does not draw it.`,
      figure: softplusFigure,
      table: softplusErrors,
    },
    {
      id: "1a-smoothed",
      title: "Error and width, as the program draws them",
      caption:
        "The caption in the paper speaks of a running average. Its program takes each curve to 50 widths, even " +
        "on the axis, on straight lines between the measured ones, and averages there with a Gaussian window " +
        "of two such steps: so here, for each net; drawn are the means over nets and how far they reach. After " +
        "Fig. 1a.",
      figure: asDrawn,
      table: smoothed,
    },
  ],
})
