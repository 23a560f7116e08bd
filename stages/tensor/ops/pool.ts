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
import { type Family, type Unary, cast, pointwise, reshape, scalar } from "./build.ts"
import { OUTSIDE, join, pick, total } from "./layout.ts"
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

/** For each tap the values that it reads (n, positions, channels); padding is below every pixel. */
const candidates = (graph: Graph, x: Value, w: Window): ReadonlyArray<Value> => {
  if (x.element !== graph.dtype) throw new Refusal("Dtype", `maxPool of ${x.element} is not lowered`)
  const read = reads(w)
  return Array.from({ length: taps(w) }, (_, tap) =>
    pick(
      graph,
      rows(graph, x),
      1,
      Array.from({ length: positions(w) }, (_, position) => read[position * taps(w) + tap]!),
      -Infinity,
    ),
  )
}

/** Two at a time: ONNX Runtime's Max of many values takes four times as long, and its ReduceMax too. */
const largest = (graph: Graph, values: ReadonlyArray<Value>): Value =>
  values.reduce((a, b) => pointwise(graph, "Max", [a, b]))

const maximum = (graph: Graph, x: Value, w: Window): Value =>
  reshape(graph, largest(graph, candidates(graph, x, w)), w.outShape)

/** dy where a tap has read the first maximum, else 0: for each tap (n, positions, channels). */
const shared = (graph: Graph, dy: Value, read: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const most = largest(graph, read)
  let before: Value | undefined
  return read.map((values) => {
    const equal = pointwise(graph, "Equal", [values, most], "bool")
    const first =
      before === undefined ? equal : pointwise(graph, "And", [equal, pointwise(graph, "Not", [before], "bool")], "bool")
    before = before === undefined ? equal : pointwise(graph, "Or", [before, equal], "bool")
    // A product takes half of the time of a Where. If dy is infinite, all taps get NaN.
    return pointwise(graph, "Mul", [cast(graph, first, dy.element), dy])
  })
}

const maximumGradient = (graph: Graph, dy: Value, x: Value, w: Window): Value => {
  const { batchSize: n, inChannels: channels } = w
  const count = positions(w)
  // Tap by tap, and position by position for each tap.
  const slopes = join(graph, shared(graph, rows(graph, dy), candidates(graph, x, w)), 1)
  const readers = readersOf(w)
  if (readers !== undefined) return reshape(graph, pick(graph, slopes, 1, readers), x.shape)
  return assemble(graph, w, channels, (reach) => {
    const at = reach.sources.map((position, i) =>
      position === OUTSIDE ? OUTSIDE : reach.taps[i % reach.taps.length]! * count + position,
    )
    return total(
      graph,
      reshape(graph, pick(graph, slopes, 1, at), [n, reach.pixels.length, reach.taps.length, channels]),
      2,
    )
  })
}

/** For each pixel the place of the tap and position that read it, or OUTSIDE; undefined if windows overlap. */
const readersOf = (w: Window): ReadonlyArray<number> | undefined => {
  const readers = Array.from({ length: w.inHeight * w.inWidth }, () => OUTSIDE)
  for (const [i, pixel] of reads(w).entries()) {
    if (pixel === OUTSIDE) continue
    if (readers[pixel] !== OUTSIDE) return undefined
    readers[pixel] = (i % taps(w)) * positions(w) + Math.floor(i / taps(w))
  }
  return readers
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
