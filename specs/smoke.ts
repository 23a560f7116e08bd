// A small version of paper.ts that runs in ten seconds, for tests and for a first look at a new machine.
// The nets are tiny and the points few, so the checks cover only results that hold even there.
import { atLeast, cell, check, type Check, within } from "../pipeline/check.ts"
import { spec, type Setting } from "../pipeline/spec.ts"
import { common } from "./geiger/common.ts"
import { phase } from "./geiger/phase.ts"
import { composed } from "./geiger/study.ts"

/** A setting with another default value. */
const of = <A, E>(usual: Setting<A, E>, value: NoInfer<E>): Setting<A, E> => ({ ...usual, value })

const parts = composed({ phase })

/** Claims on quantities that the section computes for its own claims. */
const claims: ReadonlyArray<
  Omit<Check, "value" | "spread"> & { readonly figure: string; readonly table: string; readonly quantity: string }
> = [
  {
    id: "lazy-kernel",
    figure: "3a",
    table: "phase",
    quantity: "kernel-slope-lazy",
    claim: "In the lazy regime the relative change of the tangent kernel falls as 1/α.",
    source: "Fig. 3a",
    published: "slope -1",
    expect: within(-1, 0.15),
  },
  {
    id: "lazy-weights",
    figure: "6",
    table: "phase",
    quantity: "weight-slope-lazy",
    claim: "In the lazy regime the relative change of the weights falls as 1/α.",
    source: "Fig. 6",
    published: "slope -1",
    expect: within(-1, 0.15),
  },
  {
    id: "converged",
    figure: "3a",
    table: "phase",
    quantity: "all-fit",
    claim: "Every run fits its training points. (Measured: the number of runs that do not.)",
    source: "Sec. 2",
    expect: within(0, 0),
  },
  {
    id: "ensembles",
    figure: "2b",
    table: "ensembles",
    quantity: "ensemble-gain",
    claim:
      "Averaging the outputs of nets does not raise the test error. (Measured: the error of single nets minus the " +
      "error of their mean output.)",
    source: "Fig. 2b",
    expect: atLeast(-0.05),
  },
]

export default spec({
  config: {
    ...parts.settings,
    n: of(common.n, 40),
    nTest: of(common.nTest, 200),
    kernelPoints: of(common.kernelPoints, 40),
    fitOn: of(common.fitOn, 5000),
    maxSteps: of(common.maxSteps, 20_000),
    depth: of(phase.settings.depth, 2),
    widths: of(phase.settings.widths, [8, 16]),
    sqrtHAlpha: of(phase.settings.sqrtHAlpha, [0.1, 1e3, 1e5]),
    replicas: of(phase.settings.replicas, 2),
    halved: of(phase.settings.halved, [0.1]),
    halvedReplicas: of(phase.settings.halvedReplicas, 1),
    lazyScale: of(phase.settings.lazyScale, 1e3),
    lazyReplicas: of(phase.settings.lazyReplicas, 1),
  },
  nodes: parts.nodes,
  checks: (made) =>
    claims.map(({ figure: _figure, table, quantity, ...claim }) =>
      check({ ...claim, value: cell(made["phase"]!.summaries[table]!, { quantity }, "value"), spread: "spread" }),
    ),
  page: (made, config) => ({
    title: "Smoke: feature and lazy learning on tiny nets",
    lead: [
      "The experiment of specs/paper.ts with two hidden layers, few points and few nets. The figures show that every " +
        "part works. The nets are too few and too small to judge the paper.",
    ],
    figures: parts.figures(made, config).map((figure) => ({
      ...figure,
      checks: claims.filter((claim) => claim.figure === figure.id).map(({ id }) => id),
    })),
    render: () => import("../report/page.ts"),
  }),
})
