// Figure 5c: does the tangent kernel of a fully connected net contain what the net has learned? ReLU nets of alpha = 1
// learn by gradient descent without momentum. Their kernels, frozen at the start and at the end, learn the same task.
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
    widths: setting(Widths, [16, 32, 64, 128], "widths of the nets (figure 5c)"),
    alpha: setting(Positive, 1, "α of the nets (figure 5c)"),
    replicas: setting(Count, 5, "number of initial nets (figure 5c)"),
  },
  scales: {
    medium: { depth: 5, widths: [20, 50, 100, 200] },
    large: { depth: 5, widths: [20, 50, 100, 200, 400], replicas: 3 },
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
          "The test error of ReLU nets with α = 1 against their width, beside learning with their tangent kernel " +
          "frozen at the start and at the end. Learning with the kernel of the end has the same error as the net.",
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
          "Learning with the kernel of the end achieves the full performance of the net. (Measured: the distance of " +
          "the two errors.)",
        source: "Fig. 5c, App. C",
        published: "within 0.2 points",
        expect: atMost(0.015),
        at: { medium: atMost(0.01), large: atMost(0.005), paper: atMost(0.005) },
      },
      {
        id: "all-fit-5c",
        kind: "own",
        figure: "5c",
        quantity: { of: "count", where: { converged: false } },
        claim: "Nets and frozen kernels fit all training points. (Measured: the number that do not.)",
        source: "Fig. 5c",
        published: "only such nets are drawn",
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
        claim:
          "Learning with the kernel of the start has a larger error than the net. (Measured: the difference of the " +
          "two errors.)",
        source: "Fig. 5c",
        published: "6 points at h = 20, 0.6 at h = 1400",
        expect: above(0),
      },
    ]),
  figures: ({ figure, errors }, { n, depth }) => [
    {
      id: "5c",
      title: "What the kernels of a fully connected net have learned",
      caption:
        "The test error (vertical axis) against the width h (horizontal axis) for ReLU nets, and for learning with " +
        "their tangent kernels frozen at the start and at the end of training. Each colour is one of these three " +
        "learners. If the kernel of the end contains what the net has learned, its curve lies on the curve of the " +
        `net, and the kernel of the start has a larger error. The nets have ${depth} hidden layers (five in the ` +
        `paper), ${n} training points and α = 1, and learn by gradient descent without momentum. The frozen kernels ` +
        "start from zero output and learn under the same rule. Here the coefficients of the kernel are integrated in " +
        "time; the authors' program solves an ill-conditioned system. As in the program, a point exactly at its " +
        "margin still pulls at a frozen kernel, but not at a net. After Fig. 5c.",
      figure,
      table: errors,
    },
  ],
})
