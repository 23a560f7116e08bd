// The shape of paper.ts in ten seconds: for tests, and for a first look at a new machine. Its numbers are those of
// tiny nets on few points, so it checks only what holds even there.
import { atLeast, cell, check, within } from "../pipeline/check.ts"
import { spec, type Setting } from "../pipeline/spec.ts"
import { common } from "./geiger/common.ts"
import { GeigerStudy } from "./geiger/study.ts"
import { phase } from "./geiger/phase.ts"

/** A setting with another value. */
const of = <A, E>(usual: Setting<A, E>, value: NoInfer<E>): Setting<A, E> => ({ ...usual, value })

export default spec({
  config: {
    ...common,
    n: of(common.n, 40),
    nTest: of(common.nTest, 200),
    kernelPoints: of(common.kernelPoints, 40),
    fitOn: of(common.fitOn, 5000),
    maxSteps: of(common.maxSteps, 20_000),
    depth: of(phase.settings.depth, 2),
    widths: of(phase.settings.widths, [8, 16]),
    sqrtHAlpha: of(phase.settings.sqrtHAlpha, [0.1, 1e3, 1e5]),
    replicas: of(phase.settings.replicas, 2),
  },
  nodes: (config) => phase.nodes(new GeigerStudy(config), config),
  checks: ({ summaries }) => {
    const value = (quantity: string) => cell(summaries.observables, { quantity }, "value")
    return [
      check({
        id: "lazy-kernel",
        claim: "In the lazy regime the kernel's change falls as 1/α.",
        source: "Fig. 3a",
        published: "slope -1",
        value: value("kernel-slope-lazy"),
        spread: "spread",
        expect: within(-1, 0.15),
      }),
      check({
        id: "lazy-weights",
        claim: "So does the weights' change.",
        source: "Fig. 6",
        published: "slope -1",
        value: value("weight-slope-lazy"),
        spread: "spread",
        expect: within(-1, 0.15),
      }),
      check({
        id: "converged",
        claim: "Every run fits its training points.",
        source: "Sec. 2",
        value: value("all-fit"),
        expect: within(0, 0),
      }),
      check({
        id: "ensembles",
        claim: "Averaging nets does not do harm.",
        source: "Fig. 2b",
        value: cell(summaries.ensembles, { quantity: "ensemble-gain" }, "value"),
        spread: "spread",
        expect: atLeast(-0.05),
      }),
    ]
  },
  page: (made, config) => ({
    title: "Smoke: feature and lazy learning on tiny nets",
    lead: [
      "The experiment of specs/paper.ts with two hidden layers, few points and few nets: enough to see every " +
        "part at work, too little to judge the paper by.",
    ],
    figures: phase.figures(made, config).map((figure) => ({
      ...figure,
      checks:
        figure.id === "3a"
          ? ["lazy-kernel", "converged"]
          : figure.id === "6"
            ? ["lazy-weights"]
            : figure.id === "2b"
              ? ["ensembles"]
              : [],
    })),
    render: () => import("../report/page.ts"),
  }),
})
