// Ops that reduce, multiply matrices, compare, choose, move or join: value and gradient on every road.
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { constant } from "../../../stages/tensor/constant.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { type Op, compareRoads, filled } from "./roads.ts"

type Case = readonly [op: Op, ...shapes: ReadonlyArray<ReadonlyArray<number>>]

const int = (...list: number[]): tf.Tensor1D => tf.tensor1d(list, "int32")

const smooth: Readonly<Record<string, Case>> = {
  "sum of all": [(x) => tf.sum(x!), [2, 3]],
  "sum of an axis, kept": [(x) => tf.sum(x!, -1, true), [2, 3, 2]],
  "sum of rows": [(x) => tf.sum(x!, 0), [5, 3]],
  "sum of rows, kept and scaled": [(x) => tf.mul(tf.sum(x!, 0, true), 0.5), [5, 3]],
  "sum of two axes": [(x) => tf.sum(x!, [2, 0]), [2, 3, 2]],
  "sum of a scalar": [(x) => tf.sum(x!), []],
  "mean of all": [(x) => tf.mean(x!), [3, 5]],
  "mean of an axis": [(x) => tf.mean(x!, 0), [3, 5]],
  "max of an axis": [(x) => tf.max(x!, 1), [3, 4]],
  "min of all, kept": [(x) => tf.min(x!, [0, 1], true), [3, 4]],
  softmax: [(x) => tf.softmax(x as tf.Tensor2D), [3, 4]],
  logSoftmax: [(x) => tf.logSoftmax(x as tf.Tensor2D), [3, 4]],
  logSumExp: [(x) => tf.logSumExp(x!, 1), [3, 4]],
  norm: [(x) => tf.norm(x!), [3, 4]],
  "matMul of a stack by a stack": [(a, b) => tf.matMul(a!, b!), [2, 3, 4], [2, 4, 2]],
  "matMul of stacks, both transposed": [(a, b) => tf.matMul(a!, b!, true, true), [2, 4, 3], [2, 2, 4]],
  "matMul of a matrix by a stack": [(a, b) => tf.matMul(tf.expandDims(a!, 0), b!), [3, 4], [1, 4, 2]],
  dot: [(a, b) => tf.dot(a!, b!), [4], [4]],
  outerProduct: [(a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D), [3], [2]],
  "square of an outer product": [(a, b) => tf.square(tf.matMul(a!, b!)), [3, 1], [1, 4]],
  "square of an outer product of transposed sides": [
    (a, b) => tf.square(tf.matMul(a!, b!, true, true)),
    [1, 3],
    [4, 1],
  ],
  "fused matMul with bias and relu": [
    (a, b, c) => tf.fused.matMul({ a: a!, b: b!, bias: c!, activation: "relu" }),
    [3, 4],
    [4, 2],
    [2],
  ],
  "scaled matMul with bias": [(a, b, c) => tf.add(tf.mul(tf.matMul(a!, b!), 0.75), c!), [3, 4], [4, 2], [2]],
  "scaled sum of scaled matMuls": [
    (a, b, c) => tf.mul(tf.add(tf.matMul(tf.mul(a!, 0.5), b!), tf.mul(tf.matMul(a!, c!), 3)), -0.25),
    [3, 4],
    [4, 2],
    [4, 2],
  ],
  "matMul and the same one scaled": [
    (a, b) => tf.concat([tf.matMul(a!, b!), tf.tanh(tf.mul(tf.matMul(a!, b!), 0.75))]),
    [3, 4],
    [4, 2],
  ],
  "where of a condition made of many": [
    (a, b) => tf.where(tf.logicalAnd(tf.less(a!, b!), tf.logicalNot(tf.equal(a!, 0))), tf.square(a!), b!),
    [2, 3],
    [2, 3],
  ],
  addN: [(a, b, c) => tf.addN([a!, b!, c!]), [2, 3], [2, 3], [2, 3]],
  where: [(a, b) => tf.where(tf.greater(a!, 0), a!, b!), [2, 3], [2, 3]],
  reshape: [(x) => tf.square(tf.reshape(x!, [3, -1])), [2, 3, 2]],
  transpose: [(x) => tf.transpose(x!, [2, 0, 1]), [2, 3, 4]],
  slice: [(x) => tf.slice(x!, [1, 0], [2, -1]), [4, 3]],
  concat: [(a, b) => tf.concat([a!, b!], -1), [2, 3], [2, 1]],
  split: [(x) => tf.mul(...(tf.split(x!, 2, 1) as [tf.Tensor, tf.Tensor])), [2, 6]],
  stack: [(a, b) => tf.stack([a!, b!], 1), [2, 3], [2, 3]],
  unstack: [(x) => tf.mul(...(tf.unstack(x!, -1) as [tf.Tensor, tf.Tensor])), [3, 2]],
  pad: [
    (x) =>
      tf.pad(
        x!,
        [
          [1, 0],
          [0, 2],
        ],
        0.5,
      ),
    [2, 3],
  ],
  tile: [(x) => tf.tile(x!, [2, 3]), [2, 2]],
  broadcastTo: [(x) => tf.square(tf.broadcastTo(x!, [3, 2])), [1, 2]],
  expandDims: [(x) => tf.expandDims(x!, -1), [2, 3]],
  squeeze: [(x) => tf.squeeze(x!), [2, 1, 3]],
  gather: [(x) => tf.gather(x!, int(2, 0, 2), 0), [3, 2]],
  "gather along the last axis": [(x) => tf.gather(x!, int(1, 1, 0), 1), [2, 3]],
  cast: [(x) => tf.mul(x!, tf.cast(tf.greater(x!, 0), "float32")), [2, 3]],
  clone: [(x) => tf.clone(x!), [2, 3]],
  constants: [
    (x) =>
      tf.add(
        tf.mul(x!, tf.fill(x!.shape as [2, 3], 2.5)),
        tf.tensor2d([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ),
    [2, 3],
  ],
  "multiplied by ones": [(x) => tf.mul(tf.onesLike(x!), tf.add(x!, tf.zeros([2, 1, 3]))), [1, 3]],
  "custom gradient": [
    tf.customGrad((...given) => {
      const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc]
      save([x])
      return {
        value: tf.mul(x, tf.mul(x, x)),
        gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, tf.mul(3, tf.square(saved!))),
      }
    }) as Op,
    [2, 3],
  ],
}

