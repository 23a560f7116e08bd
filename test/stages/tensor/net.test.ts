// A fully connected net of the kind the experiments train, value and gradient: float64 against central differences
// and float32 against TF.js.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensor } from "../../../pipeline/stage.ts"
import { constant } from "../../../stages/tensor/constant.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { filled, tensor64 } from "./roads.ts"

const [L, d, h, n] = [5, 4, 8, 12]
const BETA = 5
const fan = (layer: number): number => (layer === 0 ? d : h)
const names = Array.from({ length: L + 1 }, (_, l) => [`w${l}`, `b${l}`]).flat()

const activate = (u: tf.Tensor): tf.Tensor => tf.mul(tf.softplus(tf.mul(u, BETA)), constant(1.40438 / BETA))

/** f(w, x), of shape (n, 1), with weights scaled by 1 / sqrt(fan in). */
const network = (x: tf.Tensor, weights: ReadonlyArray<tf.Tensor>): tf.Tensor => {
  let z = x
  for (let l = 0; l <= L; l++) {
    const u = tf.add(tf.mul(tf.matMul(z, weights[2 * l]!), constant(1 / Math.sqrt(fan(l)))), weights[2 * l + 1]!)
    z = l < L ? activate(u) : u
  }
  return z
}

/** The mean of a smooth loss, so that differences mean something, and its gradient by every weight. */
const step = (given: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
  const loss = (...weights: tf.Tensor[]): tf.Scalar =>
    tf.mean(tf.softplus(tf.sub(1, tf.mul(network(given["x"]!, weights), given["y"]!))))
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => given[name]!))
  return { loss: value, ...Object.fromEntries(grads.map((g, i) => [`d${names[i]}`, g])) }
}

const inputs: Readonly<Record<string, Tensor>> = {
  x: filled(41, [n, d]),
  y: tensor64([n, 1], filled(42, [n]).data.map(Math.sign)),
  ...Object.fromEntries(
    names.map((name, i) => {
      const width = i >= 2 * L ? 1 : h
      return [name, filled(43 + i, i % 2 ? [width] : [fan(i / 2), width])]
    }),
  ),
}

const f64 = jit("net", step, { dtype: "float64" })

test("the float64 gradient of a net of five hidden layers is the slope of its loss in every weight", async () => {
  const made = await f64(inputs)
  for (const name of names) {
    const { shape, data } = inputs[name]!
    const slope = Float64Array.from(data)
    for (const i of data.keys()) {
      const at = async (change: number): Promise<number> =>
        (await f64({ ...inputs, [name]: tensor64(shape, data.with(i, data[i]! + change)) }))["loss"]!.data[0]!
      slope[i] = ((await at(1e-5)) - (await at(-1e-5))) / 2e-5
    }
    expectClose(name, made[`d${name}`]!.data, slope, tolerance.float64.differences)
  }
})

test("float32 agrees with TF.js and with float64 in the loss and every gradient", async () => {
  const exact = await f64(inputs)
  const single = await jit("net", step, { dtype: "float32" })(inputs)
  const eager = await jit("net", step, { dtype: "float32", backend: "cpu" })(inputs)
  for (const key of Object.keys(exact)) {
    expectClose(`${key}: TF.js`, single[key]!.data, eager[key]!.data, tolerance.float32.net, 1e-3)
    expectClose(`${key}: float64`, single[key]!.data, exact[key]!.data, tolerance.float32.net, 1e-3)
  }
})

test("the same inputs give the same bits, however often", async () => {
  const first = await f64(inputs)
  for (let i = 0; i < 3; i++) expect(await f64(inputs)).toEqual(first)
})
