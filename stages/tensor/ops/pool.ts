// Average and maximum over windows, and their gradients. Padding does not count: an average divides by the number of
// pixels inside the image. Of equal maxima the first, row by row, takes the whole gradient, as in TF.js.
import {
  type AvgPoolAttrs,
  type AvgPoolGradAttrs,
  type MaxPoolAttrs,
  type MaxPoolGradAttrs,
  backend_util,
} from "@tensorflow/tfjs-core"
import { Refusal } from "../error.ts"
import type { Graph, Value } from "../graph.ts"
import { type Family, type Unary, integers, pointwise, reshape, scalar } from "./build.ts"
import { OUTSIDE, pick, total } from "./layout.ts"
import { type Window, assemble, patches, positions, reads, rows, taps } from "./window.ts"

const windowOf = (x: Value, { filterSize, strides, pad, dimRoundingMode }: AvgPoolAttrs): Window =>
  backend_util.computePool2DInfo(
    [...x.shape] as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  )

/** 1 / (pixels in the window), of shape (positions, 1). */
const shares = (graph: Graph, w: Window): Value => {
  const read = reads(w)
  const counts = Array.from(
    { length: positions(w) },
    (_, p) => read.slice(p * taps(w), (p + 1) * taps(w)).filter((pixel) => pixel !== OUTSIDE).length,
  )
  if (counts.every((count) => count === taps(w))) return scalar(graph, 1 / taps(w))
  return graph.constant(
    counts.map((count) => 1 / count),
    { shape: [counts.length, 1], element: graph.dtype },
  )
}

const average = (graph: Graph, x: Value, w: Window): Value => {
  const sums = total(graph, patches(graph, rows(graph, x), w), 2)
  return reshape(graph, pointwise(graph, "Mul", [sums, shares(graph, w)]), w.outShape)
}

const averageGradient = (graph: Graph, dy: Value, w: Window): Value => {
  const slopes = pointwise(graph, "Mul", [rows(graph, dy), scalar(graph, 1 / taps(w))])
  return assemble(graph, w, w.inChannels, ({ pixels, taps, sources }) =>
    total(
      graph,
      reshape(graph, pick(graph, slopes, 1, sources), [w.batchSize, pixels.length, taps.length, w.inChannels]),
      2,
    ),
  )
}

/** The values that each tap reads; padding is below every pixel. */
const candidates = (graph: Graph, x: Value, w: Window): Value => {
  if (x.element !== graph.dtype) throw new Refusal("Dtype", `maxPool of ${x.element} is not lowered`)
  return patches(graph, rows(graph, x), w, -Infinity)
}

const maximum = (graph: Graph, x: Value, w: Window): Value => {
  const read = candidates(graph, x, w)
  const form = { shape: [w.batchSize, positions(w), w.inChannels], element: x.element }
  return reshape(graph, graph.node("ReduceMax", [read, integers(graph, [2])], form, { keepdims: { i: 0 } }), w.outShape)
}

const maximumGradient = (graph: Graph, dy: Value, x: Value, w: Window): Value => {
  const { batchSize: n, inChannels: channels } = w
  const first = graph.node(
    "ArgMax",
    [candidates(graph, x, w)],
    { shape: [n, positions(w), 1, channels], element: "int64" },
    { axis: { i: 2 }, keepdims: { i: 1 } },
  )
  const numbered = graph.constant(
    Array.from({ length: taps(w) }, (_, tap) => tap),
    { shape: [taps(w), 1], element: "int64" },
  )
  const taken = pointwise(graph, "Equal", [first, numbered], "bool")
  const slopes = pointwise(
    graph,
    "Where",
    [taken, reshape(graph, dy, [n, positions(w), 1, channels]), scalar(graph, 0)],
    dy.element,
  )
  const flat = reshape(graph, slopes, [n, positions(w) * taps(w), channels])
  return assemble(graph, w, channels, (reach) => {
    const at = reach.sources.map((position, i) =>
      position === OUTSIDE ? OUTSIDE : position * taps(w) + reach.taps[i % reach.taps.length]!,
    )
    return total(
      graph,
      reshape(graph, pick(graph, flat, 1, at), [n, reach.pixels.length, reach.taps.length, channels]),
      2,
    )
  })
}

export const pools: Family = {
  AvgPool: (graph: Graph, { x }: Unary, attributes: AvgPoolAttrs) => average(graph, x, windowOf(x, attributes)),
  /** Divides by all taps, as TF.js' kernel does. The gradient that calls this op corrects for it (see slopes.ts). */
  AvgPoolGrad: (
    graph: Graph,
    { dy, input }: { readonly dy: Value; readonly input: Value },
    attributes: AvgPoolGradAttrs,
  ) => averageGradient(graph, dy, windowOf(input, attributes)),
  MaxPool: (graph: Graph, { x }: Unary, attributes: MaxPoolAttrs) => maximum(graph, x, windowOf(x, attributes)),
  MaxPoolGrad: (
    graph: Graph,
    { dy, input }: { readonly dy: Value; readonly input: Value },
    attributes: MaxPoolGradAttrs,
  ) => maximumGradient(graph, dy, input, windowOf(input, attributes)),
}
