// Losses of margins and of classes: against formulas in plain numbers, central differences and TF.js itself, and at
// the points where a formula could break: margins met exactly, ties, and outputs of ten thousand.
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, test } from "vitest"
import type { Tensor } from "../../../pipeline/stage.ts"
import { losses } from "../../../stages/net/loss.ts"
import type { LossName } from "../../../stages/net/loss-name.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { compareRoads, filled, tensor64 } from "../tensor/roads.ts"

const vector = (...values: ReadonlyArray<number>): Tensor => tensor64([values.length], values)
const labels = (...values: ReadonlyArray<number>): Tensor => ({ shape: [values.length], data: Int32Array.from(values) })

const outcome = async (
  name: LossName,
  F: Tensor,
  y: Tensor,
): Promise<{ readonly loss: number; readonly gradient: ReadonlyArray<number> }> => {
  const made = await jit(
    name,
    ({ F, y }: Record<"F" | "y", tf.Tensor>) => {
      const { value, grads } = tf.valueAndGrads((F: tf.Tensor) => losses[name](F, y))([F])
      return { loss: value, gradient: grads[0]! }
    },
    { dtype: "float64" },
  )({ F, y })
  // a sum with 0 takes the sign off -0
  return { loss: made.loss.data[0]! + 0, gradient: Array.from(made.gradient.data, (slope) => slope + 0) }
}

describe("hinge", () => {
  // Margins 1 - y F: 0.5, 1.5, -1, 3.
  test("is the mean of what margins lack, its gradient -y / n where they lack something", async () => {
    const { loss, gradient } = await outcome("hinge", vector(0.5, 0.5, 2, 2), vector(1, -1, 1, -1))
    expect(loss).toBe((0.5 + 1.5 + 0 + 3) / 4)
    expect(gradient).toEqual([-0.25, 0.25, 0, 0.25])
  })

  test("has no loss and no gradient from a point exactly at its margin", async () => {
    expect(await outcome("hinge", vector(1, -1), vector(1, -1))).toEqual({ loss: 0, gradient: [0, 0] })
  })

  test("is 1 where F is 0, and linear however far a point is wrong", async () => {
    expect((await outcome("hinge", vector(0, 0, 0), vector(1, -1, 1))).loss).toBe(1)
    expect(await outcome("hinge", vector(1e4, -1e4), vector(-1, -1))).toEqual({ loss: 10_001 / 2, gradient: [0.5, 0] })
  })
})

describe("square", () => {
  // Differences 3, -1, 0.
  test("is half the mean square of what F is off, its gradient the difference over n", async () => {
    const { loss, gradient } = await outcome("square", vector(4, 0, -2), vector(1, 1, -2))
    expectClose("loss", [loss], [(9 + 1) / 6], tolerance.float64.op)
    expectClose("gradient", gradient, [1, -1 / 3, 0], tolerance.float64.op)
  })

  test("is summed over outputs, so that points count and not numbers", async () => {
    const { loss, gradient } = await outcome(
      "square",
      tensor64([2, 3], [1, 2, 3, 0, 0, -4]),
      tensor64([2, 3], [0, 0, 0, 0, 1, 1e4]),
    )
    expect(loss).toBe((1 + 4 + 9 + 1 + 10_004 ** 2) / 4)
    expect(gradient).toEqual([0.5, 1, 1.5, 0, -0.5, -5002])
  })
})

/** Of one point. */
const plainLogistic = (F: number, y: number) => ({
  loss: Math.max(0, -y * F) + Math.log1p(Math.exp(-Math.abs(F))),
  slope: -y / (1 + Math.exp(y * F)),
})

describe("logistic", () => {
  test("is the mean of ln(1 + e^-yF), its gradient -y over 1 + e^yF and n", async () => {
    const [F, y] = [
      [0.3, -2, 5, 0.01, -30],
      [1, 1, -1, -1, -1],
    ]
    const { loss, gradient } = await outcome("logistic", vector(...F), vector(...y))
    const expected = F.map((each, i) => plainLogistic(each, y[i]!))
    expectClose("loss", [loss], [expected.reduce((sum, each) => sum + each.loss, 0) / 5], tolerance.float64.op)
    expectClose(
      "gradient",
      gradient,
      expected.map(({ slope }) => slope / 5),
      tolerance.float64.op,
    )
  })

  test("is ln 2 where F is 0, with a slope of half a label", async () => {
    const { loss, gradient } = await outcome("logistic", vector(0, 0), vector(1, -1))
    expectClose("loss", [loss], [Math.LN2], tolerance.float64.op)
    expect(gradient).toEqual([-0.25, 0.25])
  })

  test("is the size of F where that is ten thousand and wrong, nothing where it is right", async () => {
    expect(await outcome("logistic", vector(1e4, 1e4), vector(-1, 1))).toEqual({ loss: 5000, gradient: [0.5, 0] })
  })
})

