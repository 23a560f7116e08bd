// Small nets of every kind, with arrays in which nothing is zero, and their outputs.
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import type { Architecture } from "../../../../stages/net/architecture.ts"
import { modelOf } from "../../../../stages/net/model-of.ts"
import { groupOf, grouped } from "../../../../stages/net/group.ts"
import { type Model, initial } from "../../../../stages/net/model.ts"
import { forward } from "../../../../stages/net/forward.ts"
import { stream } from "../../../../stages/random.ts"
import { type Dtype, jit } from "../../../../stages/tensor/jit.ts"

/** Normal numbers that float32 holds exactly. */
export const gaussian = (seed: number, name: string, shape: ReadonlyArray<number>, deviation = 1): Tensor => {
  const { normal } = stream(seed, name)
  return {
    shape,
    data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(deviation * normal())),
  }
}

/** An array of that kind for each of the net's. */
export const gaussians = (seed: number, { weights }: Pick<Model, "weights">, deviation: number): Tensors =>
  Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, gaussian(seed, name, shape, deviation)]))

/** Initial weights with something added to every number, biases and copies included. */
export const stirred = (seed: number, model: Pick<Model, "weights">): Tensors => {
  const added = gaussians(seed, model, 0.1)
  return Object.fromEntries(
    Object.entries(initial(model, seed)).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float64Array.from(data, (value, k) => Math.fround(value + added[name]!.data[k]!)) },
    ]),
  )
}

/** Outputs of a net for points x. */
export const outputs = async (model: Model, weights: Tensors, x: Tensor, dtype: Dtype = "float64"): Promise<Tensor> => {
  const net = jit("net", (arrays) => ({ f: forward(model, groupOf("w", arrays), arrays["x"]!) }), { dtype })
  return (await net({ x, ...grouped("w", weights) }))["f"]!
}

export interface Small {
  readonly architecture: Architecture
  /** Of one point. */
  readonly point: ReadonlyArray<number>
}

const twoLayer = {
  kind: "two-layer",
  inputs: 3,
  width: 6,
  outputs: 2,
  activation: "tanh",
  scaling: "ntk",
  first: { kind: "normal", deviation: 1 },
  last: { kind: "normal", deviation: 1 },
  biases: { kind: "constant", value: 0 },
  doubled: false,
} as const

export const small = {
  cnn: { architecture: { kind: "cnn", channels: 2, filter: 5, width: 3 }, point: [24, 24, 2] },
  "cnn with small filters": { architecture: { kind: "cnn", channels: 1, filter: 3, width: 3 }, point: [9, 9, 1] },
  "wide-resnet": {
    architecture: { kind: "wide-resnet", channels: 2, depth: 16, widening: 1, outputs: 2 },
    point: [6, 6, 2],
  },
  vgg: {
    architecture: { kind: "vgg", side: 9, channels: 2, base: 2, widening: 1, outputs: 3, gain: 1.5 },
    point: [9, 9, 2],
  },
  resnet: {
    architecture: { kind: "resnet", channels: 2, base: 2, widening: 1, outputs: 3, gain: 1 },
    point: [9, 9, 2],
  },
  mlp: {
    architecture: {
      kind: "mlp",
      inputs: 3,
      hidden: [5, 4, 6],
      outputs: 2,
      activation: "plain-relu",
      weights: { kind: "pytorch" },
      biases: { kind: "pytorch" },
    },
    point: [3],
  },
  "survey-cnn": { architecture: { kind: "survey-cnn", side: 8, channels: 1, width: 3, outputs: 4 }, point: [8, 8, 1] },
  "two-layer": { architecture: twoLayer, point: [3] },
  doubled: { architecture: { ...twoLayer, activation: "relu", scaling: "mean-field", doubled: true }, point: [3] },
  "random-features": {
    architecture: { kind: "random-features", inputs: 3, width: 6, outputs: 2, activation: "plain-relu" },
    point: [3],
  },
  "tangent-features": {
    architecture: { kind: "tangent-features", inputs: 3, width: 6, activation: "plain-relu" },
    point: [3],
  },
} as const satisfies Readonly<Record<string, Small>>

/** A small net with all that a test of it needs. */
export const prepared = (
  name: keyof typeof small,
  count = 2,
): { readonly model: Model; readonly weights: Tensors; readonly x: Tensor } => {
  const { architecture, point } = small[name]
  const model = modelOf(architecture)
  return { model, weights: stirred(1, model), x: gaussian(2, name, [count, ...point]) }
}
