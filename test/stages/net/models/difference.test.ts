// How each net changes with its weights: the change carried through the layers against the difference of two outputs,
// its first order against the limit of small changes and against the gradient.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import { changeOf, preactivations as seenIn } from "../../../../stages/net/difference.ts"
import { groupOf, grouped } from "../../../../stages/net/group.ts"
import { type Model, type Weights, part } from "../../../../stages/net/model.ts"
import type { Linear } from "../../../../stages/net/layers.ts"
import { forward, values } from "../../../../stages/net/forward.ts"
import { type Dtype, jit } from "../../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../../support/tolerance.ts"
import { gaussian, gaussians, prepared, small } from "./nets.ts"

interface Case {
  readonly model: Model
  readonly weights: Tensors
  readonly dw: Tensors
  readonly x: Tensor
}

const caseOf = (name: keyof typeof small, deviation: number): Case => {
  const made = prepared(name, 3)
  return { ...made, dw: part(made.model, "trained", gaussians(3, made.model, deviation)) }
}

const change = async (
  method: "direct" | "difference" | "tangent",
  { model, weights, dw, x }: Case,
  dtype: Dtype = "float64",
): Promise<Float64Array> => {
  const fn = jit(
    method,
    (arrays) => ({ f: changeOf(model, method, groupOf("w", arrays), groupOf("d", arrays), arrays["x"]!) }),
    { dtype },
  )
  return Float64Array.from((await fn({ x, ...grouped("w", weights), ...grouped("d", dw) }))["f"]!.data)
}

/** The gradient of c . made(at) by `at`, along `along`. */
const slope = async (
  made: (at: Weights, w0: Weights, x: tf.Tensor) => tf.Tensor,
  at: Tensors,
  along: Tensors,
  { weights, x }: Case,
  c: Tensor,
): Promise<number> => {
  const names = Object.keys(at)
  const fn = jit(
    "slope",
    (arrays) => {
      const loss = (...places: Array<tf.Tensor>): tf.Tensor => {
        const f = made(
          Object.fromEntries(names.map((name, i) => [name, places[i]!])),
          groupOf("w", arrays),
          arrays["x"]!,
        )
        return tf.sum(tf.mul(tf.reshape(f, [-1]), arrays["c"]!))
      }
      const gradients = tf.grads(loss)(names.map((name) => arrays[`at.${name}`]!))
      return {
        s: gradients.map((g, i) => tf.sum(tf.mul(g, arrays[`along.${names[i]!}`]!))).reduce((a, b) => tf.add(a, b)),
      }
    },
    { dtype: "float64" },
  )
  return (await fn({ x, c, ...grouped("w", weights), ...grouped("at", at), ...grouped("along", along) }))["s"]!.data[0]!
}

/** What comes out of each layer with weights, one after the other, by the layer's name. */
const preactivations = async ({ model, weights, x }: Case): Promise<Tensors> => {
  const fn = jit(
    "preactivations",
    (arrays) => {
      const plain = values(groupOf("w", arrays))
      const found: { [layer: string]: tf.Tensor } = {}
      const told = ({ name }: Linear, u: tf.Tensor): tf.Tensor => (found[name] = u)
      model.apply(
        {
          ...plain,
          dense: (layer, z) => told(layer, plain.dense(layer, z)),
          conv: (layer, z, geometry) => told(layer, plain.conv(layer, z, geometry)),
        },
        arrays["x"]!,
      )
      return found
    },
    { dtype: "float64" },
  )
  return fn({ x, ...grouped("w", weights) })
}

const combined = (a: Tensors, factor: number, b: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(b).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float64Array.from(data, (value, k) => (a[name]?.data[k] ?? 0) + factor * value) },
    ]),
  )

