// Trains and keeps the weights (training.ts).
import { Effect } from "effect"
import { Progress, type Given, type StageError, type Table, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { eachPack } from "../pack.ts"
import { rounded } from "../task.ts"
import type { DescendParams } from "./descend-params.ts"
import { progressOf, tablesOf, trainedBy } from "./training.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors }
type Outputs = { readonly weights: Tensors; readonly curve: Table; readonly end: Table }

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
  seed,
}: Given<DescendParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(params, yield* Progress)
  const { weights, ...trained } = yield* attempt(() => trainedBy(params, inputs, seed, tell))
  const { curve, end, said } = tablesOf(trained)
  yield* Effect.log(said)
  // Where the start is not subtracted from the end, the digits beyond those of the training are of no use.
  const kept = params.method === "uncentred" ? eachPack(weights, (array) => rounded(array, params.dtype)) : weights
  return { weights: kept, curve, end }
})
