// Gradients that TF.js lacks, computes wrongly, or writes with constants that are only exact in float32. They are
// written with TF.js ops, so they work on every backend and have gradients themselves.
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "./constant.ts"
import { correct, gradientOf } from "./corrected.ts"
import { SELU_ALPHA, SELU_SCALE } from "./ops/activation.ts"
import { mirrored } from "./ops/rearrange.ts"

type Gradient = (
  dy: tf.Tensor,
  saved: ReadonlyArray<tf.Tensor>,
  attributes: tf.NamedAttrMap,
) => Readonly<Record<string, () => tf.Tensor>>

const register = (kernelName: string, inputsToSave: string[], gradient: Gradient): void =>
  correct({
    kernelName,
    inputsToSave,
    gradFunc: (dy, saved, attributes) => gradient(dy as tf.Tensor, saved, attributes),
  })

const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attributes)

/** Sums `x` over the axes that were broadcast from `shape`. */
const summedTo = (x: tf.Tensor, shape: number[]): tf.Tensor =>
  tf.reshape(tf.sum(x, tf.broadcast_util.getReductionAxes(shape, x.shape)), shape)

// TF.js refuses gradients of dilated convolutions. A dilated filter equals a larger filter with zeros between its taps.
type Pair = readonly [number, number]

const pairOf = (x: unknown): Pair => (Array.isArray(x) ? [x[0], x[1]] : [Number(x ?? 1), Number(x ?? 1)]) as Pair

const spread = (filter: tf.Tensor4D, [dy, dx]: Pair): tf.Tensor => {
  const [height, width, inputs, outputs] = filter.shape
  const padded = tf.pad(tf.reshape(filter, [height, 1, width, 1, inputs * outputs]), [
    [0, 0],
    [0, dy - 1],
    [0, 0],
    [0, dx - 1],
    [0, 0],
  ])
  return tf.slice(
    tf.reshape(padded, [height * dy, width * dx, inputs, outputs]),
    [0, 0, 0, 0],
    [(height - 1) * dy + 1, (width - 1) * dx + 1, inputs, outputs],
  )
}

const gathered = (
  slopes: tf.Tensor,
  [height, width, inputs, outputs]: tf.Tensor4D["shape"],
  [dy, dx]: Pair,
): tf.Tensor => {
  const padded = tf.pad(slopes, [
    [0, dy - 1],
    [0, dx - 1],
    [0, 0],
    [0, 0],
  ])
  const taps = tf.reshape(padded, [height, dy, width, dx, inputs * outputs])
  return tf.reshape(tf.slice(taps, [0, 0, 0, 0, 0], [height, 1, width, 1, inputs * outputs]), [
    height,
    width,
    inputs,
    outputs,
  ])
}

for (const kernelName of ["Conv2D", "DepthwiseConv2dNative"]) {
  const { gradFunc } = gradientOf(kernelName)
  register(kernelName, ["x", "filter"], (dy, saved, attributes) => {
    const dilations = pairOf(attributes["dilations"])
    if (dilations.every((d) => d === 1)) return gradFunc(dy, [...saved], attributes)
    const filter = saved[1] as tf.Tensor4D
    const slopes = gradFunc(dy, [saved[0]!, spread(filter, dilations)], { ...attributes, dilations: [1, 1] })
    return { x: slopes["x"]!, filter: () => gathered(slopes["filter"]!(), filter.shape, dilations) }
  })
}

/** The op is linear in each input. TF.js has the gradient of its counterpart, Conv2DBackpropInput, but not this one. */
register("Conv2DBackpropFilter", ["x", "dy"], (ddw, [x, dy], attributes) => {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes as unknown as tf.Conv2DBackpropFilterAttrs
  return {
    x: () =>
      run(
        "Conv2DBackpropInput",
        { dy: dy!, filter: ddw },
        { strides, pad, dataFormat, dimRoundingMode: dimRoundingMode!, inputShape: x!.shape },
      ),
    dy: () => tf.conv2d(x as tf.Tensor4D, ddw as tf.Tensor4D, strides, pad, dataFormat, 1, dimRoundingMode),
  }
})

/** For each position along one axis, the number of taps that read pixels inside the image. */
const inside = (out: number, stride: number, taps: number, before: number, length: number): ReadonlyArray<number> =>
  Array.from({ length: out }, (_, i) => Math.min(length, i * stride - before + taps) - Math.max(0, i * stride - before))

