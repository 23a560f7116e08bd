// The wide residual net of Geiger et al. in NTK parametrisation, for images (n, side, side, channels): a convolution to
// 16 channels, three stages of (depth - 4) / 6 blocks with 16 k, 32 k and 64 k channels, the scaled ReLU, the average
// over the image, a dense layer. A block is cos(45°) shortcut + sin(45°) conv(relu(conv(relu(x)))); its filters are 3 x
// 3 with a pad of 1. The first block of the second and the third stage has stride 2, in its second convolution. If the
// shape changes, the shortcut is a 1 x 1 convolution of x itself, before any ReLU. No batch norm; weights are standard
// normal, biases zero. Layer names: `in`, `${stage}.${block}.a`, `.b` and `.cut`, `out`.
// Source: Geiger et al. 2019, section 5; Zagoruyko and Komodakis 2016 with the changes of Geiger et al.'s program.
import type { Net } from "../architecture.ts"
import type { Layers, Linear } from "../layers.ts"
import type { Model } from "../model.ts"
import { standardNormal, zeros } from "../distribution.ts"
import { arraysOf } from "./draw.ts"

interface Block {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly stride: number
}

const FIRST = 16

const blocksOf = (depth: number, widening: number): ReadonlyArray<Block> => {
  const channels = [FIRST, ...[1, 2, 4].map((factor) => FIRST * factor * widening)]
  return channels.slice(1).flatMap((to, stage) =>
    Array.from({ length: (depth - 4) / 6 }, (_, block) => ({
      name: `${stage}.${block}`,
      from: block === 0 ? channels[stage]! : to,
      to,
      stride: block === 0 && stage > 0 ? 2 : 1,
    })),
  )
}

const reshapes = ({ from, to, stride }: Block): boolean => from !== to || stride !== 1

const linear = (name: string, fanIn: number): Linear => ({ name, scale: 1 / Math.sqrt(fanIn), bias: true })

const pass = <T>(layers: Layers<T>, block: Block, x: T): T => {
  const { name, from, to, stride } = block
  const inner = layers.conv(linear(`${name}.a`, 9 * from), layers.activate("relu", x), { stride: 1, pad: 1 })
  const made = layers.conv(linear(`${name}.b`, 9 * to), layers.activate("relu", inner), { stride, pad: 1 })
  const cut = reshapes(block) ? layers.conv(linear(`${name}.cut`, from), x, { stride, pad: 0 }) : x
  return layers.add(layers.scale(Math.SQRT1_2, cut), layers.scale(Math.SQRT1_2, made))
}

const arrays = (name: string, ...shape: ReadonlyArray<number>) => arraysOf(name, shape, standardNormal, zeros)

export const wideResnet = ({ channels, depth, widening, outputs }: Net<"wide-resnet">): Model => {
  const blocks = blocksOf(depth, widening)
  const last = blocks.at(-1)!.to
  return {
    width: widening,
    weights: Object.fromEntries([
      ...arrays("in", 3, 3, channels, FIRST),
      ...blocks.flatMap((block) => [
        ...arrays(`${block.name}.a`, 3, 3, block.from, block.to),
        ...arrays(`${block.name}.b`, 3, 3, block.to, block.to),
        ...(reshapes(block) ? arrays(`${block.name}.cut`, 1, 1, block.from, block.to) : []),
      ]),
      ...arrays("out", last, outputs),
    ]),
    apply: (layers, x) => {
      const first = layers.conv(linear("in", 9 * channels), x, { stride: 1, pad: 1 })
      const passed = layers.activate(
        "relu",
        blocks.reduce((z, block) => pass(layers, block, z), first),
      )
      return layers.dense(linear("out", last), layers.average(passed))
    },
  }
}
