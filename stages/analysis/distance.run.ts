import { Effect } from "effect"
import type { Given, StageError, Table, Tensors } from "../../pipeline/stage.ts"

type Inputs = { readonly kernels: ReadonlyArray<Tensors>; readonly reference: Tensors }

export const run = ({ inputs }: Given<object, Inputs>): Effect.Effect<{ distances: Table }, StageError> => {
  const limit = inputs.reference["K"]!.data
  const kernels = inputs.kernels.map((kernel) => kernel["K"]!.data)
  const mean = Float64Array.from(limit, (_, i) => kernels.reduce((sum, K) => sum + K[i]!, 0) / kernels.length)
  const size = Math.hypot(...limit)
  const distances = [...kernels, mean].map((K) => Math.hypot(...Array.from(limit, (value, i) => K[i]! - value)) / size)
  return Effect.succeed({ distances: { of: [...kernels.map((_, i) => `net ${i}`), "mean"], distance: distances } })
}
