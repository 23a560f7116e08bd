import { Effect } from "effect"
import type { Given, StageError, Tensor, Tensors } from "../../pipeline/stage.ts"
import { stream } from "../random.ts"
import type { InitParams } from "./init.ts"

export const run = ({ params: { inputs, depth, width }, seed }: Given<InitParams, object>): Effect.Effect<{ weights: Tensors }, StageError> => {
  const sizes = [inputs, ...Array.from({ length: depth }, () => width), 1]
  const weights: { [name: string]: Tensor } = {}
  for (let l = 0; l <= depth; l++) {
    const [fanIn, fanOut] = [sizes[l]!, sizes[l + 1]!]
    weights[`W${l}`] = { shape: [fanIn, fanOut], data: Float64Array.from({ length: fanIn * fanOut }, stream(seed, `W${l}`).normal) }
    weights[`B${l}`] = { shape: [fanOut], data: new Float64Array(fanOut) }
  }
  return Effect.succeed({ weights })
}
