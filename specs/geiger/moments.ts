// Section 6, eq. 13 and 14, appendix D: when during training do the weights and the kernel move, and how far by t1?
// Nets with two hidden layers are trained until a part of the loss is left, and measured there. At sqrt(h) alpha = 1
// both meanings of t1 agree: the loss halves when the output has moved by about sqrt(h).
import { grid } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, Positives, replicasOf, Widths } from "../support/settings.ts"
import { momentClaims } from "./moment-claims.ts"
import { arrayFigure, inflationFigure, momentFigure } from "./moment-figures.ts"
import { section } from "./study.ts"

const DEPTH = 2
/** The part of the loss that is left at t1. */
const HALF = 0.5

export const moments = section({
  prefix: "13",
  settings: {
    n: setting(Count, 100, "training points of the nets that are measured during training (eq. 13 and 14)"),
    widths: setting(Widths, [32, 64, 128], "widths of these nets"),
    sqrtHAlpha: setting(Positives, [0.01, 1], "values of √h·α of these nets; eq. 13 is judged at the largest"),
    left: setting(Positives, [0.99, 0.9, HALF, 0.1], "parts of the loss that are left when the nets are measured"),
    replicas: setting(Count, 5, "number of initial nets (eq. 13 and 14)"),
  },
  scales: {
    medium: { n: 500, widths: [50, 100, 200] },
    large: { n: 1000, widths: [100, 200, 400], replicas: 10 },
    paper: { n: 5000, widths: [100, 200, 400, 800], replicas: 10 },
  },
  nodes: (study, c) => {
    const data = study.parity(c.n)
    const runs = grid({
      h: c.widths,
      sqrtHAlpha: c.sqrtHAlpha,
      replica: replicasOf(c.replicas),
      left: [...c.left, 0],
    }).map(({ h, sqrtHAlpha, replica, left }) => {
      const net = study.fc("softplus", DEPTH, h, replica)
      const stop = { ...study.flow.stop, loss: left }
      const run =
        left === 0 ? study.run({ data, net, sqrtHAlpha }) : study.run({ data, net, sqrtHAlpha }, { stop }, { left })
      return { left, net, run, cell: { ...run.cell, left } }
    })
    const most = Math.max(...c.sqrtHAlpha)
    const looked = runs.filter(
      ({ left, cell }) => [Math.max(...c.left), HALF].includes(left) && cell.sqrtHAlpha === most,
    )
    const moved = looked.map(({ cell, left, net, run }) => ({
      cell,
      out: study.moves({ data, net, sqrtHAlpha: most }, run.trained.out.weights, { left }).out,
    }))
    const tables = {
      moments: study.gather(
        "moments",
        runs.map(({ cell, run }) => [cell, run.measured.out.observables]),
      ),
      arrays: study.gather(
        "moved-arrays",
        moved.map(({ cell, out }) => [cell, out.arrays]),
      ),
      layers: study.gather(
        "moved-layers",
        moved.map(({ cell, out }) => [cell, out.layers]),
      ),
    }
    return {
      tables,
      plots: {
        moments: study.plot("moments", momentFigure(c.sqrtHAlpha), tables.moments),
        inflation: study.plot("eq14", inflationFigure(DEPTH), tables.moments),
        arrays: study.plot("eq13", arrayFigure, tables.arrays),
      },
    }
  },
  claims: ({ tables }, c) =>
    claimsOn({ moments: tables.moments, eq13: tables.arrays, "eq13-layers": tables.layers }, momentClaims(c, DEPTH)),
  figures: ({ plots, tables }, { n }) => [
    {
      id: "moments",
      title: "When the kernel changes",
      caption:
        "The relative change of the tangent kernel so far (vertical axis) against the part of the loss that is left " +
        "(horizontal axis; training goes from right to left). The colour shows the width h. At the larger √h·α the " +
        "kernel should hardly have changed while nearly all of the loss is left, and should have changed by about " +
        "as much as it was when half is left, which is t₁. At the smaller √h·α the output has moved by √h, the t₁ " +
        "of section 6, when little of the loss is lost; there the kernel should have changed by about as much as it " +
        `was, and it goes on growing. L = 2, ${n} training points. After the abstract (iv) and Sec. 6.`,
      figure: plots.moments,
      table: tables.moments,
    },
    {
      id: "eq14",
      title: "How the kernel follows the weights",
      caption:
        "The relative change of the tangent kernel (vertical axis) against √h times the relative change of the " +
        "weights (horizontal axis), each measured at the same moment of a training. The colour shows the width h, " +
        "the shape √h·α; every point is one net at one moment. Once the weights have inflated by a factor λ, the " +
        `kernel should have grown as λ^(2L), parallel to the dashed line. L = ${DEPTH}. After eq. 14.`,
      figure: plots.inflation,
      table: tables.moments,
    },
    {
      id: "eq13",
      title: "How far single weights have moved by t₁",
      caption:
        "The root mean square change of single weights and biases (vertical axis) against the width h (horizontal " +
        "axis), at √h·α = 1: when the loss has halved, and much earlier. The colour shows the array: W0 takes the " +
        "input, W1 lies between the hidden layers, W2 gives the output. When the loss has halved, weights between " +
        "hidden layers should have moved by order 1/√h, the others by order one; before, all should have moved " +
        "little. The powers of h alone do not tell feature learning from the lazy regime at fixed √h·α; the levels " +
        "do. After eq. 13 and App. D.",
      figure: plots.arrays,
      table: tables.arrays,
    },
  ],
})
