// The step control: trains the same nets under the authors' bounds of a step and under wider ones, and compares the
// results. The wide lower bound is a hundred times larger, the wide upper bound twenty times.
import { within } from "../../pipeline/check.ts"
import { grid } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { type Claim, claimsOn } from "../support/claims.ts"
import { Count, replicasOf, Positives } from "../support/settings.ts"
import { section } from "./study.ts"

const DEPTH = 2
const rules = { wide: { low: 1e-2, high: 2e-1 }, program: { low: 1e-4, high: 1e-2 } }

const same = (id: string, y: string, what: string, tolerance: number): Claim => ({
  id,
  kind: "own",
  figure: "bounds",
  quantity: {
    of: "ratio",
    y,
    by: ["sqrtHAlpha", "replica"],
    minuend: { bounds: "wide" },
    subtrahend: { bounds: "program" },
  },
  claim:
    `Steps that change an output by at most 0.2 instead of 0.01 give the same ${what}. (Measured: the ratio of wide ` +
    "bounds to tight bounds.)",
  source: "Eq. 18 and the program",
  published: "not compared",
  expect: within(1, tolerance),
})

/** The settings of every scale above the quick one. */
const more = { sqrtHAlpha: [0.01, 0.1, 1, 1e4] }

export const bounds = section({
  prefix: "bounds",
  settings: {
    n: setting(Count, 100, "training points (comparison of step bounds)"),
    width: setting(Count, 32, "width of the nets with two hidden layers (comparison of step bounds)"),
    sqrtHAlpha: setting(Positives, [0.1, 1, 1e4], "values of √h·α (comparison of step bounds)"),
    replicas: setting(Count, 5, "number of initial nets (comparison of step bounds)"),
  },
  scales: { medium: more, large: more, paper: more },
  nodes: (study, c) => {
    const data = study.parity(c.n)
    const runs = grid({
      sqrtHAlpha: c.sqrtHAlpha,
      replica: replicasOf(c.replicas),
      bounds: ["wide", "program"] as const,
    }).map(({ sqrtHAlpha, replica, bounds }) => {
      const run = { data, net: study.fc("softplus", DEPTH, c.width, replica), sqrtHAlpha }
      const { low, high } = rules[bounds]
      // Other sections train the same nets under the bounds of the study.
      const isUsual = low === study.flow.low && high === study.flow.high
      return { bounds, ...(isUsual ? study.run(run) : study.run(run, rules[bounds], { bounds })) }
    })
    const observables = study.gather(
      "bounds",
      runs.map(({ bounds, cell, measured }) => [{ bounds, ...cell }, measured.out.observables]),
    )
    const figure = study.plot(
      "bounds",
      {
        description:
          "The relative kernel change of the same nets trained under wide and under tight bounds of a step, against " +
          "the number of steps. Each net has the same kernel change under both bounds.",
        x: { field: "steps", title: "steps" },
        y: { field: "kernelChange", title: "‖Θ − Θ₀‖ / ‖Θ₀‖" },
        color: { field: "bounds", title: "step bounds" },
        shape: { field: "sqrtHAlpha", title: "√h·α" },
        marks: "points",
        tooltip: [{ field: "replica", title: "replica" }],
      },
      observables,
    )
    return { observables, figure }
  },
  claims: ({ observables }) =>
    claimsOn({ bounds: observables }, [
      same("bounds-kernel", "kernelChange", "kernel change", 0.06),
      same("bounds-weights", "weightChange", "weight change", 0.06),
      same("bounds-t1", "t1", "t₁", 0.06),
      same("bounds-t2", "t2", "t₂", 0.1),
    ]),
  figures: ({ figure, observables }) => [
    {
      id: "bounds",
      title: "Step bounds",
      caption:
        "The relative change of the tangent kernel at the end of training (vertical axis) against the number of " +
        "steps (horizontal axis). Each point is one net; the colour shows the bounds of a step, the shape shows " +
        "√h·α. If the wide bounds are precise enough, each net lies at the same height under both bounds. At quick " +
        "scale steps grow while no output changes by more than 0.01 of the margin, and a step that changes an output " +
        "by more than 0.2 is undone. In the authors' program the bounds are 0.0001 and 0.01, which takes about " +
        "fifteen times as many steps. Eq. 18 says that every step lies between its bounds; the program undoes larger " +
        "steps and lets smaller steps grow.",
      figure,
      table: observables,
    },
  ],
})
