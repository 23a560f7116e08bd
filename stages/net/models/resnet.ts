// ResNet-18 in its form for small images, without batch norm, for images (n, side, side, channels): a 3 x 3 convolution
// and a ReLU, four stages of two blocks with base k channels times 1, 2, 4 and 8, the average over the image, a dense
// layer. A block is relu(conv(relu(conv(x))) + shortcut); its filters are 3 x 3 with a pad of 1. The first block of
// every stage but the first has stride 2 in its first convolution, and a 1 x 1 convolution as its shortcut. Standard
// parametrisation; weights are Xavier normal, biases zero. Layer names: `in`, `${stage}.${block}.a`, `.b` and `.cut`,
// `out`.
// Source: Chizat et al. 2019, table 1; He et al. 2016.
import type { Net } from "../architecture.ts"
import type { Layers, Linear } from "../layers.ts"
import type { Model } from "../model.ts"
import { type Distribution, zeros } from "../distribution.ts"
import { arraysOf } from "./draw.ts"

interface Block {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly stride: number
}

const blocksOf = (first: number): ReadonlyArray<Block> => {
  const channels = [first, first, 2 * first, 4 * first, 8 * first]
  return channels.slice(1).flatMap((to, stage) => [
    { name: `${stage}.0`, from: channels[stage]!, to, stride: stage === 0 ? 1 : 2 },
    { name: `${stage}.1`, from: to, to, stride: 1 },
  ])
}

const linear = (name: string): Linear => ({ name, scale: 1, bias: true })

const pass = <T>(layers: Layers<T>, { name, stride }: Block, x: T): T => {
  const inner = layers.activate("plain-relu", layers.conv(linear(`${name}.a`), x, { stride, pad: 1 }))
  const made = layers.conv(linear(`${name}.b`), inner, { stride: 1, pad: 1 })
  const cut = stride === 1 ? x : layers.conv(linear(`${name}.cut`), x, { stride, pad: 0 })
  return layers.activate("plain-relu", layers.add(cut, made))
}

export const resnet = ({ channels, base, widening, outputs, gain }: Net<"resnet">): Model => {
  const width = base * widening
  const blocks = blocksOf(width)
  const xavier: Distribution = { kind: "xavier-normal", gain }
  const arrays = (name: string, ...shape: ReadonlyArray<number>) => arraysOf(name, shape, xavier, zeros)
  return {
    width,
    weights: Object.fromEntries([
      ...arrays("in", 3, 3, channels, width),
      ...blocks.flatMap(({ name, from, to, stride }) => [
        ...arrays(`${name}.a`, 3, 3, from, to),
        ...arrays(`${name}.b`, 3, 3, to, to),
        ...(stride === 1 ? [] : arrays(`${name}.cut`, 1, 1, from, to)),
      ]),
      ...arrays("out", 8 * width, outputs),
    ]),
    apply: (layers, x) => {
      const first = layers.activate("plain-relu", layers.conv(linear("in"), x, { stride: 1, pad: 1 }))
      return layers.dense(linear("out"), layers.average(blocks.reduce((z, block) => pass(layers, block, z), first)))
    },
  }
}
