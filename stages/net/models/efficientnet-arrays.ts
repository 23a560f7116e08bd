// The blocks and the arrays of EfficientNet-B0. Names, shapes and initial values are those of Keras. Knows nothing
// about the forward pass.
// Source: the same as in efficientnet.ts.
import { type Draw, type Weight, each, zero } from "../model.ts"

export interface Block {
  readonly name: string
  readonly expansion: number
  readonly kernel: number
  readonly stride: number
  readonly from: number
  readonly to: number
}

/** Number of channels of the first convolution and of the last. */
const STEM = 32
const TOP = 1280

/** For each group: expansion, kernel size, stride of its first block, output channels, number of blocks. */
const GROUPS = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const

export const BLOCKS: ReadonlyArray<Block> = GROUPS.flatMap(([expansion, kernel, stride, to, repeats], g) =>
  Array.from({ length: repeats }, (_, i) => ({
    name: `block${g + 1}${"abcd"[i]!}`,
    expansion,
    kernel,
    stride: i === 0 ? stride : 1,
    from: i > 0 ? to : (GROUPS[g - 1]?.[3] ?? STEM),
    to,
  })),
)

/** The blocks that have a shortcut. */
export const SHORTCUTS = BLOCKS.filter(({ from, to, stride }) => from === to && stride === 1)

/**
 * A truncated normal of variance 2 / fan out: numbers beyond two standard deviations are drawn again. The divisor
 * restores the variance that the truncation removes.
 */
const kernel = (fanOut: number): Draw => {
  const deviation = Math.sqrt(2 / fanOut) / 0.87962566103423978
  return each(({ normal }) => {
    for (;;) {
      const number = normal()
      if (Math.abs(number) < 2) return deviation * number
    }
  })
}
const one = each(() => 1)

type Arrays = ReadonlyArray<readonly [string, Weight]>

const norm = (name: string, channels: number): Arrays => {
  const shape = [channels]
  return [
    [`${name}/gamma`, { shape, draw: one }],
    [`${name}/beta`, { shape, draw: zero }],
    [`${name}/moving_mean`, { shape, draw: zero, frozen: true }],
    [`${name}/moving_variance`, { shape, draw: one, frozen: true }],
  ]
}

const conv = (name: string, side: number, from: number, to: number): Arrays => [
  [`${name}/kernel`, { shape: [side, side, from, to], draw: kernel(side * side * to) }],
]

const biased = (name: string, from: number, to: number): Arrays => [
  ...conv(name, 1, from, to),
  [`${name}/bias`, { shape: [to], draw: zero }],
]

const arraysOf = ({ name, expansion, kernel: side, from, to }: Block): Arrays => {
  const inner = from * expansion
  const squeezed = Math.floor(from / 4)
  return [
    ...(expansion === 1 ? [] : [...conv(`${name}_expand_conv`, 1, from, inner), ...norm(`${name}_expand_bn`, inner)]),
    [`${name}_dwconv/depthwise_kernel`, { shape: [side, side, inner, 1], draw: kernel(side * side) }],
    ...norm(`${name}_bn`, inner),
    ...biased(`${name}_se_reduce`, inner, squeezed),
    ...biased(`${name}_se_expand`, squeezed, inner),
    ...conv(`${name}_project_conv`, 1, inner, to),
    ...norm(`${name}_project_bn`, to),
  ]
}

/**
 * All arrays, for images of this many channels. The frozen arrays are those that Keras calls non-trainable: the moving
 * statistics and the normalisation.
 */
export const efficientNetArrays = (channels: number): Arrays => [
  ["normalization/mean", { shape: [channels], draw: zero, frozen: true }],
  ["normalization/variance", { shape: [channels], draw: one, frozen: true }],
  ["normalization/count", { shape: [], draw: zero, frozen: true }],
  ...conv("stem_conv", 3, channels, STEM),
  ...norm("stem_bn", STEM),
  ...BLOCKS.flatMap(arraysOf),
  ...conv("top_conv", 1, BLOCKS.at(-1)!.to, TOP),
  ...norm("top_bn", TOP),
]
