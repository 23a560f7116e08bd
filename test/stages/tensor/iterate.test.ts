// A step taken many times over in one graph: against calls of it one by one, cut in pieces, and run by TF.js.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensor } from "../../../pipeline/stage.ts"
import { iterate } from "../../../stages/tensor/iterate.ts"
import { type Dtype, type Options, jit } from "../../../stages/tensor/jit.ts"
import type { State, Step } from "../../../stages/tensor/step.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { filled, tensor64 } from "./roads.ts"

const start: State<"w", "lr"> = { arrays: { w: filled(1, [3, 4]) }, scalars: { lr: 0.1 } }
const fixed = { x: filled(2, [5, 3]), y: filled(3, [5, 4]) }

const lossOf = (w: tf.Tensor, { x, y }: { readonly x: tf.Tensor; readonly y: tf.Tensor }): tf.Scalar =>
  tf.mean(tf.squaredDifference(tf.tanh(tf.matMul(x, w)), y))

/** Gradient descent that undoes what raises the loss, and halves its rate then; until the rate is below 0.01. */
const descend: Step<"w", "lr", "x" | "y", "loss" | "rate"> = ({ arrays: { w }, scalars: { lr }, fixed }, s) => {
  const { value, grads } = tf.valueAndGrads((w: tf.Tensor) => lossOf(w, fixed))([w])
  const tried = tf.sub(w, tf.mul(s.float(lr), grads[0]!))
  const loss = s.read(lossOf(tried, fixed))
  const worse = s.less(s.read(value), loss)
  const rate = s.choose(worse, s.div(lr, 2), s.mul(lr, 1.5))
  return {
    arrays: { w: tf.where(s.bool(worse), w, tried) },
    scalars: { lr: rate },
    more: s.less(0.01, rate),
    row: { loss, rate },
  }
}

/** The same with one compiled call for each trip, and its decisions in JavaScript. */
const byCalls = async (trips: number, dtype: Dtype) => {
  const attempt = jit(
    "attempt",
    ({ w, lr, x, y }: Record<"w" | "lr" | "x" | "y", tf.Tensor>) => {
      const { value, grads } = tf.valueAndGrads((w: tf.Tensor) => lossOf(w, { x, y }))([w])
      const tried = tf.sub(w, tf.mul(lr, grads[0]!))
      return { tried, before: value, after: lossOf(tried, { x, y }) }
    },
    { dtype },
  )
  let [w, lr]: [Tensor, number] = [start.arrays.w, start.scalars.lr]
  const rates: Array<number> = []
  const losses: Array<number> = []
  while (rates.length < trips && lr > 0.01) {
    const { tried, before, after } = await attempt({ w, lr: tensor64([], [lr]), ...fixed })
    const worse = after.data[0]! > before.data[0]!
    w = worse ? w : tried
    lr = worse ? lr / 2 : lr * 1.5
    rates.push(lr)
    losses.push(after.data[0]!)
  }
  return { w, losses, rates }
}

for (const dtype of ["float64", "float32"] as const) {
  test(`in ${dtype} it decides and ends as calls one by one do`, async () => {
    const { state, rows, more } = await iterate("descend", descend, { dtype })(start, fixed, 60)
    const expected = await byCalls(60, dtype)
    expectClose("rates", rows.rate, expected.rates, 0)
    expectClose("losses", rows.loss, expected.losses, tolerance[dtype].net)
    expectClose("w", state.arrays.w.data, expected.w.data, tolerance[dtype].net)
    expect([state.scalars.lr, more]).toEqual([expected.rates.at(-1), true])
    expect(new Set(rows.rate.map((rate, i) => Math.round((rate / (rows.rate[i - 1] ?? 0.1)) * 10)))).toEqual(
      new Set([5, 15]),
    )
    expect(state.arrays.w.data).toBeInstanceOf(dtype === "float64" ? Float64Array : Float32Array)
  })
}

test("TF.js, step by step, comes to the same", async () => {
  const compiled = await iterate("descend", descend, { dtype: "float32" })(start, fixed, 20)
  const eager = await iterate("descend", descend, { dtype: "float32", backend: "cpu" })(start, fixed, 20)
  expectClose("rates", compiled.rows.rate, eager.rows.rate, 0)
  expectClose("losses", compiled.rows.loss, eager.rows.loss, tolerance.float32.net)
  expectClose("w", compiled.state.arrays.w.data, eager.state.arrays.w.data, tolerance.float32.net)
  expect(Object.keys(compiled.rows).sort()).toEqual(Object.keys(eager.rows).sort())
})

/** Powers of a half of a scalar that float32 cannot hold, next to an array that counts. */
const halve: Step<"n", "s", never, "s"> = ({ arrays: { n }, scalars: { s } }, m) => {
  const half = m.div(s, 2)
  return { arrays: { n: tf.add(n, m.float(half)) }, scalars: { s: half }, more: m.less(1e-45, half), row: { s: half } }
}
const tiny: State<"n", "s"> = { arrays: { n: tensor64([2], [0, 1]) }, scalars: { s: 1e-40 / 3 } }
const every: ReadonlyArray<Options> = [{ dtype: "float64" }, { dtype: "float32" }, { dtype: "float32", backend: "cpu" }]

test.each(every)("it stops where the step wants no other, with scalars in float64 throughout: %o", async (options) => {
  const { state, rows, more } = await iterate("halve", halve, options)(tiny, {}, 1000)
  const expected = Array.from({ length: 16 }, (_, i) => 1e-40 / 3 / 2 ** (i + 1))
  expect([Array.from(rows.s), state.scalars.s, more]).toEqual([expected.slice(0, rows.s.length), rows.s.at(-1), false])
  expect(rows.s.length).toBe(expected.findIndex((s) => s <= 1e-45) + 1)
})

