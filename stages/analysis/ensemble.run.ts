import { Effect } from "effect"
import type { Given, StageError, Table, Tensors } from "../../pipeline/stage.ts"
import { testError } from "./error.ts"

type Inputs = { readonly replicas: ReadonlyArray<Tensors>; readonly test: Tensors }

export const run = ({ inputs }: Given<object, Inputs>): Effect.Effect<{ summary: Table; errors: Table }, StageError> => {
  const y = inputs.test["y"]!
  const outputs = inputs.replicas.map((replica) => replica["F"]!.data)
  const count = outputs.length
  const mean = Float64Array.from(outputs[0]!, (_, i) => average(outputs.map((F) => F[i]!)))
  const variance = outputs.reduce((sum, F) => sum + average(Array.from(mean, (value, i) => (F[i]! - value) ** 2)), 0) / Math.max(1, count - 1)
  const meanError = average(outputs.map((F) => testError(F, y)))
  const ensembleError = testError(mean, y)
  return Effect.succeed({
    summary: { replicas: [count], meanError: [meanError], ensembleError: [ensembleError], variance: [variance] },
    errors: { learner: ["single nets, mean", "mean output"], testError: [meanError, ensembleError] },
  })
}

const average = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length
