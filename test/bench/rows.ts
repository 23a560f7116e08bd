// What is measured, against what, and what must be reached: row by row. Knows no clock.
import type { Architecture } from "../../stages/net/architecture.ts"
import type { Work } from "./works.ts"

/** A work of ours or a program of PyTorch's, and what it is given. */
export interface Program<Name> {
  readonly name: Name
  readonly params: object
}

export interface Row {
  readonly work: string
  readonly ours: Program<Work>
  /** `${name}.py`; without one the target is a time. */
  readonly peer?: Program<string>
  /** How many times the peer's speed; without a peer, seconds. */
  readonly target: number
  /** Multiplications and additions of the plain algorithm, forward and backward. */
  readonly flop?: number
}

const fc = (width: number): Extract<Architecture, { readonly kind: "fc" }> => ({
  kind: "fc",
  inputs: 10,
  depth: 5,
  width,
  activation: "softplus",
})

/** Forward, and twice as much backward, less the gradient by the inputs. */
const fcFlop = (
  n: number,
  { inputs: d, depth: L, width: h }: { readonly inputs: number; readonly depth: number; readonly width: number },
): number => 2 * n * (3 * (d * h + (L - 1) * h ** 2 + h) - d * h)

const moving = { decay: 0.999, dt: 1e-6 }

const fcStep = (n: number, width: number, target: number): Row => {
  const common = { model: fc(width), point: [10], n, alpha: 1 / Math.sqrt(width), dtype: "float32", ...moving }
  return {
    work: `FC step, n = ${n}, h = ${width}`,
    ours: { name: "step", params: { ...common, method: "direct" } },
    peer: { name: "step", params: common },
    target,
    flop: fcFlop(n, common.model),
  }
}

const lazyStep = (n: number, width: number, target: number): Row => {
  const common = { model: fc(width), point: [10], n, alpha: 1e5, ...moving }
  return {
    work: `lazy FC step, n = ${n}, h = ${width}`,
    ours: { name: "step", params: { ...common, method: "difference", dtype: "float32" } },
    peer: { name: "step", params: { ...common, dtype: "float64" } },
    target,
    flop: fcFlop(n, common.model),
  }
}

const kernel = (way: string, target: number): Row => {
  const [n, model] = [400, fc(400)]
  const common = { model, point: [10], n, dtype: "float64" }
  // Forward, half of the backward pass, and per layer two Gram products.
  const flop = fcFlop(n, model) * (2 / 3) + 2 * n ** 2 * (2 * model.depth * model.width + model.inputs)
  return {
    work: `tangent kernel, n = 400, h = 400, against ${way}`,
    ours: { name: "kernel", params: common },
    peer: { name: "kernel", params: { ...common, way } },
    target,
    flop,
  }
}

/** Of a convolution with 3 x 3 taps over `positions`, for one image. */
const convFlop = (positions: number, inputs: number, outputs: number): number => 2 * 9 * positions * inputs * outputs

/** The survey's CNN, between two sets of images, once and with what is compiled on the way. */
const surveyKernel = (width: number, n: number, m: number, target: number): Row => {
  const model = { kind: "survey-cnn", side: 28, channels: 1, width, outputs: 10 } as const
  const common = { model, point: [28, 28, 1], n, m, dtype: "float32" }
  const layers = [convFlop(26 ** 2, 1, width), convFlop(24 ** 2, width, width), convFlop(22 ** 2, width, width)]
  const all = layers.reduce((a, b) => a + b, 0)
  // Forward; for each output, backward through two layers, and the gradient of each weight.
  const tangents = all + model.outputs * (all - layers[0]! + all)
  const weights = 2 * (9 * width ** 2 + width) + 10 * width
  const inner = model.outputs * weights + 22 ** 2 * width + model.outputs ** 2
  return {
    work: `tangent kernel of the survey's CNN, ${width} channels, ${n} x ${m} images`,
    ours: { name: "kernel", params: common },
    peer: { name: "kernel_survey", params: common },
    target,
    flop: (n + m) * tangents + 2 * n * m * inner,
  }
}

/** A step of gradient descent with momentum on ten classes. */
const imageStep = (
  name: string,
  model: Extract<Architecture, { readonly kind: "vgg" | "resnet" }>,
  side: number,
  flop: number,
  target: number,
): Row => {
  const n = 100
  const optimizer = { kind: "sgd", momentum: 0.9 }
  const loss = "softmax-cross-entropy"
  const common = { model, point: [side, side, model.channels], n, loss, optimizer, rate: 1e-3, before: 0 }
  return {
    work: `${name} base ${model.base} step, ${side} x ${side}, n = ${n}`,
    ours: { name: "descend", params: common },
    peer: { name: "descend", params: common },
    target,
    flop: 3 * n * flop,
  }
}

