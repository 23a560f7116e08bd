// The shape of paper.ts in ten seconds: for tests, and for a first look at a new machine. Its numbers are those of
// tiny nets on few points, so it checks only what holds even there.
import { Schema } from "effect"
import { atLeast, cell, check, within } from "../pipeline/check.ts"
import { spec, setting } from "../pipeline/spec.ts"
import { figures } from "./figures.ts"
import { experiment } from "./lazy.ts"

const depth = 2
const Count = Schema.Int.check(Schema.isGreaterThan(0))

export default spec({
  config: {
    n: setting(Count, 40, "training points"),
    nTest: setting(Count, 200, "test points"),
    kernelPoints: setting(Count, 40, "test points the kernel is taken on"),
    widths: setting(Schema.Array(Count).check(Schema.isMinLength(1)), [8, 16], "widths h of the hidden layers"),
    sqrtHAlpha: setting(Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))).check(Schema.isMinLength(1)), [0.1, 1e3, 1e5], "values of √h·α"),
    replicas: setting(Count, 2, "independent initial nets"),
    maxSteps: setting(Count, 20_000, "steps after which a run that has not converged ends"),
    method: setting(Schema.Literals(["direct", "difference", "tangent"]), "difference", "how f(w) − f(w₀) is found in training: carried through the layers, in float32; or two outputs subtracted (direct), in dtype; tangent trains the linearised net instead"),
    dtype: setting(Schema.Literals(["float32", "float64"]), "float64", "precision of kernels and of what is measured"),
    backend: setting(Schema.Literals(["onnx", "cpu", "tensorflow"]), "onnx", "who computes"),
    seed: setting(Schema.Int, 0, "seed of the spec"),
  },
  nodes: (config) => experiment({ ...config, dimension: 10, fitOn: 5000, depth, activation: "softplus", mu: 1000, low: 1e-2, high: 2e-1 }),
  checks: ({ summary }) => {
    const value = (quantity: string) => cell(summary.out.summary, { quantity }, "value")
    return [
      check({ id: "lazy-kernel", claim: "In the lazy regime the kernel's change falls as 1/α.", source: "Fig. 3a", published: "slope -1", value: value("kernelChangeSlopeLazy"), spread: "spread", expect: within(-1, 0.15) }),
      check({ id: "lazy-weights", claim: "So does the weights' change.", source: "Fig. 6", published: "slope -1", value: value("weightChangeSlopeLazy"), spread: "spread", expect: within(-1, 0.15) }),
      check({ id: "converged", claim: "Every run fits its training points.", source: "Sec. 2", value: value("unconverged"), expect: within(0, 0) }),
      check({ id: "ensembles", claim: "Averaging nets does not do harm.", source: "Fig. 2b", value: value("ensembleGain"), spread: "spread", expect: atLeast(-0.05) }),
    ]
  },
  page: (made) => ({
    title: "Smoke: feature and lazy learning on tiny nets",
    lead: ["The experiment of specs/paper.ts with two hidden layers, few points and few nets: enough to see every part at work, too little to judge the paper by."],
    figures: figures(made, depth).map((figure) => ({ ...figure, checks: figure.id === "3a" ? ["lazy-kernel", "converged"] : figure.id === "6" ? ["lazy-weights"] : figure.id === "2b" ? ["ensembles"] : [] })),
    render: () => import("../report/page.ts"),
  }),
})
