// Convolutions: which of three lowerings each takes. Most convolutions in float32 are computed in blocks of channels
// (blocked.ts). All others are products of matrices: one row per position, with the values that its taps read. The rows
// are made a few images at a time and used while they are still in the cache; ONNX Conv and ConvTranspose, joined
// slices, and all rows at once were slower on images of 13 to 28 pixels. Without blocks, images of fewer than four
// channels take ONNX Conv. Knows nothing about depthwise convolutions.
import {
  type Conv2DAttrs,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropInputAttrs,
  backend_util,
} from "@tensorflow/tfjs-core"
import type { Graph, Value } from "../graph.ts"
import { add } from "./arithmetic.ts"
import * as blocked from "./blocked.ts"
import { type Family, expand, reshape, scalar } from "./build.ts"
import { cut, join, permute, pick } from "./layout.ts"
import { type Window, after, assemble, assertChannels, direct, pads, positions, reads, rows, taps } from "./window.ts"

/** The rows of one lot of images take about this many bytes: half of a core's second-level cache. */
const CACHE = 2 ** 20
/** The largest number of lots: more nodes per convolution would cost more to compile than they save. */
const LOTS = 32

type Lot = readonly [from: number, to: number]

/** Splits the images into lots that fit into the cache, for `numbers` numbers an image. */
const lots = (graph: Graph, images: number, numbers: number): ReadonlyArray<Lot> => {
  const bytes = numbers * (graph.dtype === "float64" ? 8 : 4)
  const size = Math.max(1, Math.floor(CACHE / bytes), Math.ceil(images / LOTS))
  return Array.from({ length: Math.max(1, Math.ceil(images / size)) }, (_, i) => [
    i * size,
    Math.min(images, (i + 1) * size),
  ])
}

const product = (graph: Graph, a: Value, b: Value): Value =>
  graph.node(
    "Gemm",
    [a, b],
    { shape: [a.shape[0]!, b.shape[1]!], element: a.element },
    { transA: { i: 0 }, transB: { i: 0 } },
  )

const convolve = (graph: Graph, x: Value, filter: Value, w: Window): Value => {
  const pixels = rows(graph, x)
  const matrix = reshape(graph, filter, [taps(w) * w.inChannels, w.outChannels])
  const parts = lots(graph, w.batchSize, positions(w) * taps(w) * w.inChannels).map(([from, to]) => {
    const read = pick(graph, cut(graph, pixels, 0, from, to), 1, reads(w))
    return product(graph, reshape(graph, read, [(to - from) * positions(w), taps(w) * w.inChannels]), matrix)
  })
  return reshape(graph, join(graph, parts, 0), w.outShape)
}

/**
 * A product with a transposed left side is slow; transposing the rows while they are in the cache is fast. The rows are
 * picked with int64 indices, so that they are other nodes than the rows of the forward pass. Otherwise all rows of the
 * forward pass would stay in memory, at once, until the gradient is computed.
 */
const filterGradient = (graph: Graph, x: Value, dy: Value, w: Window): Value => {
  // ONNX reads a 0 in a shape as "unchanged".
  if (w.batchSize === 0) return expand(graph, scalar(graph, 0), w.filterShape)
  const pixels = rows(graph, x)
  const slopes = reshape(graph, dy, [w.batchSize * positions(w), w.outChannels])
  const depth = taps(w) * w.inChannels
  const parts = lots(graph, w.batchSize, positions(w) * depth).map(([from, to]) => {
    const size = (to - from) * positions(w)
    const read = pick(graph, cut(graph, pixels, 0, from, to), 1, reads(w), 0, "int64")
    // In three dimensions one axis moves, which ONNX Runtime does fast.
    const turned = permute(graph, reshape(graph, read, [size, taps(w), w.inChannels]), [1, 2, 0])
    return product(
      graph,
      reshape(graph, turned, [depth, size]),
      cut(graph, slopes, 0, from * positions(w), to * positions(w)),
    )
  })
  return reshape(
    graph,
    parts.reduce((a, b) => add(graph, a, b)),
    w.filterShape,
  )
}

/**
 * This is again a convolution: the row of a pixel holds the gradients at the positions that read the pixel, once per
 * tap.
 */
const inputGradient = (graph: Graph, dy: Value, filter: Value, w: Window): Value => {
  const slopes = rows(graph, dy)
  const turned = permute(graph, reshape(graph, filter, [taps(w), w.inChannels, w.outChannels]), [0, 2, 1])
  return assemble(graph, w, w.inChannels, (reach) => {
    const depth = reach.taps.length * w.outChannels
    const matrix = reshape(graph, pick(graph, turned, 0, reach.taps), [depth, w.inChannels])
    const parts = lots(graph, w.batchSize, reach.pixels.length * depth).map(([from, to]) => {
      const read = pick(graph, cut(graph, slopes, 0, from, to), 1, reach.sources)
      return product(graph, reshape(graph, read, [(to - from) * reach.pixels.length, depth]), matrix)
    })
    return reshape(graph, join(graph, parts, 0), [w.batchSize, reach.pixels.length, w.inChannels])
  })
}