for (const name of Object.keys(small) as Array<keyof typeof small>) {
  test(`${name}: the carried change is the difference of two outputs`, async () => {
    const net = caseOf(name, 0.1)
    const direct = await change("direct", net)
    expectClose("change", await change("difference", net), direct, tolerance.float64.net)
    expect(Math.max(...direct.map(Math.abs))).toBeGreaterThan(0.01)
  })

  test(`${name}: float32 carries a change of one millionth to its own precision`, async () => {
    const net = caseOf(name, 1e-6)
    const exact = await change("difference", net)
    expectClose("change", await change("difference", net, "float32"), exact, tolerance.float32.net, 0)
  })

  test(`${name}: first order is the limit of small changes, and what the gradient says`, async () => {
    const net = caseOf(name, 1)
    const step = 1e-6
    const [forth, back] = [
      await change("direct", { ...net, dw: combined({}, step, net.dw) }),
      await change("direct", { ...net, dw: combined({}, -step, net.dw) }),
    ]
    const limit = forth.map((value, k) => (value - back[k]!) / (2 * step))
    const tangent = await change("tangent", net)
    expectClose("tangent", tangent, limit, tolerance.float64.differences)

    const c = gaussian(4, "c", [limit.length])
    const at = part(net.model, "trained", net.weights)
    const gradient = await slope((w, frozen, x) => forward(net.model, { ...frozen, ...w }, x), at, net.dw, net, c)
    expectClose(
      "gradient",
      [gradient],
      [tangent.reduce((sum, value, k) => sum + value * c.data[k]!, 0)],
      tolerance.float64.net,
    )
  })

  test(`${name}: a carried change has the gradient of the net it leads to`, async () => {
    const net = caseOf(name, 0.1)
    const c = gaussian(4, "c", [(await change("tangent", net)).length])
    const carried = await slope((dw, w0, x) => changeOf(net.model, "difference", w0, dw, x), net.dw, net.dw, net, c)
    const there = await slope(
      (w, frozen, x) => forward(net.model, { ...frozen, ...w }, x),
      combined(net.weights, 1, net.dw),
      net.dw,
      net,
      c,
    )
    expectClose("gradient", [carried], [there], tolerance.float64.net)
  })

  test(
    `${name}: its layers answer to a change of the weights as to the limit of small ones, frozen layers not at ` +
      "all",
    async () => {
      const net = caseOf(name, 1)
      const { model, weights, dw, x } = net
      const changes = async (order: "exact" | "first"): Promise<Tensors> => {
        const fn = jit(
          "moved",
          (arrays) =>
            Object.fromEntries(
              Object.entries(seenIn(model, order, groupOf("w", arrays), groupOf("d", arrays), arrays["x"]!)).map(
                ([layer, { change }]) => [layer, change],
              ),
            ) as Record<string, tf.Tensor>,
          { dtype: "float64" },
        )
        return fn({ x, ...grouped("w", weights), ...grouped("d", dw) })
      }
      const moved = await changes("first")
      const [there, here] = [
        await preactivations({ ...net, weights: { ...weights, ...combined(weights, 1, dw) } }),
        await preactivations(net),
      ]
      for (const [layer, { data }] of Object.entries(await changes("exact")))
        expectClose(
          layer,
          data,
          Float64Array.from(data, (_, k) => there[layer]!.data[k]! - here[layer]!.data[k]!),
          tolerance.float64.net,
        )
      const step = 1e-6
      const [forth, back] = [
        await preactivations({ ...net, weights: { ...weights, ...combined(weights, step, dw) } }),
        await preactivations({ ...net, weights: { ...weights, ...combined(weights, -step, dw) } }),
      ]
      expect(Object.keys(moved).toSorted()).toEqual(
        Object.keys(weights)
          .filter((array) => array.startsWith("W"))
          .map((array) => array.slice(1))
          .toSorted(),
      )
      for (const [layer, { shape, data }] of Object.entries(moved)) {
        expect(shape).toEqual(forth[layer]!.shape)
        expectClose(
          layer,
          data,
          Float64Array.from(data, (_, k) => (forth[layer]!.data[k]! - back[layer]!.data[k]!) / (2 * step)),
          tolerance.float64.differences,
        )
        expect(data.every((value) => value === 0)).toBe(model.weights[`W${layer}`]!.frozen === true)
      }
    },
  )
}
