// The kernels leave this stage only as the norm of their difference: stored, they would be most of the store.
import { Effect } from "effect"
import type { Given, StageError, Table, Tensor, Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../attempt.ts"
import { half } from "../dynamics/flow.ts"
import { activations } from "../net/activation.ts"
import { forward, grouped, groupOf, widthOf } from "../net/fc.ts"
import { tangentKernel } from "../net/kernel.ts"
import { jit } from "../tensor/jit.ts"
import { testError } from "./error.ts"
import type { MeasureParams } from "./measure.ts"

type Inputs = { readonly test: Tensors; readonly start: Tensors; readonly end: Tensors; readonly curve: Table; readonly finish: Table }
type Outputs = { readonly observables: Table; readonly outputs: Tensors }

export const run = Effect.fnUntraced(function* ({ params, inputs }: Given<MeasureParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const { test, start, end, curve, finish } = inputs
  const h = widthOf(start)
  const { kernels, outputs } = yield* attempt(() => compute(params, inputs))
  const F = Float64Array.from(outputs.end, (value, i) => (params.sqrtHAlpha / Math.sqrt(h)) * (value - outputs.start[i]!))
  const w0 = joined(start)
  const first = (curve["loss"] as ReadonlyArray<number>).findIndex((loss) => loss < half)
  const observables: Table = {
    kernelChange: [distance(kernels.end, kernels.start) / norm(kernels.start)],
    weightChange: [(Math.sqrt(h) * distance(joined(end), w0)) / norm(w0)],
    t1: [curve["t"]![first] ?? Number.NaN],
    t2: [finish["converged"]![0] === true ? finish["t"]![0]! : Number.NaN],
    testError: [testError(F, test["y"]!.data)],
    steps: finish["step"]!,
    converged: finish["converged"]!,
  }
  return { observables, outputs: { F: { shape: [F.length], data: F } } }
})

type Numbers = Tensor["data"]
interface Pair { readonly start: Numbers; readonly end: Numbers }

// One compiled function for both times, so that equal weights give equal bits and their difference is exactly zero.
const compute = async ({ activation, kernelPoints, dtype, backend }: MeasureParams, { test, start, end }: Inputs): Promise<{ readonly kernels: Pair; readonly outputs: Pair }> => {
  const x = test["x"]!
  const sigma = activations[activation]
  const few = firstRows(x, kernelPoints)
  const kernel = jit("kernel", (arrays) => ({ K: tangentKernel(groupOf("w", arrays), arrays["x"]!, arrays["x"]!, sigma) }), { dtype, backend })
  const output = jit("outputs", (arrays) => ({ f: forward(groupOf("w", arrays), arrays["x"]!, sigma) }), { dtype, backend })
  const at = async (weights: Tensors) => ({
    K: (await kernel({ x: few, ...grouped("w", weights) }))["K"]!.data,
    f: (await output({ x, ...grouped("w", weights) }))["f"]!.data,
  })
  const [before, after] = [await at(start), await at(end)]
  return { kernels: { start: before.K, end: after.K }, outputs: { start: before.f, end: after.f } }
}

const firstRows = ({ shape: [rows = 0, columns = 0], data }: Tensor, count: number): Tensor => {
  const kept = Math.min(rows, count)
  return { shape: [kept, columns], data: data.subarray(0, kept * columns) }
}

const joined = (weights: Tensors): Float64Array => {
  const arrays = Object.keys(weights).sort().map((name) => weights[name]!.data)
  const all = new Float64Array(arrays.reduce((sum, array) => sum + array.length, 0))
  arrays.reduce((at, array) => (all.set(array, at), at + array.length), 0)
  return all
}

const norm = (values: Numbers): number => {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum)
}

const distance = (a: Numbers, b: Numbers): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2
  return Math.sqrt(sum)
}