/** Gathering pixels of one to three numbers is slow. ONNX Conv is fast there, but has no float64. */
const fewChannels = (graph: Graph, w: Window): boolean => w.inChannels < 4 && direct(graph, w)

/** A product of matrices with every pixel as a row. */
const pointwise = (w: Window): boolean =>
  taps(w) === 1 && w.strideHeight === 1 && w.strideWidth === 1 && positions(w) === w.inHeight * w.inWidth

const convolveDirectly = (graph: Graph, x: Value, filter: Value, w: Window): Value => {
  const y = graph.node(
    "Conv",
    [permute(graph, x, [0, 3, 1, 2]), permute(graph, filter, [3, 2, 0, 1])],
    { shape: [w.batchSize, w.outChannels, w.outHeight, w.outWidth], element: x.element },
    {
      strides: { ints: [w.strideHeight, w.strideWidth] },
      dilations: { ints: [w.dilationHeight, w.dilationWidth] },
      pads: { ints: pads(w) },
    },
  )
  return permute(graph, y, [0, 2, 3, 1])
}

/** A convolution of the images, taken as channels of C images, with the gradients dy as filters. */
const directFilterGradient = (graph: Graph, x: Value, dy: Value, w: Window): Value => {
  // Pixels at the end that no window reads would make the result larger than the filter.
  const [height, width] = after(w).map((n, i) => [w.filterHeight, w.filterWidth][i]! + Math.max(0, -n)) as [
    number,
    number,
  ]
  const y = graph.node(
    "Conv",
    [permute(graph, x, [3, 0, 1, 2]), permute(graph, dy, [3, 0, 1, 2])],
    { shape: [w.inChannels, w.outChannels, height, width], element: x.element },
    { strides: { ints: [1, 1] }, dilations: { ints: [w.strideHeight, w.strideWidth] }, pads: { ints: pads(w) } },
  )
  return permute(graph, cut(graph, cut(graph, y, 2, 0, w.filterHeight), 3, 0, w.filterWidth), [2, 3, 0, 1])
}

type Attributes = Pick<Conv2DAttrs, "strides" | "pad" | "dataFormat" | "dimRoundingMode">
type Shape4 = [number, number, number, number]

const windowOf = (
  shape: ReadonlyArray<number>,
  filter: ReadonlyArray<number>,
  dilations: number | [number, number],
  attributes: Attributes,
): Window => {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes
  assertChannels(dataFormat, shape)
  return backend_util.computeConv2DInfo(
    [...shape] as Shape4,
    [...filter] as Shape4,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  )
}

export const convolutions: Family = {
  Conv2D: (graph: Graph, { x, filter }: { readonly x: Value; readonly filter: Value }, attributes: Conv2DAttrs) => {
    const w = windowOf(x.shape, filter.shape, attributes.dilations, attributes)
    if (!pointwise(w) && blocked.inBlocks(graph, w)) return blocked.convolve(graph, x, filter, w)
    return fewChannels(graph, w) ? convolveDirectly(graph, x, filter, w) : convolve(graph, x, filter, w)
  },
  Conv2DBackpropInput: (
    graph: Graph,
    { dy, filter }: { readonly dy: Value; readonly filter: Value },
    attributes: Conv2DBackpropInputAttrs,
  ) => {
    const w = windowOf(attributes.inputShape, filter.shape, 1, attributes)
    // With strides, a block would mostly be multiplied by zeros.
    const inBlocks = !pointwise(w) && w.strideHeight * w.strideWidth === 1 && blocked.inBlocksBackwards(graph, w)
    return (inBlocks ? blocked.inputGradient : inputGradient)(graph, dy, filter, w)
  },
  Conv2DBackpropFilter: (
    graph: Graph,
    { x, dy }: { readonly x: Value; readonly dy: Value },
    attributes: Conv2DBackpropFilterAttrs,
  ) => {
    const w = windowOf(x.shape, attributes.filterShape, 1, attributes)
    const inBlocks = taps(w) > 1 && blocked.inBlocks(graph, w) && blocked.fillsBlocks(graph, w.batchSize)
    if (inBlocks) return blocked.filterGradient(graph, x, dy, w)
    return fewChannels(graph, w) ? directFilterGradient(graph, x, dy, w) : filterGradient(graph, x, dy, w)
  },
}
