// Random points and random labels as a program draws them with numpy. Knows nothing about nets.
import { Schema } from "effect"
import { stage, Tensors } from "../../pipeline/stage.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

export const NumpyPointsParams = Schema.Struct({
  /** Of `numpy.random.seed`. It is a part of the data, as it was published. */
  seed: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 32 - 1 })),
  points: Count,
  inputs: Count,
  /** With two classes the labels are -1 and +1; with more they are class numbers. */
  classes: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 2 ** 31 })),
})
export type NumpyPointsParams = typeof NumpyPointsParams.Type

/**
 * Output `data`: x (points, inputs), uniform in [0, 1), as `numpy.random.rand(points, inputs)`; y (points), random
 * labels, as `numpy.random.randint(classes, size=points)` draws them next.
 * Source: Kearns, Munyuza and Brosh 2023, its program: seed 42, 100 points of 10 inputs, 2 classes.
 */
export const numpyPoints = stage(import.meta, "numpyPoints", {
  params: NumpyPointsParams,
  inputs: {},
  outputs: { data: Tensors },
  run: () => import("./numpy-points.run.ts"),
})
