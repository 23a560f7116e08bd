// The hinge loss of four points done by hand, and its gradient at and around the margin.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { hinge } from "../../../stages/net/loss.ts"
import { jit } from "../../../stages/tensor/jit.ts"

const hingeOf = jit("hinge", ({ F, y }: Record<"F" | "y", tf.Tensor>) => {
  const { value, grad } = tf.valueAndGrad((F: tf.Tensor) => hinge(F, y))(F) as unknown as { readonly value: tf.Tensor; readonly grad: tf.Tensor }
  return { loss: value, gradient: grad }
}, { dtype: "float64" })
const vector = (...values: ReadonlyArray<number>) => ({ shape: [values.length], data: Float64Array.from(values) })

// Margins 1 - y F: 0.5, 1.5, -1, 3.
test("the loss is the mean of what margins lack, the gradient -y / n where they lack something", async () => {
  const { loss, gradient } = await hingeOf({ F: vector(0.5, 0.5, 2, 2), y: vector(1, -1, 1, -1) })
  expect(loss.data).toEqual(Float64Array.of((0.5 + 1.5 + 0 + 3) / 4))
  expect(Array.from(gradient.data, (slope) => slope + 0)).toEqual([-0.25, 0.25, 0, 0.25]) // a sum with 0 takes the sign off -0
})

test("a point exactly at its margin has no loss and no gradient", async () => {
  const { loss, gradient } = await hingeOf({ F: vector(1, -1), y: vector(1, -1) })
  expect(loss.data[0]).toBe(0)
  expect(Array.from(gradient.data, (slope) => slope + 0)).toEqual([0, 0])
})

test("the loss is 1 where F is 0", async () => {
  expect((await hingeOf({ F: vector(0, 0, 0), y: vector(1, -1, 1) })).loss.data[0]).toBe(1)
})
