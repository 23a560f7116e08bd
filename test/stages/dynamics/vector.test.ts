// Weights as one vector and back: numbers and tensors cut it at the same places.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensors } from "../../../pipeline/stage.ts"
import { joined, movedBy, parted, shapesOf } from "../../../stages/dynamics/vector.ts"
import { jit } from "../../../stages/tensor/jit.ts"

const arrays: Tensors = {
  W0: { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
  B0: { shape: [3], data: Float64Array.of(7, 8, 9) },
  W1: { shape: [3, 1], data: Float64Array.of(10, 11, 12) },
}

test("joined arrays stand one after the other, and a vector moves each where it stands", () => {
  const vector = joined(arrays)
  expect(vector).toEqual({ shape: [12], data: Float64Array.from({ length: 12 }, (_, i) => i + 1) })
  const doubled = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => 2 * x) }]),
  )
  expect(movedBy(arrays, vector)).toEqual(doubled)
  expect(movedBy(arrays, { ...vector, data: Float32Array.from(vector.data) })).toEqual(doubled)
})

test("the parts of a tensor are those arrays", async () => {
  const f = jit("parts", ({ vector }: Record<"vector", tf.Tensor>) => ({ ...parted(vector, shapesOf(arrays)) }), {
    dtype: "float64",
  })
  expect(await f({ vector: joined(arrays) })).toEqual(arrays)
})
