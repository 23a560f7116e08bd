// Computes the relative Frobenius distance of each kernel, and of the mean kernel, from the reference.
import { Effect } from "effect"
import { StageError, type Given, type Table, type Tensors } from "../../pipeline/stage.ts"

type Inputs = { readonly kernels: ReadonlyArray<Tensors>; readonly reference: Tensors }

export const run = ({ inputs }: Given<object, Inputs>): Effect.Effect<{ distances: Table }, StageError> => {
  const limit = Float64Array.from(inputs.reference["K"]!.data)
  const kernels = inputs.kernels.map((kernel) => kernel["K"]!.data)
  const other = kernels.findIndex((K) => K.length !== limit.length)
  if (other >= 0)
    return Effect.fail(
      new StageError({
        reason: "InvalidInput",
        message:
          `the kernel of net ${other} has ${kernels[other]!.length} entries, but the reference has ` +
          `${limit.length}`,
      }),
    )
  const mean = Float64Array.from(limit, (_, i) => kernels.reduce((sum, K) => sum + K[i]!, 0) / kernels.length)
  const size = length(limit)
  const distances = [...kernels, mean].map((K) => length(limit.map((value, i) => K[i]! - value)) / size)
  return Effect.succeed({
    distances: { of: [...kernels.map(() => "net"), "mean"], replica: [...kernels.keys(), -1], distance: distances },
  })
}

/** Not Math.hypot: it takes every number as an argument, and the entries for 350 points fill the stack. */
const length = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
