// Depthwise convolutions: each channel has its own filters, so a product of matrices gains nothing. In float32 they are
// computed in blocks of channels (blocked.ts) if each channel has one filter. Otherwise taps are multiplied and summed;
// in float32, ONNX Conv with one group per channel is twice as fast, except for the gradient of the filter.
// Channel c with multiplier m is output channel c * M + m. Knows nothing about ordinary convolutions.
import {
  type DepthwiseConv2dNativeAttrs,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  backend_util,
} from "@tensorflow/tfjs-core"
import type { Attributes, Graph, Value } from "../graph.ts"
import * as blocked from "./blocked.ts"
import { type Family, pointwise, reshape } from "./build.ts"
import { permute, pick, total } from "./layout.ts"
import { type Window, after, assemble, assertChannels, direct, pads, patches, positions, rows, taps } from "./window.ts"

const multiply = (graph: Graph, a: Value, b: Value): Value => pointwise(graph, "Mul", [a, b])
const multiplier = (w: Window): number => w.outChannels / w.inChannels

const convolve = (graph: Graph, x: Value, filter: Value, w: Window): Value => {
  const read = reshape(graph, patches(graph, rows(graph, x), w), [w.batchSize * positions(w), taps(w), w.inChannels, 1])
  const products = multiply(graph, read, reshape(graph, filter, [1, taps(w), w.inChannels, multiplier(w)]))
  return reshape(graph, total(graph, products, 1), w.outShape)
}

const filterGradient = (graph: Graph, x: Value, dy: Value, w: Window): Value => {
  const read = reshape(graph, patches(graph, rows(graph, x), w), [w.batchSize * positions(w), taps(w), w.inChannels, 1])
  const slopes = reshape(graph, dy, [w.batchSize * positions(w), 1, w.inChannels, multiplier(w)])
  return reshape(graph, total(graph, multiply(graph, read, slopes), 0), w.filterShape)
}

const inputGradient = (graph: Graph, dy: Value, filter: Value, w: Window): Value => {
  const slopes = rows(graph, dy)
  const weights = reshape(graph, filter, [taps(w), w.outChannels])
  return assemble(graph, w, w.inChannels, (reach) => {
    const read = reshape(graph, pick(graph, slopes, 1, reach.sources), [
      w.batchSize,
      reach.pixels.length,
      reach.taps.length,
      w.outChannels,
    ])
    const products = multiply(graph, read, pick(graph, weights, 0, reach.taps))
    return total(graph, reshape(graph, products, [...products.shape.slice(0, 3), w.inChannels, multiplier(w)]), 2, 4)
  })
}

const grouped = (
  graph: Graph,
  op: "Conv" | "ConvTranspose",
  x: Value,
  filter: Value,
  w: Window,
  shape: readonly [number, number, number],
  more: Attributes = {},
): Value => {
  const turned = reshape(graph, permute(graph, filter, [2, 3, 0, 1]), [w.outChannels, 1, w.filterHeight, w.filterWidth])
  const y = graph.node(
    op,
    [permute(graph, x, [0, 3, 1, 2]), turned],
    { shape: [w.batchSize, ...shape], element: x.element },
    {
      group: { i: w.inChannels },
      pads: { ints: pads(w) },
      strides: { ints: [w.strideHeight, w.strideWidth] },
      dilations: { ints: [w.dilationHeight, w.dilationWidth] },
      ...more,
    },
  )
  return permute(graph, y, [0, 2, 3, 1])
}

const convolveDirectly = (graph: Graph, x: Value, filter: Value, w: Window): Value =>
  grouped(graph, "Conv", x, filter, w, [w.outChannels, w.outHeight, w.outWidth])

/** Pixels at the end that no window reads are added as zeros. */
const inputGradientDirectly = (graph: Graph, dy: Value, filter: Value, w: Window): Value =>
  grouped(graph, "ConvTranspose", dy, filter, w, [w.inChannels, w.inHeight, w.inWidth], {
    output_padding: { ints: after(w).map((n) => Math.max(0, -n)) },
  })

type Given = Pick<DepthwiseConv2dNativeAttrs, "strides" | "pad" | "dilations" | "dimRoundingMode">
type Shape4 = [number, number, number, number]

const windowOf = (
  shape: ReadonlyArray<number>,
  filter: ReadonlyArray<number>,
  { strides, pad, dilations, dimRoundingMode }: Given,
): Window =>
  backend_util.computeConv2DInfo(
    [...shape] as Shape4,
    [...filter] as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  )

export const depthwise: Family = {
  DepthwiseConv2dNative: (
    graph: Graph,
    { x, filter }: { readonly x: Value; readonly filter: Value },
    attributes: DepthwiseConv2dNativeAttrs,
  ) => {
    assertChannels(attributes.dataFormat, x.shape)
    const w = windowOf(x.shape, filter.shape, attributes)
    if (multiplier(w) === 1 && blocked.inBlocks(graph, w)) return blocked.convolveDepthwise(graph, x, filter, w)
    return (direct(graph, w) ? convolveDirectly : convolve)(graph, x, filter, w)
  },
  DepthwiseConv2dNativeBackpropInput: (
    graph: Graph,
    { dy, filter }: { readonly dy: Value; readonly filter: Value },
    attributes: DepthwiseConv2dNativeBackpropInputAttrs,
  ) => {
    const w = windowOf(attributes.inputShape, filter.shape, attributes)
    if (multiplier(w) === 1 && blocked.inBlocksBackwards(graph, w))
      return blocked.inputGradientDepthwise(graph, dy, filter, w)
    return (direct(graph, w) ? inputGradientDirectly : inputGradient)(graph, dy, filter, w)
  },
  DepthwiseConv2dNativeBackpropFilter: (
    graph: Graph,
    { x, dy }: { readonly x: Value; readonly dy: Value },
    attributes: DepthwiseConv2dNativeBackpropFilterAttrs,
  ) => {
    const w = windowOf(x.shape, attributes.filterShape, attributes)
    const inBlocks = multiplier(w) === 1 && blocked.inBlocks(graph, w)
    return (inBlocks ? blocked.filterGradientDepthwise : filterGradient)(graph, x, dy, w)
  },
}
