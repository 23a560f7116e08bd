// Draws all points, then all labels, from one generator.
import { Effect } from "effect"
import type { Given, StageError, Tensors } from "../../pipeline/stage.ts"
import { MersenneTwister } from "./mersenne-twister.ts"
import type { NumpyPointsParams } from "./numpy-points.ts"

export const run = ({
  params: { seed, points, inputs, classes },
}: Given<NumpyPointsParams, object>): Effect.Effect<{ data: Tensors }, StageError> =>
  Effect.sync(() => {
    const generator = new MersenneTwister(seed)
    const x = Float64Array.from({ length: points * inputs }, () => generator.uniform())
    const labels = Int32Array.from({ length: points }, () => generator.below(classes))
    const y = classes === 2 ? Float64Array.from(labels, (label) => 2 * label - 1) : labels
    return { data: { x: { shape: [points, inputs], data: x }, y: { shape: [points], data: y } } }
  })
