// Convolutions in the blocked layout of ONNX Runtime (NCHWc): channels in blocks as wide as a vector register, blocks
// before pixels. Its kernels are written for weights that are constants, but take any; here the weights are put in
// their order inside the graph. Images come as (n, height, width, channels) and leave so. Only float32 has these
// kernels, and only processors whose block of channels is known (channel-block.ts).
import { type Graph, NCHWC, type Value } from "../graph.ts"
import { integers, reshape, scalar } from "./build.ts"
import { cut, permute, pick, total } from "./layout.ts"
import { type Window, direct, pads, taps } from "./window.ts"

type Shape4 = readonly [number, number, number, number]

/** Up to so many positions, the kernel's own padding costs less than a padded copy. */
const FEW_POSITIONS = 25

/** Whether a convolution can be computed in blocks. */
export const inBlocks = (graph: Graph, w: Window): boolean => {
  if (!direct(graph, w)) return false
  graph.wantsBlocks = true
  return graph.channelBlock !== undefined
}

const whole = (graph: Graph, channels: number): number =>
  Math.ceil(channels / graph.channelBlock!) * graph.channelBlock!

/** Whether at most a quarter of the blocks for so many channels is left empty. */
export const fillsBlocks = (graph: Graph, channels: number): boolean => 4 * channels >= 3 * whole(graph, channels)

/** `x` padded with zeros to this shape; `before` gives the number of zeros in front of each axis. */
const filled = (
  graph: Graph,
  x: Value,
  shape: ReadonlyArray<number>,
  before: ReadonlyArray<number> = shape.map(() => 0),
): Value => {
  const behind = shape.map((length, axis) => length - before[axis]! - x.shape[axis]!)
  if ([...before, ...behind].every((count) => count === 0)) return x
  const sides = integers(graph, [...before, ...behind])
  return graph.node("Pad", [x, sides, scalar(graph, 0, x.element)], { shape, element: x.element })
}

/** Images, with channels as their last axis or as their second, in blocks; zeros fill the last block. */
const toBlocks = (graph: Graph, x: Value, last = true): Value => {
  const [n, height, width, channels] = (last ? x.shape : [0, 2, 3, 1].map((axis) => x.shape[axis]!)) as Shape4
  const shape = [n, whole(graph, channels), height, width]
  // ONNX Runtime takes channels in fours only.
  const fours = Math.ceil(channels / 4) * 4
  const given = last ? filled(graph, x, [n, height, width, fours]) : filled(graph, x, [n, fours, height, width])
  return graph.node(
    `${NCHWC}.ReorderInput`,
    [given],
    { shape, element: x.element },
    { channels_last: { i: last ? 1 : 0 } },
  )
}

const fromBlocks = (graph: Graph, y: Value, channels: number): Value => {
  const [n, , height, width] = y.shape as Shape4
  return graph.node(
    `${NCHWC}.ReorderOutput`,
    [y],
    { shape: [n, height, width, channels], element: y.element },
    { channels: { i: channels }, channels_last: { i: 1 } },
  )
}

/** What a convolution does along height and width. */
interface Moves {
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  readonly pads: ReadonlyArray<number>
}

const movesOf = (w: Window): Moves => ({
  strides: [w.strideHeight, w.strideWidth],
  dilations: [w.dilationHeight, w.dilationWidth],
  pads: pads(w),
})

/** The convolution of blocks with a filter in its blocked order, whose shape is (out, in / group, height, width). */
const convolved = (graph: Graph, x: Value, filter: Value, moves: Moves, group = 1): Value => {
  const [out, , ...kernel] = filter.shape as Shape4
  const size = kernel.map((k, i) => {
    const padded = x.shape[2 + i]! + moves.pads[i]! + moves.pads[2 + i]!
    return Math.floor((padded - (k - 1) * moves.dilations[i]! - 1) / moves.strides[i]!) + 1
  })
  return graph.node(
    `${NCHWC}.Conv`,
    [x, filter],
    { shape: [x.shape[0]!, out, ...size], element: x.element },
    {
      group: { i: group },
      kernel_shape: { ints: kernel },
      strides: { ints: moves.strides },
      dilations: { ints: moves.dilations },
      pads: { ints: moves.pads },
    },
  )
}