describe("softmax cross-entropy", () => {
  test("is the mean of -ln p of the right class, its gradient p less the right class, over n", async () => {
    const F = [
      [0.5, -1, 2],
      [0, 3, -0.25],
    ]
    const { loss, gradient } = await outcome("softmax-cross-entropy", tensor64([2, 3], F.flat()), labels(0, 2))
    const p = F.map((row) => row.map((each) => Math.exp(each) / row.reduce((sum, other) => sum + Math.exp(other), 0)))
    expectClose("loss", [loss], [-(Math.log(p[0]![0]!) + Math.log(p[1]![2]!)) / 2], tolerance.float64.op)
    expectClose(
      "gradient",
      gradient,
      p.flatMap((row, i) => row.map((each, k) => (each - (k === [0, 2][i] ? 1 : 0)) / 2)),
      tolerance.float64.op,
    )
  })

  test("is the logistic loss of the difference where there are two classes", async () => {
    const [classes, margins] = [
      await outcome("softmax-cross-entropy", tensor64([3, 2], [1, -1, 0.5, 3, -7, 2]), labels(0, 0, 1)),
      await outcome("logistic", vector(2, -2.5, -9), vector(1, 1, -1)),
    ]
    expectClose("loss", [classes.loss], [margins.loss], tolerance.float64.op)
    expectClose(
      "gradient",
      classes.gradient.filter((_, i) => i % 2 === 0),
      margins.gradient,
      tolerance.float64.op,
    )
  })

  test("is ln of the number of classes at a tie, which pulls all of them alike", async () => {
    const { loss, gradient } = await outcome("softmax-cross-entropy", tensor64([1, 4], [2, 2, 2, 2]), labels(3))
    expectClose("loss", [loss], [Math.log(4)], tolerance.float64.op)
    expectClose("gradient", gradient, [0.25, 0.25, 0.25, -0.75], tolerance.float64.op)
  })

  test("does not overflow at ten thousand, nor where two of them tie", async () => {
    expect(await outcome("softmax-cross-entropy", tensor64([2, 2], [1e4, 0, -1e4, 0]), labels(1, 1))).toEqual({
      loss: 5000,
      gradient: [0.5, -0.5, 0, 0],
    })
    const { loss, gradient } = await outcome("softmax-cross-entropy", tensor64([1, 3], [1e4, 1e4, -1e4]), labels(0))
    expectClose("loss", [loss], [Math.LN2], tolerance.float64.op)
    expect(gradient).toEqual([-0.5, 0.5, 0])
  })

  test("takes class numbers of any type", async () => {
    const F = tensor64([2, 3], [0.5, -1, 2, 0, 3, -0.25])
    const expected = await outcome("softmax-cross-entropy", F, labels(1, 2))
    for (const data of [Uint8Array.of(1, 2), Float64Array.of(1, 2)])
      expect(await outcome("softmax-cross-entropy", F, { shape: [2], data })).toEqual(expected)
  })
})

const signs = () => tf.tensor1d([1, -1, -1, 1, 1])

test("every loss and its gradient are the same on every road", async () => {
  await compareRoads("hinge", (F) => losses.hinge(F!, signs()), [tensor64([5], [0.5, 0.7, -3, 2, 0.1])])
  await compareRoads("square", (F, y) => losses.square(F!, y!), [filled(1, [4, 3]), filled(2, [4, 3])])
  await compareRoads("logistic", (F) => losses.logistic(F!, signs()), [filled(3, [5], -6, 6)])
  await compareRoads("softmax", (F) => losses["softmax-cross-entropy"](F!, tf.tensor1d([2, 0, 1, 1], "int32")), [
    filled(4, [4, 3], -6, 6),
  ])
})

const two = (...values: ReadonlyArray<number>): Tensor => tensor64([values.length / 2, 2], values)

describe("categorical cross-entropy", () => {
  test("weighs each class as its label says, and its gradient is what the classes get beyond that", async () => {
    const { loss, gradient } = await outcome("categorical-cross-entropy", two(0, Math.log(3), 1, 1), two(1, 0, 0.5, 2))
    expectClose("loss", [loss], [(Math.log(4) + 2.5 * Math.LN2) / 2], tolerance.float64.op)
    expectClose("gradient", gradient, [-0.375, 0.375, 0.375, -0.375], tolerance.float64.op)
  })

  test("has no loss and no gradient with one output, however large the outputs and the labels", async () => {
    expect(await outcome("categorical-cross-entropy", vector(3, -1e4, 1e4), labels(9, 1, 0))).toEqual({
      loss: 0,
      gradient: [0, 0, 0],
    })
  })
})