test.each(Object.entries(smooth))(
  "%s is the same on every road, and so is its gradient",
  async (name, [op, ...shapes]) => {
    await compareRoads(
      name,
      op,
      shapes.map((shape, i) => filled(i + 11, shape)),
    )
  },
)

test("a large product with a transposed left side is the product of its definition", async () => {
  const [rows, inner, columns] = [256, 3, 300]
  const [a, b] = [filled(1, [inner, rows]), filled(2, [inner, columns])]
  const f = jit("product", ({ a, b }: Record<"a" | "b", tf.Tensor>) => ({ y: tf.matMul(a, b, true, false) }), {
    dtype: "float64",
  })
  const expected = Float64Array.from({ length: rows * columns }, (_, ij) => {
    const [i, j] = [Math.floor(ij / columns), ij % columns]
    return [0, 1, 2].reduce((sum, k) => sum + a.data[k * rows + i]! * b.data[k * columns + j]!, 0)
  })
  expectClose("product", (await f({ a, b })).y.data, expected, tolerance.float64.op)
})

const flat: Readonly<Record<string, Case>> = {
  greater: [(a, b) => tf.greater(a!, b!), [3, 2], [3, 1]],
  greaterEqual: [(a, b) => tf.greaterEqual(a!, b!), [3, 2], [2]],
  less: [(a, b) => tf.less(a!, b!), [3, 2], []],
  lessEqual: [(a, b) => tf.lessEqual(a!, b!), [3, 2], [3, 2]],
  equal: [(a) => tf.equal(a!, tf.abs(a!)), [5]],
  notEqual: [(a) => tf.notEqual(a!, tf.relu(a!)), [5]],
  logic: [
    (a, b) => tf.logicalOr(tf.logicalNot(tf.greater(a!, 0)), tf.logicalAnd(tf.less(a!, b!), tf.greater(b!, 1))),
    [9],
    [9],
  ],
  "cast to int32": [(x) => tf.cast(tf.mul(x!, 4), "int32"), [7]],
  "sum of bool": [(x) => tf.sum(tf.greater(x!, 0)), [7]],
  "mean of int32": [(x) => tf.mean(tf.cast(tf.mul(x!, 4), "int32")), [7]],
  stridedSlice: [(x) => tf.stridedSlice(x!, [0, 3], [3, 0], [2, -1]), [4, 4]],
  "stridedSlice from the end": [(x) => tf.stridedSlice(x!, [3], [0], [-1], 0, 1), [4]],
}

