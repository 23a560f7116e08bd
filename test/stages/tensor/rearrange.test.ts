// Products, logic, extremes, running totals, reversal, mirroring, one-hot, gathering, blocks and named axes.
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { jit } from "../../../stages/tensor/jit.ts"
import { type Op, compareRoads, filled, tensor64 } from "./roads.ts"
import { compareSlopes } from "./slopes.ts"

type Case = readonly [op: Op, ...shapes: ReadonlyArray<ReadonlyArray<number>>]

const int = (...list: number[]): tf.Tensor1D => tf.tensor1d(list, "int32")

const smooth: Readonly<Record<string, Case>> = {
  "product of all": [(x) => tf.prod(x!), [2, 3]],
  "product of two axes": [(x) => tf.prod(x!, [0, 2]), [2, 3, 2]],
  "product of an axis": [(x) => tf.prod(x!, 1), [2, 3, 2]],
  "product of the last axis, kept": [(x) => tf.prod(x!, -1, true), [3, 2]],
  "cumsum of the first axis": [(x) => tf.cumsum(x!, 0), [3, 2]],
  "cumsum of a middle axis, exclusive, reversed": [(x) => tf.cumsum(x!, 1, true, true), [2, 3, 2]],
  reverse: [(x) => tf.reverse(x!, [0, -1]), [2, 3, 4]],
  "reverse of all": [(x) => tf.square(tf.reverse(x!)), [3, 2]],
  "one-hot times rows": [
    (x) => tf.matMul(tf.oneHot(int(2, 0, 2), 3, 1, 0, "float32") as tf.Tensor2D, x as tf.Tensor2D),
    [3, 2],
  ],
  "gather along a middle axis": [(x) => tf.gather(x!, int(1, 1, 0, 2), 1), [2, 3, 2]],
  "gather by a table": [
    (x) =>
      tf.gather(
        x!,
        tf.tensor2d(
          [
            [0, 1],
            [1, 1],
          ],
          [2, 2],
          "int32",
        ),
      ),
    [2, 3],
  ],
  "space to batch": [
    (x) =>
      tf.spaceToBatchND(
        x!,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    [1, 3, 5, 2],
  ],
  "batch to space": [
    (x) =>
      tf.batchToSpaceND(
        x!,
        [2, 1],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    [4, 2, 3, 1],
  ],
}

test.each(Object.entries(smooth))(
  "%s is the same on every road, and so is its gradient",
  async (name, [op, ...shapes]) => {
    await compareRoads(
      name,
      op,
      shapes.map((shape, i) => filled(i + 1, shape)),
    )
  },
)

const corrected: Readonly<Record<string, Case>> = {
  "einsum of matrices": [(a, b) => tf.einsum("ij,jk->ik", a!, b!), [2, 3], [3, 4]],
  "einsum of a batch": [(a, b) => tf.einsum("bij,kj->bki", a!, b!), [2, 3, 2], [4, 2]],
  "einsum that transposes": [(a) => tf.einsum("ij->ji", a!), [2, 3]],
  "mirrored by reflection": [
    (x) =>
      tf.square(
        tf.mirrorPad(
          x!,
          [
            [1, 1],
            [2, 0],
          ],
          "reflect",
        ),
      ),
    [2, 3],
  ],
  "mirrored with the edge": [
    (x) =>
      tf.mirrorPad(
        x!,
        [
          [2, 1],
          [0, 3],
        ],
        "symmetric",
      ),
    [2, 3],
  ],
}

test.each(Object.entries(corrected))(
  "%s is the same on every road, and has a gradient, which TF.js does not give",
  async (name, [op, ...shapes]) => {
    const given = shapes.map((shape, i) => filled(i + 3, shape))
    await compareRoads(name, op, given, false)
    await compareSlopes(name, op, given)
  },
)

const flat: Readonly<Record<string, Case>> = {
  all: [(x) => tf.all(tf.greater(x!, -1), 1), [4, 3]],
  "all of everything": [(x) => tf.all(tf.greater(x!, -10)), [4, 3]],
  "any, kept": [(x) => tf.any(tf.greater(x!, 1), 0, true), [4, 3]],
  argMax: [(x) => tf.argMax(x!, 1), [3, 5]],
  "argMax of the last axis": [(x) => tf.argMax(tf.abs(x!), -1), [2, 2, 4]],
  argMin: [(x) => tf.argMin(x!), [4, 3]],
  "one-hot as int32, other values": [(x) => tf.oneHot(tf.cast(tf.mul(tf.abs(x!), 2), "int32"), 3, 5, -1), [2, 4]],
  "cumsum of int32": [(x) => tf.cumsum(tf.cast(tf.mul(x!, 4), "int32"), 0), [5, 2]],
}

test.each(Object.entries(flat))("%s is the same on every road", async (name, [op, ...shapes]) => {
  await compareRoads(
    name,
    op,
    shapes.map((shape, i) => filled(i + 5, shape)),
    false,
  )
})

test("of equal extremes the first is found", async () => {
  const { high, low } = await jit(
    "ties",
    ({ x }: Record<"x", tf.Tensor>) => ({ high: tf.argMax(x, 0), low: tf.argMin(x, 0) }),
    { dtype: "float64" },
  )({ x: tensor64([4], [1, 2, 2, 1]) })
  expect([high, low]).toEqual([
    { shape: [], data: Int32Array.from([1]) },
    { shape: [], data: Int32Array.from([0]) },
  ])
})

test("running sums and products of any length, either way, are the same on every road", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.boolean(), fc.boolean(), async (n, exclusive, reverse) => {
      await compareRoads(`cumprod of ${n}`, (x) => tf.cumprod(x!, 1, exclusive, reverse), [filled(9, [2, n, 2])], false)
      await compareRoads(`cumsum of ${n}`, (x) => tf.cumsum(x!, 1, exclusive, reverse), [filled(9, [2, n, 2])])
    }),
    { seed: 7, numRuns: 12 },
  )
})

test("the slope of a product with a zero is the product of the others", async () => {
  const { y } = await jit("prod", ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.grad((x) => tf.prod(x))(x) }), {
    dtype: "float64",
  })({ x: tensor64([3], [2, 0, 5]) })
  expect([...y.data]).toEqual([0, 10, 0])
})

test("rows gathered twice get both slopes", async () => {
  const f = jit(
    "twice",
    ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.grad((x) => tf.sum(tf.gather(x, int(1, 1, 0), 1)))(x) }),
    { dtype: "float32" },
  )
  expect([...(await f({ x: filled(1, [1, 3]) })).y.data]).toEqual([1, 2, 0])
})