/** Adam, one point at a time, after `epochs` epochs of a hundred points. */
const pointStep = (hidden: ReadonlyArray<number>, epochs: number, target: number): Row => {
  const n = 100
  const common = {
    model: {
      kind: "mlp",
      inputs: 10,
      hidden,
      outputs: 1,
      activation: "plain-relu",
      weights: { kind: "uniform", from: -0.05, to: 0.05 },
      biases: { kind: "constant", value: 0 },
    },
    point: [10],
    n,
    batch: 1,
    loss: "logistic",
    optimizer: { kind: "adam-pytorch", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    rate: 1e-3,
    before: epochs * n,
  }
  return {
    work: `Adam step, one point, 10-${hidden.join("-")}-1, after ${epochs} epochs`,
    ours: { name: "descend", params: common },
    peer: { name: "descend", params: common },
    target,
  }
}

/** Multiplications and additions of VGG-11 and ResNet-18, forward, for one image. */
const vggFlop = (side: number, k: number): number => {
  const sides = [side, side / 2, side / 4, side / 4, Math.floor(side / 8), Math.floor(side / 8), 1, 1]
  const channels = [1, k, 2 * k, 4 * k, 4 * k, 8 * k, 8 * k, 8 * k, 8 * k]
  return sides.reduce((sum, s, l) => sum + convFlop(s ** 2, channels[l]!, channels[l + 1]!), 0)
}
const resnetFlop = (side: number, k: number): number => {
  const sides = [side, Math.ceil(side / 2), Math.ceil(side / 4), Math.ceil(side / 8)]
  const stages = sides.map((s, i) => {
    const [from, to] = [k * 2 ** Math.max(0, i - 1), k * 2 ** i]
    const shortcut = i === 0 ? 0 : convFlop(s ** 2, from, to) / 9
    return convFlop(s ** 2, from, to) + 3 * convFlop(s ** 2, to, to) + shortcut
  })
  return stages.reduce((a, b) => a + b, convFlop(side ** 2, 1, k))
}

const cnnStep = (n: number, h: number, target: number): Row => {
  const common = { n, alpha: 1 / Math.sqrt(h), dtype: "float32", ...moving }
  const first = 13 ** 2 * 25 * h
  const others = (11 ** 2 + 5 ** 2 + 3 ** 2) * 25 * h ** 2
  return {
    work: `CNN step, n = ${n}, h = ${h}`,
    ours: {
      name: "step",
      params: {
        ...common,
        model: { kind: "cnn", channels: 1, filter: 5, width: h },
        point: [28, 28, 1],
        method: "direct",
      },
    },
    peer: { name: "step", params: { ...common, model: { kind: "cnn", width: h } } },
    target,
    flop: 2 * n * (2 * first + 3 * others),
  }
}

/** Tried and taken back steps included, the loss leaves 1 and comes to zero. */
const wholeRun = (problem: string): Row => {
  const common = { model: fc(50), problem, alpha: 1000 / Math.sqrt(50), mu: 1000, low: 1e-2, high: 2e-1 }
  return {
    work: "whole run, n = 400, h = 50, √h·α = 1000",
    ours: { name: "run", params: { ...common, method: "difference" } },
    peer: { name: "run", params: common },
    target: 4,
  }
}

/** What the whole run starts from, written to a file before anything is measured. */
export const problem = (file: string): Program<Work> => ({
  name: "problem",
  params: { model: fc(50), n: 400, problem: file },
})

export const peak: { readonly ours: Program<Work>; readonly peer: Program<string>; readonly flop: number } = {
  ours: { name: "peak", params: { size: 1536 } },
  peer: { name: "peak", params: { size: 1536 } },
  flop: 2 * 1536 ** 3,
}

const image = { channels: 1, widening: 1, outputs: 10, gain: 1 }

/** `file` is where the problem of the whole run is. */
export const rows = (file: string): ReadonlyArray<Row> => [
  fcStep(1000, 30, 2.5),
  fcStep(1000, 100, 2),
  fcStep(1000, 300, 1.4),
  fcStep(1000, 1000, 1),
  lazyStep(1000, 30, 2.5),
  lazyStep(1000, 100, 2.5),
  lazyStep(1000, 300, 2),
  lazyStep(1000, 1000, 1.4),
  wholeRun(file),
  kernel("point by point", 100),
  kernel("batched", 10),
  surveyKernel(64, 300, 1000, 1),
  cnnStep(64, 32, 0.75),
  imageStep("VGG-11", { kind: "vgg", side: 28, ...image, base: 16 }, 28, vggFlop(28, 16), 0.8),
  imageStep("ResNet-18", { kind: "resnet", ...image, base: 8 }, 14, resnetFlop(14, 8), 0.8),
  pointStep([3000, 300], 500, 1.5),
  {
    work: "EfficientNet-B0 step, 32 x 32, n = 40",
    ours: { name: "efficientnet", params: { n: 40, side: 32 } },
    peer: { name: "efficientnet", params: { n: 40, side: 32 } },
    target: 0.9,
    // torch.utils.flop_counter.FlopCounterMode of PyTorch 2.4.1 around the forward pass of efficientnet.py, three
    // times.
    flop: 3 * 768_367_360,
  },
  { work: "jit of 200 nodes", ours: { name: "compile", params: { nodes: 200 } }, target: 0.06 },
]
