// Optimisers under a list of gradients: against plain loops, against each other, and against TF.js' own.
import "@tensorflow/tfjs-backend-cpu"
import * as tf from "@tensorflow/tfjs-core"
import { Schema } from "effect"
import { describe, expect, test } from "vitest"
import { Optimizer } from "../../../../stages/dynamics/descend/optimizer-params.ts"
import { optimizerOf } from "../../../../stages/dynamics/descend/optimizer.ts"
import { iterate } from "../../../../stages/tensor/iterate.ts"
import type { Options } from "../../../../stages/tensor/jit.ts"
import type { Step } from "../../../../stages/tensor/step.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { filled, numbers, tensor64 } from "../../tensor/roads.ts"

const [size, most] = [12, 60]
// From 1e-9 to 100: beside the smallest ones no epsilon is negligible.
const gradients = tensor64(
  [most, size],
  numbers(1, most * size).map((each, i) => each * 10 ** ((i % size) - 9)),
)
const start = filled(2, [size])
const params = (of: typeof Optimizer.Encoded): Optimizer => Schema.decodeUnknownSync(Optimizer)(of)
const all = [
  { kind: "sgd" },
  { kind: "sgd", momentum: 0.9 },
  { kind: "adam-pytorch" },
  { kind: "adam-keras" },
  { kind: "adam-pytorch", beta1: 0, beta2: 0.9, epsilon: 1e-3 },
] as const

const rate = 0.0078125

/** What the weights have moved by after some steps, over the first rate; each rate is nine tenths of the one before. */
const moved = async (
  of: typeof Optimizer.Encoded,
  steps: number,
  options: Options = { dtype: "float64" },
): Promise<Float64Array> => {
  const { slots, step } = optimizerOf(params(of))
  const each: Step<string, "count" | "lr", "gradients", never> = ({ arrays: { w, ...carried }, scalars, fixed }, s) => {
    const count = s.add(scalars.count, 1)
    const g = tf.gather(fixed.gradients, tf.cast(s.float(scalars.count), "int32"))
    const left = step({
      w: w!,
      g,
      slots: carried,
      lr: s.float(scalars.lr),
      count: s.float(count),
    })
    return {
      arrays: { w: left.w, ...left.slots },
      scalars: { count, lr: s.mul(scalars.lr, 0.9) },
      more: s.less(count, most),
      row: {},
    }
  }
  // From zero, so that nothing but the movement is rounded.
  const zeros = tensor64([size], new Float64Array(size))
  const arrays = { w: zeros, ...Object.fromEntries(slots.map((name) => [name, zeros])) }
  const { state } = await iterate("optimise", each, options)(
    { arrays, scalars: { count: 0, lr: rate } },
    { gradients },
    steps,
  )
  return Float64Array.from(state.arrays["w"]!.data, (w) => w / rate)
}

/** The same as each would be written down for one weight. */
const plainly = (of: typeof Optimizer.Encoded, steps: number): Float64Array =>
  Float64Array.from({ length: size }, (_, k) => {
    const rule = params(of)
    let [w, m, v, lr] = [0, 0, 0, rate]
    for (let t = 1; t <= steps; t++) {
      const g = gradients.data[(t - 1) * size + k]!
      if (rule.kind === "sgd") {
        v = rule.momentum * v + g
        w -= lr * v
      } else {
        const { beta1, beta2, epsilon } = rule
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        if (rule.kind === "adam-pytorch")
          w -= (lr * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon)
        else w -= (((lr * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)) * m) / (Math.sqrt(v) + epsilon)
      }
      lr *= 0.9
    }
    return w / rate
  })

describe.each(all)("%o", (of) => {
  test.each([1, 2, most])("after %i steps is where plain loops are", async (steps) => {
    expectClose("movement", await moved(of, steps), plainly(of, steps), tolerance.float64.net)
  })

  test("keeps its digits in float32, from the first step on", async () => {
    for (const steps of [1, 2, 10, most])
      expectClose(
        `${steps} steps`,
        await moved(of, steps, { dtype: "float32" }),
        plainly(of, steps),
        tolerance.float32.op,
      )
  })

  test("does the same run by TF.js, step by step", async () => {
    expectClose(
      "movement",
      await moved(of, 10, { dtype: "float32", backend: "cpu" }),
      plainly(of, 10),
      tolerance.float32.op,
    )
  })
})

test("the first step of Adam is the rate, whatever the size of the gradient, down to where epsilon is", async () => {
  const first = await moved({ kind: "adam-pytorch", epsilon: 0 }, 1)
  expectClose("movement", first.map(Math.abs), new Float64Array(size).fill(1), tolerance.float64.op)
})

test("the two Adams differ by what epsilon is beside: without it they are one", async () => {
  expectClose(
    "without",
    await moved({ kind: "adam-keras", epsilon: 0 }, most),
    await moved({ kind: "adam-pytorch", epsilon: 0 }, most),
    tolerance.float64.net,
  )
  // Beside the uncorrected root of the first step, epsilon weighs as much as 1 / sqrt(1 - 0.999) of it does beside the
  // other.
  expectClose(
    "first step",
    await moved({ kind: "adam-keras", epsilon: 1e-7 }, 1),
    await moved({ kind: "adam-pytorch", epsilon: 1e-7 / Math.sqrt(1 - 0.999) }, 1),
    tolerance.float64.net,
  )
})

const own: ReadonlyArray<readonly [typeof Optimizer.Encoded, (lr: number) => tf.Optimizer]> = [
  [{ kind: "sgd" }, (lr) => tf.train.sgd(lr)],
  [{ kind: "sgd", momentum: 0.9 }, (lr) => tf.train.momentum(lr, 0.9)],
  [{ kind: "adam-pytorch", epsilon: 1e-6 }, (lr) => tf.train.adam(lr, 0.9, 0.999, 1e-6)],
]
test.each(own)("%o is TF.js' own optimiser, as far as that keeps its digits", async (of, make) => {
  const optimizer = optimizerOf(params(of))
  await tf.setBackend("cpu")
  const [ours, theirs] = tf.tidy(() => {
    const variable = tf.variable(tf.tensor1d(Float32Array.from(start.data)))
    const rule = make(rate)
    let w: tf.Tensor = tf.tensor1d(Float32Array.from(start.data))
    let slots: Readonly<Record<string, tf.Tensor>> = Object.fromEntries(
      optimizer.slots.map((name) => [name, tf.zerosLike(w)]),
    )
    for (let t = 1; t <= 30; t++) {
      const g = tf.tensor1d(Float32Array.from(gradients.data.subarray((t - 1) * size, t * size)))
      rule.applyGradients({ [variable.name]: g })
      ;({ w, slots } = optimizer.step({
        w,
        g,
        slots,
        lr: tf.scalar(rate),
        count: tf.scalar(t),
      }))
    }
    return [w.dataSync(), variable.dataSync()]
  })
  expectClose("weights", ours!, theirs!, agreement.ownOptimizer)
})

test("what is not said is as in PyTorch and Keras", () => {
  expect(
    [{ kind: "sgd" }, { kind: "adam-pytorch" }, { kind: "adam-keras", beta1: 0.5 }].map((of) =>
      Schema.decodeUnknownSync(Optimizer)(of),
    ),
  ).toEqual([
    { kind: "sgd", momentum: 0 },
    { kind: "adam-pytorch", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    { kind: "adam-keras", beta1: 0.5, beta2: 0.999, epsilon: 1e-7 },
  ])
})
