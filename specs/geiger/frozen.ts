// Figure 5c: is what a fully connected net has learned in its tangent kernel? ReLU nets of alpha = 1 by gradient
// descent without momentum, and learning with their kernels frozen at the start and at the end.
import { above, atMost } from "../../pipeline/check.ts"
import { grid } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { claimsOn } from "../support/claims.ts"
import { net as netOf, unfitted } from "./claim.ts"
import { Count, Positive, replicasOf, Widths } from "../support/settings.ts"
import { scaleOf } from "./common.ts"
import { section } from "./study.ts"

const relaxation = { kind: "none" } as const

export const frozen = section({
  prefix: "5c",
  settings: {
    depth: setting(Count, 3, "hidden layers of the ReLU nets of figure 5c"),
    widths: setting(Widths, [16, 32, 64, 128], "their widths"),
    alpha: setting(Positive, 1, "their α"),
    replicas: setting(Count, 5, "their initial nets"),
  },
  scales: {
    medium: { depth: 5, widths: [20, 50, 100, 200] },
    paper: {
      depth: 5,
      widths: Array.from({ length: 41 }, (_, i) => Math.round(13 * (1419 / 13) ** (i / 40))),
      replicas: 3,
    },
  },
  nodes: (study, c) => {
    const data = study.parity()
    const parts = grid({ h: c.widths, replica: replicasOf(c.replicas) }).flatMap(({ h, replica }) => {
      const net = study.fc("relu", c.depth, h, replica)
      const { measured, trained } = study.run(
        { data, net, sqrtHAlpha: scaleOf(c.alpha, h) },
        { relaxation },
        { momentum: "none" },
      )
      const ends = {
        start: study.frozen(
          { data, net },
          { relaxation },
          { weights: study.start(net).out.weights, labels: { momentum: "none" } },
        ),
        end: study.frozen(
          { data, net },
          { relaxation },
          { weights: trained.out.weights, labels: { momentum: "none", kernel: "end" } },
        ),
      }
      const labels = { h, replica }
      return [
        [{ ...labels, learner: "net" }, measured.out.observables],
        [{ ...labels, learner: "kernel of the start" }, ends.start.out.end],
        [{ ...labels, learner: "kernel of the end" }, ends.end.out.end],
      ] as const
    })
    const errors = study.gather("errors-5c", parts, { columns: ["testError", "converged"] })
    const figure = study.plot(
      "5c",
      {
        description:
          "The test error of ReLU nets with α = 1 against their width, beside learning with their tangent " +
          "kernel frozen at the start and at the end: the kernel of the end errs as the net does.",
        x: { field: "h", title: "width h" },
        y: { field: "testError", title: "test error", scale: "linear" },
        color: { field: "learner", title: "learner" },
        over: "replica",
        marked: unfitted,
        guides: [
          {
            kind: "published",
            points: [
              [20, 0.17],
              [100, 0.099],
              [1400, 0.071],
            ],
            label: "paper, kernel of the start",
          },
          {
            kind: "published",
            points: [
              [20, 0.105],
              [100, 0.083],
              [1400, 0.066],
            ],
            label: "paper, kernel of the end",
          },
          {
            kind: "published",
            points: [
              [20, 0.105],
              [100, 0.082],
              [1400, 0.065],
            ],
            label: "paper, net",
          },
        ],
      },
      errors,
    )
    return { errors, figure }
  },
  claims: ({ errors }) =>
    claimsOn({ "5c": errors }, [
      {
        id: "end-kernel",
        figure: "5c",
        quantity: {
          of: "distance",
          y: "testError",
          by: netOf,
          minuend: { learner: "kernel of the end" },
          subtrahend: { learner: "net" },
        },
        claim:
          "Learning with the kernel of the end achieves the full performance of the net (the distance of their " +
          "errors is judged).",
        source: "Fig. 5c, App. C",
        published: "within 0.2 points",
        expect: atMost(0.015),
        at: { medium: atMost(0.01), paper: atMost(0.005) },
      },
      {
        id: "all-fit-5c",
        figure: "5c",
        quantity: { of: "count", where: { converged: false } },
        claim: "Nets and frozen kernels fit all training points. (Judged is the number that do not.)",
        source: "Fig. 5c",
        published: "only those are drawn",
        expect: atMost(0),
      },
      {
        id: "start-kernel",
        figure: "5c",
        quantity: {
          of: "difference",
          y: "testError",
          by: netOf,
          minuend: { learner: "kernel of the start" },
          subtrahend: { learner: "net" },
        },
        claim: "Learning with the kernel of the start errs more than the net.",
        source: "Fig. 5c",
        published: "6 points at h = 20, 0.6 at h = 1400",
        expect: above(0),
      },
    ]),
  figures: ({ figure, errors }, { n, depth }) => [
    {
      id: "5c",
      title: "What the kernels of a fully connected net know",
      caption:
        `ReLU, ${depth} hidden layers (five in the paper), ${n} points. Gradient descent without momentum, α = ` +
        "1; the frozen kernels learn from zero output under the same rule. The coefficients of the kernel are " +
        "integrated, where the program solves an ill-conditioned system. A point exactly at its margin still " +
        "pulls at a frozen kernel and not at a net, as in the program. After Fig. 5c.",
      figure,
      table: errors,
    },
  ],
})