/** A filter (height, width, in, out) in the order that `convolved` takes; `swapped` exchanges in and out. */
const blockedFilter = (graph: Graph, filter: Value, swapped = false): Value => {
  const [height, width, first, second] = filter.shape as Shape4
  const block = graph.channelBlock!
  const [inputs, outputs] = swapped ? [second, first] : [first, second]
  const out = whole(graph, outputs)
  // Fewer inputs than a block stay as they are, since the kernel for them takes images channel by channel.
  const few = inputs < block
  const ins = few ? inputs : whole(graph, inputs)
  const full = filled(graph, filter, swapped ? [height, width, out, ins] : [height, width, ins, out])
  const [insIn, outIn] = [few ? [ins, 1] : [ins / block, block], [out / block, block]]
  const parts = reshape(graph, full, [height, width, ...(swapped ? [...outIn, ...insIn] : [...insIn, ...outIn])])
  const turned = permute(graph, parts, swapped ? [2, 4, 0, 1, 5, 3] : [4, 2, 0, 1, 3, 5])
  return reshape(graph, turned, [out, ins, height, width])
}

const images = (graph: Graph, x: Value): Value =>
  x.shape[3]! < graph.channelBlock! ? permute(graph, x, [0, 3, 1, 2]) : toBlocks(graph, x)

export const convolve = (graph: Graph, x: Value, filter: Value, w: Window): Value =>
  fromBlocks(graph, convolved(graph, images(graph, x), blockedFilter(graph, filter), movesOf(w)), w.outChannels)

/** A depthwise filter (height, width, channels, 1) in the order that `convolved` takes. */
const blockedDepthwise = (graph: Graph, filter: Value): Value => {
  const [height, width, channels] = filter.shape as Shape4
  const [all, block] = [whole(graph, channels), graph.channelBlock!]
  const full = filled(graph, reshape(graph, filter, [height * width, channels]), [height * width, all])
  const turned = permute(graph, reshape(graph, full, [height * width, all / block, block]), [1, 0, 2])
  return reshape(graph, turned, [all, 1, height, width])
}

export const convolveDepthwise = (graph: Graph, x: Value, filter: Value, w: Window): Value => {
  const y = convolved(
    graph,
    toBlocks(graph, x),
    blockedDepthwise(graph, filter),
    movesOf(w),
    whole(graph, w.inChannels),
  )
  return fromBlocks(graph, y, w.inChannels)
}

/**
 * The gradient by the images is a convolution of dy, with zeros between its pixels, by the filter turned by half a
 * turn. Gives dy and what that convolution does.
 */
const backwards = (graph: Graph, dy: Value, w: Window): { readonly spread: Value; readonly moves: Moves } => {
  const [n, height, width, channels] = dy.shape as Shape4
  const [down, right] = [w.strideHeight, w.strideWidth]
  const apart = reshape(graph, dy, [n, height, 1, width, 1, channels])
  const spread = reshape(graph, filled(graph, apart, [n, height, down, width, right, channels]), [
    n,
    height * down,
    width * right,
    channels,
  ])
  const before = [w.effectiveFilterHeight - 1 - w.padInfo.top, w.effectiveFilterWidth - 1 - w.padInfo.left]
  const behind = [w.inHeight + w.padInfo.top - height * down, w.inWidth + w.padInfo.left - width * right]
  const kept = behind.reduce(
    (image, most, axis) => cut(graph, image, axis + 1, 0, image.shape[axis + 1]! + Math.min(0, most)),
    spread,
  )
  return {
    spread: kept,
    moves: {
      strides: [1, 1],
      dilations: [w.dilationHeight, w.dilationWidth],
      pads: [...before, ...behind.map((most) => Math.max(0, most))],
    },
  }
}

/** Whether no pixel of the padding lies farther out than the filter reaches. */
const reachesBack = (w: Window): boolean =>
  w.padInfo.top < w.effectiveFilterHeight && w.padInfo.left < w.effectiveFilterWidth

/** Whether the gradient by the images can be computed in blocks. */
export const inBlocksBackwards = (graph: Graph, w: Window): boolean => inBlocks(graph, w) && reachesBack(w)

