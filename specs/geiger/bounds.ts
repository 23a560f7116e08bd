// The step control: do bounds a hundred times wider than the program's give the same? The same trainings under both.
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
  figure: "bounds",
  quantity: {
    of: "ratio",
    y,
    by: ["sqrtHAlpha", "replica"],
    minuend: { bounds: "wide" },
    subtrahend: { bounds: "program" },
  },
  claim: `Steps that change an output by at most 0.2 instead of 0.01 give the same ${what}. (Judged is the ratio.)`,
  source: "Eq. 18 and the program",
  published: "not compared",
  expect: within(1, tolerance),
})

export const bounds = section({
  prefix: "bounds",
  settings: {
    n: setting(Count, 100, "training points on which bounds of the step are compared"),
    width: setting(Count, 32, "width of the nets, which have two hidden layers"),
    sqrtHAlpha: setting(Positives, [0.1, 1], "their √h·α"),
    replicas: setting(Count, 5, "their initial nets"),
  },
  scales: { medium: { sqrtHAlpha: [0.01, 0.1, 1, 1e4] }, paper: { sqrtHAlpha: [0.01, 0.1, 1, 1e4] } },
  nodes: (study, c) => {
    const data = study.parity(c.n)
    const runs = grid({
      sqrtHAlpha: c.sqrtHAlpha,
      replica: replicasOf(c.replicas),
      bounds: ["wide", "program"] as const,
    }).map(({ sqrtHAlpha, replica, bounds }) => ({
      bounds,
      ...study.run({ data, net: study.fc("softplus", DEPTH, c.width, replica), sqrtHAlpha }, rules[bounds], {
        bounds,
      }),
    }))
    const observables = study.gather(
      "bounds",
      runs.map(({ bounds, cell, measured }) => [{ bounds, ...cell }, measured.out.observables]),
    )
    const figure = study.plot(
      "bounds",
      {
        description:
          "The kernel change of the same nets trained under wide and under tight bounds of the step: they lie " +
          "on each other.",
        x: { field: "steps", title: "steps" },
        y: { field: "kernelChange", title: "‖Θ − Θ₀‖ / ‖Θ₀‖" },
        color: { field: "bounds", title: "bounds of a step" },
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
      title: "Bounds of a step",
      caption:
        "At quick scale steps grow while no output changes by 0.01 of the margin, and are undone above 0.2; in " +
        "the program the bounds are 0.0001 and 0.01, for some fifteen times as many steps. Eq. 18 says that " +
        "every step lies between its bounds; the program undoes those above and lets those below grow.",
      figure,
      table: observables,
    },
  ],
})
