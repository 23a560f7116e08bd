// Trains in memory (training.ts) and keeps norms, losses and errors only.
import { Effect } from "effect"
import { Progress, StageError, type Given, type Table, type Tensor, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { modelOf } from "../../net/model-of.ts"
import { initial } from "../../net/model.ts"
import { moved } from "../../net/moved.ts"
import { norm } from "../../net/norm.ts"
import type { DescendParams } from "./descend-params.ts"
import { scoreOf } from "./score.ts"
import { progressOf, tablesOf, trainedBy } from "./training.ts"

type Inputs = { readonly data: Tensors; readonly tests: ReadonlyArray<Tensors> }
type Outputs = { readonly arrays: Table; readonly curve: Table; readonly end: Table; readonly scores: Table }

export const run = Effect.fnUntraced(function* ({
  params,
  inputs: { data, tests },
  seed,
}: Given<DescendParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const { method } = params
  if (tests.length > 0 && method !== "uncentred")
    return yield* new StageError({
      reason: "InvalidInput",
      message: `tests are scored by the net itself, which is not what the method ${method} trains`,
    })
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
  const scored: Array<{ readonly loss: number; readonly error: number }> = []
  for (const test of tests) scored.push(yield* attempt(() => scoreOf(params, weights, test)))
  const scores = {
    test: scored.map((_, i) => i),
    loss: scored.map(({ loss }) => loss),
    error: scored.map(({ error }) => error),
  }
  return { arrays, curve, end, scores }
})

const meanSize = ({ data }: Tensor): number => {
  let sum = 0
  for (const value of data) sum += Math.abs(value)
  return sum / data.length
}
