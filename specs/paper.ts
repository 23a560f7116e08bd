// Geiger, Spigler, Jacot and Wyart 2019, "Disentangling feature and lazy learning in deep neural networks: an
// empirical study": the central figures on fully connected nets, each claim judged by a number.
import { Schema } from "effect"
import { spec, setting } from "../pipeline/spec.ts"
import { claims } from "./claims.ts"
import { figures } from "./figures.ts"
import { experiment } from "./lazy.ts"

const Scales = Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))).check(Schema.isMinLength(1))
const Widths = Schema.Array(Schema.Int.check(Schema.isGreaterThan(0))).check(Schema.isMinLength(1))
const Count = Schema.Int.check(Schema.isGreaterThan(0))

/** 10^(k/3), as the paper's grid has them: 1, 2.2 and 4.6 times the powers of ten. */
const thirds = (from: number, to: number): ReadonlyArray<number> => Array.from({ length: 3 * (to - from) + 1 }, (_, i) => Number((10 ** (from + i / 3)).toPrecision(2)))

export default spec({
  config: {
    n: setting(Count, 200, "training points"),
    nTest: setting(Count, 2000, "test points, for errors"),
    kernelPoints: setting(Count, 200, "test points the kernel is taken on"),
    dimension: setting(Count, 10, "principal components of the images"),
    fitOn: setting(Schema.NullOr(Count), null, "images the components are fitted on; null for all 63,130"),
    depth: setting(Count, 5, "hidden layers L"),
    widths: setting(Widths, [64, 128], "widths h of the hidden layers"),
    sqrtHAlpha: setting(Scales, [0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e5], "values of √h·α: the scale of the output, in the units of the crossover"),
    replicas: setting(Count, 3, "independent initial nets; the same ones for every α"),
    activation: setting(Schema.Literals(["softplus", "relu"]), "softplus", "activation function"),
    mu: setting(Schema.Finite, 1000, "momentum: its relaxation time is t / μ"),
    low: setting(Schema.Finite, 1e-2, "steps grow while no output changes by more than this (in units of the margin)"),
    high: setting(Schema.Finite, 2e-1, "a step that changes an output by more is undone"),
    maxSteps: setting(Count, 200_000, "steps after which a run that has not converged ends"),
    method: setting(Schema.Literals(["direct", "difference", "tangent"]), "difference", "how f(w) − f(w₀) is found in training: carried through the layers, in float32; or two outputs subtracted (direct), in dtype; tangent trains the linearised net instead"),
    dtype: setting(Schema.Literals(["float32", "float64"]), "float64", "precision of kernels and of what is measured"),
    backend: setting(Schema.Literals(["onnx", "cpu", "tensorflow"]), "onnx", "who computes"),
    seed: setting(Schema.Int, 0, "seed of the spec"),
  },
  scales: {
    quick: {},
    paper: {
      n: 5000,
      nTest: 50_000,
      kernelPoints: 5000,
      widths: [100, 200, 400, 800],
      sqrtHAlpha: thirds(-2, 6),
      replicas: 10,
      low: 1e-4,
      high: 1e-2,
      maxSteps: 10_000_000,
    },
  },
  nodes: experiment,
  checks: ({ summary }, { depth }) => claims(summary.out.summary, depth),
  page: (made, { n, depth, widths, replicas }) => ({
    title: "Feature and lazy learning, disentangled",
    lead: [
      "A net f(w, x) is trained through α (f(w, x) − f(w₀, x)). For large α its weights hardly move and it learns as a kernel machine would (the lazy regime); for small α they move far and its tangent kernel with them (feature learning). The paper finds that √h·α decides which of the two happens, h being the width.",
      `Computed here: fully connected softplus nets on the parity of real MNIST digits, ${n} training points, widths ${widths.join(" and ")}, ${replicas} initial nets each. The paper has 5,000 points, widths 100 to 800 and 10 initial nets: numbers that depend on these differ, exponents should not.`,
    ],
    source: "M. Geiger, S. Spigler, A. Jacot, M. Wyart, Disentangling feature and lazy learning in deep neural networks: an empirical study, 2019",
    figures: figures(made, depth),
    render: () => import("../report/page.ts"),
  }),
})
