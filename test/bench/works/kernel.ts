// The tangent kernel of a net at its initial weights: between points and themselves, or, computed once, between `n` and
// `m` points.
import type { Architecture } from "../../../stages/net/architecture.ts"
import { modelOf } from "../../../stages/net/model-of.ts"
import { kernelOf } from "../../../stages/net/kernel.ts"
import { initial } from "../../../stages/net/model.ts"
import type { Dtype } from "../../../stages/tensor/jit.ts"
import { type Timing, least, now } from "../timing.ts"
import { drawn } from "./drawn.ts"

export const run = async ({
  model,
  point,
  n,
  m,
  dtype,
}: {
  readonly model: Architecture
  readonly point: ReadonlyArray<number>
  readonly n: number
  readonly m?: number
  readonly dtype: Dtype
}): Promise<Timing> => {
  const net = modelOf(model)
  const weights = initial(net, 0)
  const kernel = kernelOf(net, { dtype })
  const x = drawn([n, ...point])
  if (m !== undefined) {
    const [others, from] = [drawn([m, ...point]), now()]
    await kernel(weights, x, others)
    return { seconds: now() - from }
  }
  const seconds = await least(async (count) => {
    for (let i = 0; i < count; i++) await kernel(weights, x, x)
  })
  return { seconds }
}
