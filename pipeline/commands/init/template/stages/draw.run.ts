// The kernel of a net f(x) = √(2/width) Σᵢ aᵢ relu(wᵢ·x) with respect to a, at a point where wᵢ·x is standard normal:
// 2/width Σᵢ relu(wᵢ·x)². Its mean is 1 and its variance 5/width.
import { Effect } from "effect"
import type { Given, StageError, Table } from "#pipeline/stage.ts"
import { stream, type Stream } from "#stages/random.ts"
import type { DrawParams } from "./draw.ts"

export const run = ({
  params: { width, nets },
  seed,
}: Given<DrawParams, {}>): Effect.Effect<{ kernels: Table }, StageError> =>
  Effect.sync(() => {
    const random = stream(seed, "weights")
    const kernel = Array.from({ length: nets }, () => kernelOf(width, random))
    return { kernels: { width: kernel.map(() => width), kernel } }
  })

const kernelOf = (width: number, { normal }: Stream): number => {
  let sum = 0
  for (let i = 0; i < width; i++) sum += Math.max(normal(), 0) ** 2
  return (2 * sum) / width
}
