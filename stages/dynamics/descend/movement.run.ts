// Trains in memory (training.ts) and keeps norms only.
import { Effect } from "effect"
import {
  Progress,
  type Given,
  type StageError,
  type Table,
  type Tensor,
  type Tensors,
} from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { modelOf } from "../../net/model-of.ts"
import { initial } from "../../net/model.ts"
import { moved } from "../../net/moved.ts"
import { norm } from "../../net/norm.ts"
import type { DescendParams } from "./descend-params.ts"
import { progressOf, tablesOf, trainedBy } from "./training.ts"

type Outputs = { readonly arrays: Table; readonly curve: Table; readonly end: Table }

export const run = Effect.fnUntraced(function* ({
  params,
  inputs: { data },
  seed,
}: Given<DescendParams, { readonly data: Tensors }>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(params, yield* Progress)
  const start = yield* attempt(async () => initial(modelOf(params.model), seed))
  const { weights, ...trained } = yield* attempt(() => trainedBy(params, { data, weights: start }, seed, tell))
  const { curve, end, said } = tablesOf(trained)
  yield* Effect.log(said)
  const change = moved(start, weights)
  const column = <A>(of: (name: string) => A): ReadonlyArray<A> => Object.keys(start).map(of)
  const arrays = {
    array: column((name) => name),
    size: column((name) => start[name]!.data.length),
    start: column((name) => norm(start[name]!.data)),
    moved: column((name) => norm(change[name]!.data)),
    meanMoved: column((name) => meanSize(change[name]!)),
  }
  return { arrays, curve, end }
})

const meanSize = ({ data }: Tensor): number => {
  let sum = 0
  for (const value of data) sum += Math.abs(value)
  return sum / data.length
}
