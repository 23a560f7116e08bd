// The tangent kernel of a net between points and themselves, from their initial weights.
import type { Architecture } from "../../../stages/net/architecture.ts"
import { modelOf } from "../../../stages/net/model-of.ts"
import { kernelOf } from "../../../stages/net/kernel.ts"
import { initial } from "../../../stages/net/model.ts"
import type { Dtype } from "../../../stages/tensor/jit.ts"
import { type Timing, least } from "../timing.ts"
import { drawn } from "./drawn.ts"

export const run = async ({
  model,
  point,
  n,
  dtype,
}: {
  readonly model: Architecture
  readonly point: ReadonlyArray<number>
  readonly n: number
  readonly dtype: Dtype
}): Promise<Timing> => {
  const net = modelOf(model)
  const weights = initial(net, 0)
  const kernel = kernelOf(net, { dtype })
  const x = drawn([n, ...point])
  const seconds = await least(async (count) => {
    for (let i = 0; i < count; i++) await kernel(weights, x, x)
  })
  return { seconds }
}
