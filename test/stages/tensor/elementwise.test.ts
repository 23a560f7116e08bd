// Elementwise functions of one number: against JavaScript's Math in float64, against TF.js in float32.
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { jit } from "../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { type Op, compareRoads, filled, numbers, tensor64 } from "./roads.ts"

interface Case {
  readonly op: (x: tf.Tensor) => tf.Tensor
  readonly reference: (x: number) => number
  /** Where it is defined and tame enough to be compared; outside of [-2, 2] only the value is. */
  readonly from?: number
  readonly to?: number
  /** Arguments below this size are left to another test: the reference itself, or its condition, is bad there. */
  readonly absolute?: boolean
}

const log1pExp = (u: number): number => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)))
const cases: Readonly<Record<string, Case>> = {
  neg: { op: tf.neg, reference: (x) => -x },
  abs: { op: tf.abs, reference: Math.abs },
  square: { op: tf.square, reference: (x) => x * x, from: -1e12, to: 1e12 },
  sqrt: { op: tf.sqrt, reference: Math.sqrt, from: 0.01, to: 1e30 },
  rsqrt: { op: tf.rsqrt, reference: (x) => 1 / Math.sqrt(x), from: 0.01, to: 1e30 },
  reciprocal: { op: tf.reciprocal, reference: (x) => 1 / x, from: 0.01, to: 1e30 },
  exp: { op: tf.exp, reference: Math.exp, from: -80, to: 80 },
  log: { op: tf.log, reference: Math.log, from: 0.01, to: 1e30, absolute: true },
  log1p: { op: tf.log1p, reference: Math.log1p, from: -0.9, to: 1e30 },
  expm1: { op: tf.expm1, reference: Math.expm1, from: -80, to: 80 },
  tanh: { op: tf.tanh, reference: Math.tanh, from: -30, to: 30 },
  sigmoid: { op: tf.sigmoid, reference: (x) => 1 / (1 + Math.exp(-x)), from: -30, to: 80 },
  softplus: { op: tf.softplus, reference: log1pExp, from: -1e3, to: 1e3, absolute: true },
  relu: { op: tf.relu, reference: (x) => Math.max(x, 0) },
  step: { op: (x) => tf.step(x), reference: (x) => (x > 0 ? 1 : 0) },
  sign: { op: tf.sign, reference: Math.sign },
  sin: { op: tf.sin, reference: Math.sin, from: -30, to: 30, absolute: true },
  cos: { op: tf.cos, reference: Math.cos, from: -30, to: 30, absolute: true },
  clipByValue: { op: (x) => tf.clipByValue(x, -0.5, 1), reference: (x) => Math.min(Math.max(x, -0.5), 1) },
}

/** Zero, tiny, ordinary and large arguments within the bounds, exact in float32. */
const argument = (from: number, to: number): fc.Arbitrary<number> =>
  fc
    .oneof(
      fc.constantFrom(0, 1e-10, -1e-10, 1e-4, -1e-4, 1, -1, from, to),
      fc.double({ min: from, max: to, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
    )
    .map(Math.fround)
    .filter((x) => x >= Math.fround(from) && x <= Math.fround(to))

const worst = (
  actual: ArrayLike<number>,
  xs: ReadonlyArray<number>,
  { reference, absolute = false }: Case,
  tiny: number,
): number =>
  Math.max(
    ...xs.map((x, i) => {
      const expected = reference(x)
      const error = Math.abs(actual[i]! - expected)
      return error === 0 ? 0 : error / Math.max(Math.abs(expected), absolute ? 1 : tiny)
    }),
  )

describe.each(Object.entries(cases))("%s", (name, given) => {
  const { op, from = -1e30, to = 1e30 } = given
  const fn = ({ x }: Record<"x", tf.Tensor>): Record<"y", tf.Tensor> => ({ y: op(x) })

  test("equals its definition for zero, tiny and large arguments in both dtypes", async () => {
    const f64 = jit(name, fn, { dtype: "float64" })
    const f32 = jit(name, fn, { dtype: "float32" })
    await fc.assert(
      fc.asyncProperty(fc.array(argument(from, to), { minLength: 17, maxLength: 17 }), async (xs) => {
        const x = tensor64([17], xs)
        expect(worst((await f64({ x })).y.data, xs, given, 1e-300)).toBeLessThanOrEqual(tolerance.float64.element)
        // Below 1e-37 float32 runs out of digits.
        expect(worst((await f32({ x })).y.data, xs, given, 1e-37)).toBeLessThanOrEqual(
          tolerance.float32.element * (name === "exp" || name === "expm1" ? 4 : 1),
        )
      }),
      { seed: 1, numRuns: 30 },
    )
  })

  test("has the value and gradient of TF.js, and the slope of its values", async () => {
    const tame = [Math.max(from, -2), Math.min(to, 2)] as const
    await compareRoads(name, op, [filled(3, [3, 4], ...tame)])
    await compareRoads(name, op, [filled(4, [], ...tame)])
  })
})

/** TF.js itself does not reduce the gradient of the last three over broadcast axes. */
const binary: Readonly<
  Record<
    string,
    { readonly op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor; readonly from?: number; readonly equalShapes?: true }
  >
> = {
  add: { op: tf.add },
  sub: { op: tf.sub },
  mul: { op: tf.mul },
  div: { op: tf.div, from: 0.5 },
  pow: { op: tf.pow, from: 0.5 },
  maximum: { op: tf.maximum, equalShapes: true },
  minimum: { op: tf.minimum, equalShapes: true },
  squaredDifference: { op: tf.squaredDifference, equalShapes: true },
}

/** Two shapes that broadcast: axes of one shape dropped from the left or set to 1. */
const shapes = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }), fc.nat(3), fc.nat(7), fc.boolean())
  .map(([full, dropped, mask, swap]) => {
    const other = full.slice(Math.min(dropped, full.length)).map((n, i) => ((mask >> i) & 1 ? 1 : n))
    return swap ? ([other, full] as const) : ([full, other] as const)
  })

