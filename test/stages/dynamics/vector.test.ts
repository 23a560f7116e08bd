// Weights as one vector and back: numbers and tensors cut it at the same places.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensors } from "../../../pipeline/stage.ts"
import { divided, joined, parted } from "../../../stages/dynamics/vector.ts"
import { jit } from "../../../stages/tensor/jit.ts"

const arrays: Tensors = {
  W0: { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
  B0: { shape: [3], data: Float64Array.of(7, 8, 9) },
  W1: { shape: [3, 1], data: Float64Array.of(10, 11, 12) },
}
const shapes = { W0: [2, 3], B0: [3], W1: [3, 1] }

test("joined arrays stand one after the other and divide into what they were", () => {
  const vector = joined(arrays)
  expect(vector).toEqual({ shape: [12], data: Float64Array.from({ length: 12 }, (_, i) => i + 1) })
  expect(divided(vector, shapes)).toEqual(arrays)
})

test("the parts of a tensor are those arrays", async () => {
  const f = jit("parts", ({ vector }: Record<"vector", tf.Tensor>) => ({ ...parted(vector, shapes) }), { dtype: "float64" })
  expect(await f({ vector: joined(arrays) })).toEqual(arrays)
})
