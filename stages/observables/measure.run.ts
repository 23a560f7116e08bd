// Computes the changes of kernel and weights, the times and the test error of one training. The kernels leave this
// stage only as the norm of their difference: stored kernels would be most of the store.
import { Effect } from "effect"
import type { Given, StageError, Table, Tensor, Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../stage-error.ts"
import { half } from "../dynamics/flow.ts"
import { modelOf } from "../net/model-of.ts"
import { moved } from "../net/moved.ts"
import { changeOf } from "../net/difference.ts"
import { assertWeights } from "../net/validate.ts"
import { groupOf, grouped } from "../net/group.ts"
import { kernelOf } from "../net/kernel.ts"
import { part } from "../net/model.ts"
import { norm } from "../net/norm.ts"
import { jit } from "../tensor/jit.ts"
import { sliceRows } from "../tensor/rows.ts"
import { testError } from "../statistics/error.ts"
import type { MeasureParams } from "./measure.ts"

type Inputs = {
  readonly test: Tensors
  readonly start: Tensors
  readonly end: Tensors
  readonly curve: Table
  readonly finish: Table
}
type Outputs = { readonly observables: Table; readonly outputs: Tensors }

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
}: Given<MeasureParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const { test, curve, finish } = inputs
  const model = modelOf(params.model)
  const root = Math.sqrt(model.width)
  const { before, after, change, w0, dw } = yield* attempt(() => compute(params, inputs))
  const F = Float64Array.from(change.data, (value) => params.alpha * value)
  const losses = curve["loss"] as ReadonlyArray<number>
  const first = losses.findIndex((loss) => loss < half * losses[0]!)
  const observables: Table = {
    kernelChange: [norm(after.map((value, i) => value - before[i]!)) / norm(before)],
    weightChange: [(root * norm(...numbersOf(dw))) / norm(...numbersOf(w0))],
    // A training by steps has no model time.
    t1: [curve["t"]?.[first] ?? Number.NaN],
    t2: [finish["converged"]![0] === true ? (finish["t"]?.[0] ?? Number.NaN) : Number.NaN],
    testError: [testError(F, test["y"]!)],
    steps: finish["step"]!,
    converged: finish["converged"]!,
  }
  return { observables, outputs: { F: { shape: change.shape, data: F } } }
})

type Numbers = Tensor["data"]

// Both times use one compiled kernel, so that equal weights give equal bits and their difference is exactly zero.
const compute = async (
  { model: architecture, method, kernelPoints, dtype, backend }: MeasureParams,
  { test, start, end }: Inputs,
) => {
  const x = test["x"]!
  const model = modelOf(architecture)
  for (const weights of [start, end]) assertWeights(model, weights)
  const w0 = part(model, "trained", start)
  const dw = moved(w0, end)
  const few = sliceRows(x, 0, kernelPoints)
  const kernel = kernelOf(model, { dtype, backend })
  const outputs = jit(
    "outputs",
    (arrays) => ({ f: changeOf(model, method, groupOf("w0", arrays), groupOf("dw", arrays), arrays["x"]!) }),
    { dtype, backend },
  )
  const [before, after] = [await kernel(start, few, few), await kernel(end, few, few)]
  const { f } = await outputs({ x, ...grouped("w0", start), ...grouped("dw", dw) })
  return { before: Float64Array.from(before.data), after: Float64Array.from(after.data), change: f, w0, dw }
}

const numbersOf = (arrays: Tensors): ReadonlyArray<Numbers> => Object.values(arrays).map(({ data }) => data)