test.each(Object.entries(binary))(
  "%s broadcasts, and so does its gradient, as in TF.js",
  async (name, { op, from = -2, equalShapes = false }) => {
    const both: Op = (a, b) => op(a!, b!)
    await fc.assert(
      fc.asyncProperty(shapes, async ([a, b]) => {
        await compareRoads(name, both, [filled(5, a, from, 2), filled(6, b, from, 2)], !equalShapes)
        if (equalShapes) await compareRoads(name, both, [filled(5, a, from, 2), filled(6, a, from, 2)])
      }),
      { seed: 2, numRuns: 6 },
    )
  },
)

test("softplus is accurate to one unit in the last place of max(1, value) for extreme arguments", async () => {
  const xs = [1e3, -1e3, 40, -40, 39.99, 36.7, 37.1, 1e-10, -1e-10, 0, 88, -88, 700, -700, 1e30, -1e30]
  for (const dtype of ["float32", "float64"] as const) {
    const { y, g } = await jit(
      "softplus",
      ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.softplus(x), g: tf.grad((x) => tf.softplus(x))(x) }),
      { dtype },
    )({ x: tensor64([xs.length], xs) })
    const eps = dtype === "float64" ? 2 ** -52 : 2 ** -23
    for (const [i, x] of xs.entries()) {
      expect(Math.abs(y.data[i]! - log1pExp(x)) / Math.max(1, log1pExp(x)), `softplus(${x})`).toBeLessThanOrEqual(eps)
      expect(Math.abs(g.data[i]! - 1 / (1 + Math.exp(-x))), `slope at ${x}`).toBeLessThanOrEqual(eps)
    }
  }
})

const curved: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  "tanh softplus": (x) => tf.mul(tf.tanh(x), tf.softplus(x)),
  exp: (x) => tf.exp(tf.mul(x, x)),
  sigmoid: (x) => tf.mul(x, tf.sigmoid(x)),
  pow: (x) => tf.pow(tf.add(tf.mul(x, x), 1), 1.5),
}

test.each(Object.entries(curved))("the second derivative of %s is the slope of the first", async (name, f) => {
  const slope = tf.grad(f)
  const first = jit(name, ({ x }: Record<"x", tf.Tensor>) => ({ y: slope(x) }), { dtype: "float64" })
  const second = jit(name, ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.grad(slope)(x) }), { dtype: "float64" })
  const xs = numbers(7, 9, -1, 1)
  const at = async (change: number): Promise<ArrayLike<number>> =>
    (
      await first({
        x: tensor64(
          [9],
          xs.map((x) => x + change),
        ),
      })
    ).y.data
  const [above, below, { y }] = [await at(1e-5), await at(-1e-5), await second({ x: tensor64([9], xs) })]
  expectClose(
    name,
    y.data,
    xs.map((_, i) => (above[i]! - below[i]!) / 2e-5),
    tolerance.float64.differences,
  )
})