/** TF.js divides by all taps of a window, even where the average was over fewer pixels. */
register("AvgPool", ["x"], (dy, [x], attributes) => {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.AvgPoolAttrs
  const w = tf.backend_util.computePool2DInfo(
    x!.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  const rows = inside(w.outHeight, w.strideHeight, w.filterHeight, w.padInfo.top, w.inHeight)
  const columns = inside(w.outWidth, w.strideWidth, w.filterWidth, w.padInfo.left, w.inWidth)
  const taps = w.filterHeight * w.filterWidth
  const counts = rows.flatMap((r) => columns.map((c) => r * c))
  const slopes = counts.every((c) => c === taps)
    ? dy
    : tf.div(tf.mul(dy, taps), tf.tensor(counts, [1, w.outHeight, w.outWidth, 1]))
  return { x: () => run("AvgPoolGrad", { dy: slopes, input: x! }, { filterSize, strides, pad }) }
})

register("FusedBatchNorm", ["x", "mean", "variance", "scale"], (dy, [x, mean, variance, scale], attributes) => {
  const inverse = tf.rsqrt(tf.add(variance!, constant(Number(attributes["varianceEpsilon"]))))
  const centred = tf.sub(x!, mean!)
  const scaled = scale ? tf.mul(dy, scale) : dy
  return {
    x: () => tf.mul(scaled, inverse),
    mean: () => summedTo(tf.neg(tf.mul(scaled, inverse)), mean!.shape),
    variance: () =>
      tf.mul(summedTo(tf.mul(scaled, centred), variance!.shape), tf.mul(-0.5, tf.mul(inverse, tf.square(inverse)))),
    scale: () => summedTo(tf.mul(tf.mul(dy, centred), inverse), mean!.shape),
    offset: () => summedTo(dy, mean!.shape),
  }
})

register("Elu", ["x"], (dy, [x]) => ({ x: () => tf.mul(dy, tf.exp(tf.minimum(x!, 0))) }))
register("LeakyRelu", ["x"], (dy, [x], { alpha }) => ({
  x: () => tf.where(tf.greater(x!, 0), dy, tf.mul(dy, constant(Number(alpha)))),
}))
register("Selu", ["x"], (dy, [x]) => ({
  x: () =>
    tf.mul(
      dy,
      tf.where(tf.greater(x!, 0), constant(SELU_SCALE), tf.mul(constant(SELU_ALPHA), tf.exp(tf.minimum(x!, 0)))),
    ),
}))
register("Erf", ["x"], (dy, [x]) => ({
  x: () => tf.mul(dy, tf.mul(constant(2 / Math.sqrt(Math.PI)), tf.exp(tf.neg(tf.square(x!))))),
}))

/** TF.js transposes the result wrongly for every axis but the last. */
register("Cumsum", ["x"], (dy, _, { axis, exclusive, reverse }) => ({
  x: () => tf.cumsum(dy, Number(axis), Boolean(exclusive), !reverse),
}))

/**
 * The product of all other elements: those before times those after. TF.js' own gradient calls methods that only its
 * bundle has.
 */
register("Prod", ["x"], (dy, [x], { axis }) => {
  const { shape } = x!
  const axes = tf.util.parseAxisParam(axis as number | number[], shape)
  const kept = shape.map((_, i) => i).filter((i) => !axes.includes(i))
  const order = [...kept, ...axes]
  const outer = kept.map((i) => shape[i]!)
  return {
    x: () => {
      const last = tf.transpose(x!, order)
      const flat = tf.reshape(last, [...outer, tf.util.sizeFromShape(axes.map((i) => shape[i]!))])
      const others = tf.mul(tf.cumprod(flat, kept.length, true, false), tf.cumprod(flat, kept.length, true, true))
      return tf.transpose(
        tf.reshape(tf.mul(tf.reshape(dy, [...outer, 1]), others), last.shape),
        order.map((_, i) => order.indexOf(i)),
      )
    },
  }
})

/** TF.js leaves out the contributions of the mirror images. */
register("MirrorPad", ["x"], (dy, [x], attributes) => {
  const { paddings, mode } = attributes as unknown as tf.MirrorPadAttrs
  return {
    x: () =>
      paddings.reduce((slopes, padding, axis) => {
        const ids = tf.tensor1d([...mirrored(x!.shape[axis]!, padding, mode)], "int32")
        const front = x!.shape.map((_, i) => i)
        front.unshift(...front.splice(axis, 1))
        const sums = tf.unsortedSegmentSum(tf.transpose(slopes, front), ids, x!.shape[axis]!)
        return tf.transpose(
          sums,
          front.map((_, i) => front.indexOf(i)),
        )
      }, dy),
  }
})

/**
 * The gradient by an input is an einsum of the same products, with dy in the place of that input. TF.js has no gradient
 * for Einsum.
 */
correct({
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc: (dy, saved, { equation }) => {
    const [left, out] = String(equation).replaceAll(" ", "").split("->") as [string, string]
    const terms = left.split(",")
    return Object.fromEntries(
      saved.map((_, i) => [
        i,
        () => {
          const others = saved.toSpliced(i, 1)
          return tf.einsum(`${[out, ...terms.toSpliced(i, 1)].join()}->${terms[i]}`, dy as tf.Tensor, ...others)
        },
      ]),
    )
  },
})
