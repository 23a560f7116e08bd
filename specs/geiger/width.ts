// Figure 1a: the test error of fully connected nets against their width, at fixed alpha. The nets are ReLU nets, as in
// the authors' program, and softplus nets, as in setup (A) of the text.
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { smooth } from "../../stages/statistics/smooth.ts"
import { unfitted } from "./claim.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, decades, replicasOf, Positives, Widths } from "../support/settings.ts"
import { scaleOf } from "./common.ts"
import { type GeigerStudy, section } from "./study.ts"
import { claimsOf } from "./width-claims.ts"

/** `count` widths, evenly spaced on a logarithmic axis, except where whole numbers are too close together. */
const spaced = (from: number, to: number, count: number): ReadonlyArray<number> => {
  for (let steps = count - 1; ; steps++) {
    const widths = [
      ...new Set(Array.from({ length: steps + 1 }, (_, i) => Math.round(from * (to / from) ** (i / steps)))),
    ]
    if (widths.length >= count) return widths
  }
}

/** The test errors of nets at every width and alpha, and of their frozen kernels at every width. */
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
    widths: setting(Widths, [16, 32, 64, 128], "widths of the nets (figure 1a)"),
    alpha: setting(Positives, [0.01, 1, 100], "values of α, from small to large (figure 1a)"),
    replicas: setting(Count, 8, "number of initial nets (figure 1a)"),
  },
  scales: {
    medium: { depth: 5, widths: [16, 32, 64, 128, 200], alpha: [0.01, 1, 100, 1000] },
    large: { depth: 5, widths: [10, 20, 50, 100, 200, 400], alpha: decades(-3, 3), replicas: 3 },
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
          "The test error of ReLU nets against their width, for several α and for learning with the kernel frozen at " +
          "the start. Wider nets have a smaller error, small α has a smaller error than large α, and large α has the " +
          "same error as the frozen kernel.",
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
          "The test error of softplus nets against their width, for several α and for learning with the kernel " +
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
        description:
          "The test errors of ReLU nets against their width, smoothed along the width as in the authors' program.",
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
      title: "Test error and width",
      caption:
        "The test error (vertical axis) against the width h (horizontal axis). Each colour is one α, or learning " +
        "with the kernel frozen at the start. Large points are means over initial nets; each net is shown behind its " +
        "mean. The error should fall with the width, small α should have a smaller error than large α, and large α " +
        `should have the error of the frozen kernel. The nets have ${depth} hidden layers and ${n} training points. ` +
        "They are ReLU nets, as in the authors' program; setup (A) in the text has softplus, which the next figure " +
        "shows. The paper draws one net for each of 52 widths and smooths along the width; here nothing is smoothed. " +
        "The paper's points are read off its figure; they are for 5,000 training points and five hidden layers. " +
        "After Fig. 1a.",
      figure,
      table: errors,
    },
    {
      id: "1a-softplus",
      title: "Test error and width, with softplus",
      caption:
        "The same as the figure before, but with softplus, as in setup (A) of the text: the test error (vertical " +
        "axis) against the width h (horizontal axis), with one colour for each α and for the frozen kernel. The " +
        `authors' program of figure 1a has ReLU. The nets have ${depth} hidden layers and ${n} training points. The ` +
        "paper does not draw this figure.",
      figure: softplusFigure,
      table: softplusErrors,
    },
    {
      id: "1a-smoothed",
      title: "Test error and width, smoothed as in the program",
      caption:
        "The smoothed test error (vertical axis) against the width h (horizontal axis), with one colour for each α " +
        "and for the frozen kernel. Each line is a mean over nets, and the band reaches from the smallest to the " +
        "largest net. The paper's caption speaks of a running average. The authors' program takes each curve to 50 " +
        "widths, evenly spaced on the axis, on straight lines between the measured widths. There it averages with a " +
        "Gaussian window of two such steps. Here each net is smoothed in this way. After Fig. 1a.",
      figure: asDrawn,
      table: smoothed,
    },
  ],
})