test.each(Object.entries(flat))("%s is the same on every road", async (name, [op, ...shapes]) => {
  await compareRoads(
    name,
    op,
    shapes.map((shape, i) => filled(i + 21, shape)),
    false,
  )
})

test("matMul agrees on every road for all sizes and transpositions", async () => {
  const size = fc.integer({ min: 1, max: 4 })
  await fc.assert(
    fc.asyncProperty(size, size, size, fc.boolean(), fc.boolean(), async (n, k, m, transposeA, transposeB) => {
      await compareRoads("matMul", (a, b) => tf.matMul(a!, b!, transposeA, transposeB), [
        filled(31, transposeA ? [k, n] : [n, k]),
        filled(32, transposeB ? [m, k] : [k, m]),
      ])
    }),
    { seed: 3, numRuns: 12 },
  )
})

test("integer inputs are int32 to the function, bytes included, and bool comes back as bytes", async () => {
  const f = jit(
    "integers",
    ({ i, b, x }: Record<"i" | "b" | "x", tf.Tensor>) => {
      expect([i.dtype, b.dtype, x.dtype]).toEqual(["int32", "int32", "float32"])
      return {
        rows: tf.gather(x, i),
        sum: tf.add(i, b),
        product: tf.mul(x, tf.cast(b, "float32")),
        large: tf.greater(b, 100),
      }
    },
    { dtype: "float64" },
  )
  const made = await f({
    i: { shape: [3], data: Int32Array.from([2, 0, 1]) },
    b: { shape: [3], data: Uint8Array.from([0, 255, 7]) },
    x: { shape: [3], data: Float32Array.from([0.5, 1.5, 2.5]) },
  })
  expect(made.rows).toEqual({ shape: [3], data: Float64Array.from([2.5, 0.5, 1.5]) })
  expect(made.sum).toEqual({ shape: [3], data: Int32Array.from([2, 255, 8]) })
  expect(made.product).toEqual({ shape: [3], data: Float64Array.from([0, 382.5, 17.5]) })
  expect(made.large).toEqual({ shape: [3], data: Uint8Array.from([0, 1, 0]) })
})

test("a scale in a product of batches keeps its digits in float64", async () => {
  const [a, b] = [filled(1, [2, 3, 4]), filled(2, [2, 4, 5])]
  const scaled = jit(
    "scaled",
    ({ a, b }: Record<"a" | "b", tf.Tensor>) => ({ y: tf.matMul(a, tf.mul(b, constant(Math.SQRT2))) }),
    { dtype: "float64" },
  )
  const plain = jit("plain", ({ a, b }: Record<"a" | "b", tf.Tensor>) => ({ y: tf.matMul(a, b) }), { dtype: "float64" })
  expectClose(
    "product",
    (await scaled({ a, b })).y.data,
    (await plain({ a, b })).y.data.map((y) => y * Math.SQRT2),
    tolerance.float64.op,
  )
})
