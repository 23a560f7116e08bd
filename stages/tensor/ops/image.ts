// Resizes images. Along each axis a pixel of the result lies between two pixels of the source. The coordinates are
// those of TF.js' kernels. The gradients respect halfPixelCenters too; TF.js' own gradients ignore it.
import type { ResizeBilinearAttrs, ResizeNearestNeighborAttrs } from "@tensorflow/tfjs-core"
import type { Graph, Value } from "../graph.ts"
import { type Family, pointwise, reshape } from "./build.ts"
import { pick } from "./layout.ts"

type Attributes = ResizeBilinearAttrs | ResizeNearestNeighborAttrs

/** For each pixel of the result along one axis: the source pixel `low` has weight 1 - part, `high` has weight part. */
interface Blend {
  readonly low: number
  readonly high: number
  readonly part: number
}
type Rule = (from: number, to: number, attributes: Attributes) => ReadonlyArray<Blend>

const places = (from: number, to: number, { alignCorners, halfPixelCenters }: Attributes): ReadonlyArray<number> => {
  const ratio = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to
  return Array.from({ length: to }, (_, i) => ratio * (halfPixelCenters ? i + 0.5 : i))
}

const linear: Rule = (from, to, attributes) =>
  places(from, to, attributes).map((place) => {
    const source = attributes.halfPixelCenters ? place - 0.5 : place
    const low = Math.max(0, Math.floor(source))
    return { low, high: Math.max(0, Math.min(from - 1, Math.ceil(source))), part: Math.max(0, source - low) }
  })

const nearest: Rule = (from, to, attributes) =>
  places(from, to, attributes).map((place) => {
    const low = Math.min(from - 1, attributes.alignCorners ? Math.round(place) : Math.floor(place))
    return { low, high: low, part: 0 }
  })

const AXES = [1, 2] as const

const resize =
  (rule: Rule) =>
  (graph: Graph, { images }: { readonly images: Value }, attributes: Attributes): Value =>
    AXES.reduce((x, axis) => {
      const blends = rule(images.shape[axis]!, attributes.size[axis - 1]!, attributes)
      const low = pick(
        graph,
        x,
        axis,
        blends.map((b) => b.low),
      )
      if (blends.every((b) => b.low === b.high || b.part === 0)) return low
      const high = pick(
        graph,
        x,
        axis,
        blends.map((b) => b.high),
      )
      const part = graph.constant(
        blends.map((b) => b.part),
        { shape: axis === 1 ? [blends.length, 1, 1] : [blends.length, 1], element: x.element },
      )
      return pointwise(graph, "Add", [low, pointwise(graph, "Mul", [pointwise(graph, "Sub", [high, low]), part])])
    }, images)

/** The gradient of a source pixel, by a matrix of weights (source, result) along each axis. */
const gradient =
  (rule: Rule) =>
  (graph: Graph, { images, dy }: { readonly images: Value; readonly dy: Value }, attributes: Attributes): Value => {
    const [n, height, width, channels] = images.shape as readonly [number, number, number, number]
    const weights = (from: number, to: number): Value => {
      const blends = rule(from, to, attributes)
      const matrix = Array.from({ length: from }, (_, source) =>
        blends.map(({ low, high, part }) => (source === low ? 1 - part : 0) + (source === high ? part : 0)),
      )
      return graph.constant(matrix.flat(), { shape: [from, to], element: graph.dtype })
    }
    const [rows, columns] = [dy.shape[1]!, dy.shape[2]!]
    const flat = reshape(graph, dy, [n, rows, columns * channels])
    const down = graph.node("MatMul", [weights(height, rows), flat], {
      shape: [n, height, columns * channels],
      element: dy.element,
    })
    const lines = reshape(graph, down, [n * height, columns, channels])
    const across = graph.node("MatMul", [weights(width, columns), lines], {
      shape: [n * height, width, channels],
      element: dy.element,
    })
    return reshape(graph, across, images.shape)
  }

export const images: Family = {
  ResizeBilinear: resize(linear),
  ResizeBilinearGrad: gradient(linear),
  ResizeNearestNeighbor: resize(nearest),
  ResizeNearestNeighborGrad: gradient(nearest),
}