/** The taps of a filter, the last first. */
const turnedBy = (graph: Graph, filter: Value): Value => {
  const [height, width, ...channels] = filter.shape as Shape4
  const rows = reshape(graph, filter, [height * width, ...channels])
  const order = Array.from({ length: height * width }, (_, tap) => height * width - 1 - tap)
  return reshape(graph, pick(graph, rows, 0, order), filter.shape)
}

export const inputGradient = (graph: Graph, dy: Value, filter: Value, w: Window): Value => {
  const { spread, moves } = backwards(graph, dy, w)
  const turned = blockedFilter(graph, turnedBy(graph, filter), true)
  return fromBlocks(graph, convolved(graph, images(graph, spread), turned, moves), w.inChannels)
}

export const inputGradientDepthwise = (graph: Graph, dy: Value, filter: Value, w: Window): Value => {
  const { spread, moves } = backwards(graph, dy, w)
  const turned = blockedDepthwise(graph, turnedBy(graph, filter))
  const x = convolved(graph, toBlocks(graph, spread), turned, moves, whole(graph, w.inChannels))
  return fromBlocks(graph, x, w.inChannels)
}

/**
 * The gradient by a filter is a convolution by dy; strides and dilations change places. The result may be larger than
 * the filter.
 */
const byGradients = (w: Window): Moves => ({
  strides: [w.dilationHeight, w.dilationWidth],
  dilations: [w.strideHeight, w.strideWidth],
  pads: pads(w),
})

/** The images, taken as channels of C images, convolved with the gradients dy. */
export const filterGradient = (graph: Graph, x: Value, dy: Value, w: Window): Value => {
  const block = graph.channelBlock!
  const [n, height, width, outputs] = dy.shape as Shape4
  const [all, out] = [whole(graph, n), whole(graph, outputs)]
  const moves = byGradients(w)
  const [top, left, bottom, right] = moves.pads as Shape4
  // The kernel takes positions whose taps reach into padding one by one. On larger images a copy with zeros costs less.
  const copied = w.outHeight * w.outWidth > FEW_POSITIONS
  const channels = copied
    ? filled(graph, x, [all, w.inHeight + top + bottom, w.inWidth + left + right, w.inChannels], [0, top, left, 0])
    : filled(graph, x, [all, w.inHeight, w.inWidth, w.inChannels])
  const slopes = filled(graph, dy, [all, height, width, out])
  const parts = reshape(graph, slopes, [all / block, block, height, width, out / block, block])
  const kernel = reshape(graph, permute(graph, parts, [4, 0, 2, 3, 1, 5]), [out, all, height, width])
  // With the images last, as the other axes are, ONNX Runtime's Transpose takes eight times as long.
  const blocks = toBlocks(graph, permute(graph, channels, [3, 0, 1, 2]), false)
  const made = convolved(graph, blocks, kernel, copied ? { ...moves, pads: [0, 0, 0, 0] } : moves)
  const y = fromBlocks(graph, made, outputs)
  return permute(graph, cut(graph, cut(graph, y, 1, 0, w.filterHeight), 2, 0, w.filterWidth), [1, 2, 0, 3])
}

/** Every image and channel by itself, then the sum over images; in blocks, dy has the order of a filter already. */
export const filterGradientDepthwise = (graph: Graph, x: Value, dy: Value, w: Window): Value => {
  const [block, all] = [graph.channelBlock!, whole(graph, w.inChannels)]
  const group = w.batchSize * all
  const y = convolved(
    graph,
    reshape(graph, toBlocks(graph, x), [1, group, w.inHeight, w.inWidth]),
    reshape(graph, toBlocks(graph, dy), [group, 1, w.outHeight, w.outWidth]),
    byGradients(w),
    group,
  )
  const [, , height, width] = y.shape as Shape4
  const sums = total(graph, reshape(graph, y, [w.batchSize, all / block, height, width, block]), 0)
  const filter = cut(graph, cut(graph, sums, 1, 0, w.filterHeight), 2, 0, w.filterWidth)
  const rows = permute(graph, reshape(graph, filter, [all / block, taps(w), block]), [1, 0, 2])
  return reshape(graph, cut(graph, reshape(graph, rows, [taps(w), all]), 1, 0, w.inChannels), w.filterShape)
}
