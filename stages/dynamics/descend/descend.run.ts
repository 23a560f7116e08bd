// Trains and keeps the weights (training.ts).
import { Effect } from "effect"
import { Progress, type Given, type StageError, type Table, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { mapped } from "../../net/group.ts"
import { modelOf } from "../../net/model-of.ts"
import { part } from "../../net/model.ts"
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
  if (params.method !== "uncentred") return { weights, curve, end }
  // A net whose start is not subtracted in training has as many digits as its training.
  const own = mapped(part(modelOf(params.model), "trained", weights), (array) => rounded(array, params.dtype))
  return { weights: { ...weights, ...own }, curve, end }
})
