// Two tables for windows: which pixel each tap of a window reads at each position, and which positions read a pixel.
// Everything with windows (convolutions, pools) uses these tables: values gather by the first, gradients by the second,
// so no gradient scatters. A pixel is a row of channels; images are (batch, height * width, channels). Knows nothing
// about products or maxima.
import { backend_util } from "@tensorflow/tfjs-core"
import { Refusal } from "../error.ts"
import type { Graph, Value } from "../graph.ts"
import { expand, reshape, scalar } from "./build.ts"
import { OUTSIDE, join, pick } from "./layout.ts"

/** Sizes, strides, dilations and padding, as TF.js computes them. */
export type Window = backend_util.Conv2DInfo

const span = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)
const at = (y: number, x: number, height: number, width: number): number =>
  y < 0 || y >= height || x < 0 || x >= width ? OUTSIDE : y * width + x

/** The number of taps: height times width of the kernel. */
export const taps = (w: Window): number => w.filterHeight * w.filterWidth
export const positions = (w: Window): number => w.outHeight * w.outWidth

/** The images of a 4-D value, as rows of channels. */
export const rows = (graph: Graph, x: Value): Value =>
  reshape(graph, x, [x.shape[0]!, x.shape[1]! * x.shape[2]!, x.shape[3]!])

/** For each position and then each tap: the pixel that the tap reads, or OUTSIDE in the padding. */
export const reads = (w: Window): ReadonlyArray<number> =>
  span(w.outHeight).flatMap((oy) =>
    span(w.outWidth).flatMap((ox) =>
      span(w.filterHeight).flatMap((ky) =>
        span(w.filterWidth).map((kx) =>
          at(
            oy * w.strideHeight + ky * w.dilationHeight - w.padInfo.top,
            ox * w.strideWidth + kx * w.dilationWidth - w.padInfo.left,
            w.inHeight,
            w.inWidth,
          ),
        ),
      ),
    ),
  )

/** (n, positions, taps, channels): the values that each tap reads, and `beyond` in the padding. */
export const patches = (graph: Graph, pixels: Value, w: Window, beyond = 0): Value => {
  const [n, , channels] = pixels.shape as readonly [number, number, number]
  return reshape(graph, pick(graph, pixels, 1, reads(w), beyond), [n, positions(w), taps(w), channels])
}

/**
 * One kind of pixels: those that the same taps reach. With stride s there are s * s kinds; with stride 1 there is one.
 */
export interface Reach {
  readonly pixels: ReadonlyArray<number>
  readonly taps: ReadonlyArray<number>
  /** For each pixel and then each tap: the position that reads the pixel, or OUTSIDE. */
  readonly sources: ReadonlyArray<number>
}

/** The taps that reach pixels with this remainder modulo the stride, along one axis. */
const reaching = (pixel: number, kernel: number, dilation: number, stride: number): ReadonlyArray<number> =>
  span(kernel).filter((k) => (pixel - k * dilation) % stride === 0)

const reached = (w: Window): ReadonlyArray<Reach> =>
  span(Math.min(w.strideHeight, w.inHeight)).flatMap((y0) =>
    span(Math.min(w.strideWidth, w.inWidth)).map((x0) => {
      const [top, left] = [w.padInfo.top, w.padInfo.left]
      const ys = span(w.inHeight).filter((y) => y % w.strideHeight === y0)
      const xs = span(w.inWidth).filter((x) => x % w.strideWidth === x0)
      const kys = reaching(y0 + top, w.filterHeight, w.dilationHeight, w.strideHeight)
      const kxs = reaching(x0 + left, w.filterWidth, w.dilationWidth, w.strideWidth)
      const source = (y: number, x: number, ky: number, kx: number): number =>
        at(
          (y + top - ky * w.dilationHeight) / w.strideHeight,
          (x + left - kx * w.dilationWidth) / w.strideWidth,
          w.outHeight,
          w.outWidth,
        )
      return {
        pixels: ys.flatMap((y) => xs.map((x) => y * w.inWidth + x)),
        taps: kys.flatMap((ky) => kxs.map((kx) => ky * w.filterWidth + kx)),
        sources: ys.flatMap((y) => xs.flatMap((x) => kys.flatMap((ky) => kxs.map((kx) => source(y, x, ky, kx))))),
      }
    }),
  )

/**
 * The image (n, height, width, channels), put together from its kinds of pixels. `make` gives the pixels of each kind
 * as (n, pixels, channels).
 */
export const assemble = (graph: Graph, w: Window, channels: number, make: (reach: Reach) => Value): Value => {
  const kinds = reached(w)
  const parts = kinds.map((kind) =>
    kind.taps.length > 0 ? make(kind) : expand(graph, scalar(graph, 0), [w.batchSize, kind.pixels.length, channels]),
  )
  const order = new Map(kinds.flatMap(({ pixels }) => pixels).map((pixel, i) => [pixel, i]))
  const pixels = pick(
    graph,
    join(graph, parts, 1),
    1,
    span(w.inHeight * w.inWidth).map((pixel) => order.get(pixel)!),
  )
  return reshape(graph, pixels, [w.batchSize, w.inHeight, w.inWidth, channels])
}

/** The padding that the last window needs after the last pixel; negative if no window reads the pixels at the end. */
export const after = (w: Window): readonly [number, number] => [
  (w.outHeight - 1) * w.strideHeight + w.effectiveFilterHeight - w.inHeight - w.padInfo.top,
  (w.outWidth - 1) * w.strideWidth + w.effectiveFilterWidth - w.inWidth - w.padInfo.left,
]

/** The padding in ONNX' order of sides. */
export const pads = (w: Window): ReadonlyArray<number> => [
  w.padInfo.top,
  w.padInfo.left,
  ...after(w).map((n) => Math.max(0, n)),
]

/** Whether ONNX Conv can be used: it has no float64, and it must read exactly these pixels. */
export const direct = (graph: Graph, w: Window): boolean =>
  graph.dtype === "float32" && w.batchSize > 0 && after(w)[0] > -w.strideHeight && after(w)[1] > -w.strideWidth

/** Throws a Refusal for a data format that has no lowering, and for images without channels. */
export const assertChannels = (dataFormat: string | undefined, shape: ReadonlyArray<number>): void => {
  if (shape[3] === 0) throw new Refusal("Shape", `images of [${shape.join()}] have no channels`)
  if (dataFormat === "NCHW") throw new Refusal("UnknownOp", "data format NCHW is not lowered: transpose to NHWC")
}
