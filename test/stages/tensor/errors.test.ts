// What a caller is told when a function cannot be compiled or run.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { constant } from "../../../stages/tensor/constant.ts"
import { TensorError } from "../../../stages/tensor/error.ts"
import { type Backend, type Dtype, jit } from "../../../stages/tensor/jit.ts"
import { tolerance } from "../../support/tolerance.ts"
import { filled, tensor64 } from "./roads.ts"

/** The error of a function of one input `x` (2, 3). */
const failure = async (
  f: (x: tf.Tensor) => tf.Tensor,
  options: { readonly dtype: Dtype; readonly backend?: Backend } = { dtype: "float64" },
): Promise<TensorError> => {
  const error = await jit(
    "net",
    ({ x }: Record<"x", tf.Tensor>) => ({ y: f(x) }),
    options,
  )({ x: filled(1, [2, 3]) }).catch((e: unknown) => e)
  if (!(error instanceof TensorError)) throw error
  return error
}

test("an op without lowering is named with its function and the line that called it", async () => {
  const { reason, message } = await failure((x) => tf.atan(x))
  expect(reason).toBe("UnknownOp")
  expect(message).toMatch(/in net at .*errors\.test\.ts:\d+:\d+.*: op Atan has no lowering/)
})

test("an op without gradient is named too", async () => {
  const { reason, message } = await failure((x) => tf.grad((x) => tf.stridedSlice(x, [0, 0], [2, 3], [1, 1]))(x))
  expect(reason).toBe("UnknownOp")
  expect(message).toMatch(/errors\.test\.ts.*: op StridedSlice has no gradient/)
})

test("shapes that do not fit are told with the op and the shapes", async () => {
  const add = await failure((x) => tf.add(x, tf.zeros([4])))
  expect(add.reason).toBe("Shape")
  expect(add.message).toMatch(/in net at .*errors\.test\.ts.*Add\(float64\[2,3\], float64\[4\]\)/)
  const product = await failure((x) => tf.matMul(x, x))
  expect(product.reason).toBe("Shape")
  expect(product.message).toMatch(/BatchMatMul\(float64\[2,3\], float64\[2,3\]\).* 3 and 2 differ/)
  const reshaped = await failure((x) => tf.reshape(x, [4, 2]))
  expect(reshaped).toMatchObject({ reason: "Shape" })
})

test("a constant that TF.js rounded is refused in float64, and constant() carries all digits", async () => {
  const { reason, message } = await failure((x) => tf.mul(x, 0.1))
  expect(reason).toBe("Dtype")
  expect(message).toMatch(/in net at .*errors\.test\.ts.*0\.1000000014.*constant\(/)
  const f = jit(
    "tenth",
    ({ x }: Record<"x", tf.Tensor>) => ({
      y: tf.mul(x, constant(0.1)),
      z: tf.add(x, constant(tensor64([2], [0.1, 0.3]))),
    }),
    { dtype: "float64" },
  )
  const { y, z } = await f({ x: tensor64([2], [1, 3]) })
  expect([...y.data, ...z.data]).toEqual([0.1, 0.1 * 3, 1.1, 3.3])
})

test("short fractions and integers need no constant()", async () => {
  const f = jit("plain", ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.add(tf.mul(x, 0.375), 12345677) }), {
    dtype: "float64",
  })
  expect((await f({ x: tensor64([1], [2]) })).y.data[0]).toBe(12345677.75)
})

test("a value asked for, or a tensor from outside, cannot be traced", async () => {
  const read = await failure((x) => tf.mul(x, x.dataSync()[0]!))
  expect(read).toMatchObject({ reason: "Untraceable" })
  await jit("eager", ({ x }: Record<"x", tf.Tensor>) => ({ x }), { dtype: "float32", backend: "cpu" })({
    x: filled(1, [1]),
  })
  await tf.setBackend("cpu")
  const outside = tf.scalar(2)
  const used = await failure((x) => tf.mul(x, outside))
  expect(used).toMatchObject({ reason: "Untraceable" })
  expect(used.message).toMatch(/pass it as an input/)
})

test("a bug in the function itself passes through unchanged", async () => {
  const bug = new RangeError("mine")
  const f = jit(
    "buggy",
    (): Record<"y", tf.Tensor> => {
      throw bug
    },
    { dtype: "float64" },
  )
  await expect(f({})).rejects.toBe(bug)
})

test("tracing leaves the caller's TF.js backend active, also after an error", async () => {
  await tf.setBackend("cpu")
  await failure((x) => tf.atan(x))
  expect(tf.getBackend()).toBe("cpu")
  expect(tf.add(1, 2).dataSync()[0]).toBe(3)
})

test("eager backends compute in float32 only, and tensorflow says what it needs", async () => {
  expect(await failure((x) => x, { dtype: "float64", backend: "cpu" })).toMatchObject({ reason: "Dtype" })
  const missing = await failure((x) => x, { dtype: "float32", backend: "tensorflow" }).catch(() => undefined)
  if (missing !== undefined)
    expect(missing).toMatchObject({ reason: "Backend", message: expect.stringContaining("@tensorflow/tfjs-node") })
})

test("data of the wrong length is refused when run, with the shapes", async () => {
  const f = jit("short", ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.exp(x) }), { dtype: "float64" })
  await f({ x: tensor64([2], [1, 2]) })
  await expect(f({ x: tensor64([2], [1]) })).rejects.toMatchObject({
    reason: "Runtime",
    message: expect.stringContaining("x:float64[2]"),
  })
})

test("inputs of other float types are cast to the dtype of the function", async () => {
  const f = jit("cast", ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.div(x, 3) }), { dtype: "float64" })
  const { y } = await f({ x: { shape: [1], data: Float32Array.from([1]) } })
  expect(Math.abs(y.data[0]! - 1 / 3)).toBeLessThanOrEqual(tolerance.float64.op)
  expect(y.data).toBeInstanceOf(Float64Array)
})