test.each(every)("in pieces it takes the steps it takes in one go: %o", async (options) => {
  const f = iterate("halve", halve, options)
  const whole = await f(tiny, {}, 9)
  expect(whole.more).toBe(true)
  expect(whole.rows.s.length).toBe(9)
  const none = await f(tiny, {}, 0)
  expect([none.state.scalars, none.more, Array.from(none.state.arrays.n.data)]).toEqual([tiny.scalars, true, [0, 1]])
  const first = await f(none.state, {}, 4)
  const second = await f(first.state, {}, 5)
  expect(second.state).toEqual(whole.state)
  expect([...first.rows.s, ...second.rows.s]).toEqual(Array.from(whole.rows.s))
})

/** Hands its arrays round, one from outside among them, and counts in integers. */
const turn: Step<"a" | "b" | "i", "n" | "k", "c", "n"> = (
  { arrays: { a, b, i }, scalars: { n, k }, fixed: { c } },
  s,
) => ({
  arrays: { a: b, b: tf.where(s.bool(s.equal(n, 1)), c, a), i: tf.add(i, tf.scalar(1, "int32")) },
  scalars: { n: s.add(n, 1), k },
  more: s.equal(k, k),
  row: { n: k },
})

test("what is handed on unchanged, twice, or from outside comes through, integers too", async () => {
  const given: State<"a" | "b" | "i", "n" | "k"> = {
    arrays: { a: tensor64([2], [1, 2]), b: tensor64([2], [3, 4]), i: { shape: [1], data: Uint8Array.of(7) } },
    scalars: { n: 0, k: 0.1 },
  }
  for (const options of every) {
    const { state, rows } = await iterate("turn", turn, options)(given, { c: tensor64([2], [5, 6]) }, 3)
    expect([state.arrays.a, state.arrays.b].map(({ data }) => Array.from(data))).toEqual([
      [5, 6],
      [1, 2],
    ])
    expect(state.arrays.i).toEqual({ shape: [1], data: Int32Array.of(10) })
    expect([state.scalars, Array.from(rows.n)]).toEqual([{ n: 3, k: 0.1 }, [0.1, 0.1, 0.1]])
  }
})

const all: Step<never, "a" | "b", never, string> = ({ scalars: { a, b } }, s) => ({
  arrays: {},
  scalars: { a, b },
  more: s.and(s.less(a, b), s.not(s.equal(a, b))),
  row: {
    add: s.add(a, b),
    sub: s.sub(1, b),
    mul: s.mul(a, 0.1),
    div: s.div(a, b),
    pow: s.pow(a, b),
    choose: s.choose(s.less(b, a), a, s.sub(0, b)),
    read: s.read(s.float(0.5)),
  },
})

test("arithmetic on scalars is JavaScript's", async () => {
  const [a, b] = [0.7, 1.3]
  const expected = { add: a + b, sub: 1 - b, mul: a * 0.1, div: a / b, pow: a ** b, choose: -b, read: 0.5 }
  for (const options of every) {
    const { rows, more } = await iterate("all", all, options)({ arrays: {}, scalars: { a, b } }, {}, 1)
    expect([Object.fromEntries(Object.entries(rows).map(([name, [value]]) => [name, value])), more]).toEqual([
      expected,
      true,
    ])
  }
})

test("a step that cannot be taken again is refused, with its name and what is wrong", async () => {
  const wrong: ReadonlyArray<readonly [Step<"x", "n", never, never>, string, RegExp]> = [
    [
      ({ arrays: { x }, scalars }, s) => ({ arrays: { x: tf.concat([x, x]) }, scalars, more: s.less(0, 1), row: {} }),
      "Shape",
      /in grow.*takes the array x as float32\[2\], but gives it as float32\[4\]/,
    ],
    [
      ({ scalars }, s) => ({ arrays: {} as never, scalars, more: s.less(0, 1), row: {} }),
      "Shape",
      /in grow.*takes the arrays x, but gives /,
    ],
    [
      ({ arrays }, s) => ({ arrays, scalars: { n: s.read(arrays.x) }, more: s.less(0, 1), row: {} }),
      "Shape",
      /in grow.*read from one element, not from \[2\]/,
    ],
  ]
  for (const options of every) {
    for (const [step, reason, message] of wrong) {
      const refused = iterate("grow", step, options)({ arrays: { x: tensor64([2], [1, 2]) }, scalars: { n: 0 } }, {}, 3)
      await expect(refused).rejects.toMatchObject({
        _tag: "TensorError",
        reason,
        message: expect.stringMatching(message),
      })
    }
    await expect(iterate("halve", halve, options)(tiny, {}, -1)).rejects.toMatchObject({
      reason: "Shape",
      message: "in halve: -1 is not a number of trips",
    })
  }
})

const step: Step<"x", never, never, never> = ({ arrays: { x } }, s) => ({
  arrays: { x: tf.engine().runKernel("NoSuch", { x }) },
  scalars: {},
  more: s.less(0, 1),
  row: {},
})

test("an op without lowering is named, as with jit", async () => {
  await expect(
    iterate("step", step, { dtype: "float64" })({ arrays: { x: filled(1, [2]) }, scalars: {} }, {}, 1),
  ).rejects.toMatchObject({
    reason: "UnknownOp",
    message: expect.stringMatching(/in step at .*iterate\.test\.ts.*: op NoSuch has no lowering/),
  })
})
