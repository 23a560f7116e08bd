// Layers in plain loops and float64, one point at a time, for the nets of these tests. Written from the definitions, so
// that they share nothing with stages/net.
import type { Tensor } from "../../../../pipeline/stage.ts"

export type Numbers = ArrayLike<number>

/** Row-major (height, width, channels). */
export interface Image {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly data: Float64Array
}

/** Image i of x (n, height, width, channels). */
export const imageOf = ({ shape: [, height = 0, width = 0, channels = 0], data }: Tensor, i: number): Image => {
  const size = height * width * channels
  return { height, width, channels, data: Float64Array.from(data.subarray(i * size, (i + 1) * size)) }
}

/** scale z W + B. */
export const dense = (
  z: Numbers,
  { shape: [fanIn = 0, fanOut = 0], data }: Tensor,
  scale = 1,
  B?: Tensor,
): Float64Array =>
  Float64Array.from({ length: fanOut }, (_, j) => {
    let sum = 0
    for (let i = 0; i < fanIn; i++) sum += z[i]! * data[i * fanOut + j]!
    return scale * sum + (B?.data[j] ?? 0)
  })

export interface Filter {
  readonly W: Tensor
  readonly B?: Tensor
  readonly scale?: number
  readonly stride?: number
  /** Zeros before and after, in both directions. */
  readonly pad?: readonly [before: number, after: number]
  /** Each channel by itself: W (side, side, channels, 1). */
  readonly depthwise?: boolean
}

/** scale times the sums of what lies under the filter W (side, side, channels, outputs), and B. */
export const conv = (
  z: Image,
  { W, B, scale = 1, stride = 1, pad: [before, after] = [0, 0], depthwise = false }: Filter,
): Image => {
  const [side, , from, to] = W.shape as [number, number, number, number]
  const channels = depthwise ? from : to
  const [height, width] = [z.height, z.width].map((n) => Math.floor((n + before + after - side) / stride) + 1) as [
    number,
    number,
  ]
  const data = new Float64Array(height * width * channels)
  for (let r = 0; r < height; r++)
    for (let c = 0; c < width; c++)
      for (let k = 0; k < channels; k++) {
        let sum = 0
        for (let i = 0; i < side; i++)
          for (let j = 0; j < side; j++) {
            const [row, column] = [r * stride + i - before, c * stride + j - before]
            if (row < 0 || row >= z.height || column < 0 || column >= z.width) continue
            const pixel = (row * z.width + column) * from
            const tap = (i * side + j) * from
            if (depthwise) sum += z.data[pixel + k]! * W.data[tap + k]!
            else for (let m = 0; m < from; m++) sum += z.data[pixel + m]! * W.data[(tap + m) * to + k]!
          }
        data[(r * width + c) * channels + k] = scale * sum + (B?.data[k] ?? 0)
      }
  return { height, width, channels, data }
}

export const maxPool = ({ height, width, channels, data }: Image, side: number): Image => {
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)]
  const pooled = new Float64Array(rows * columns * channels).fill(-Infinity)
  for (let r = 0; r < rows * side; r++)
    for (let c = 0; c < columns * side; c++)
      for (let k = 0; k < channels; k++) {
        const place = (Math.floor(r / side) * columns + Math.floor(c / side)) * channels + k
        pooled[place] = Math.max(pooled[place]!, data[(r * width + c) * channels + k]!)
      }
  return { height: rows, width: columns, channels, data: pooled }
}

/** Over the image: one number per channel. */
export const average = ({ height, width, channels, data }: Image): Float64Array => {
  const means = new Float64Array(channels)
  for (const [k, value] of data.entries()) means[k % channels]! += value / (height * width)
  return means
}

/** f of each number and the index of its channel. */
export const mapped = (z: Image, f: (value: number, channel: number) => number): Image => ({
  ...z,
  data: z.data.map((value, k) => f(value, k % z.channels)),
})

/** p a + q b. */
export const blend = (p: number, a: Image, q: number, b: Image): Image => ({
  ...a,
  data: a.data.map((value, k) => p * value + q * b.data[k]!),
})

export const relu = (u: number): number => Math.max(0, u)
/** The one that keeps a unit Gaussian's mean square at 1. */
export const scaledRelu = (u: number): number => Math.SQRT2 * Math.max(0, u)
