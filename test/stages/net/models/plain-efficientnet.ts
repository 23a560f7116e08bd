// EfficientNet-B0 in plain loops, written from Keras' definition: zeros are put around images by hand where the stride
// is 2.
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import type { Mode } from "../../../../stages/net/models/efficientnet.ts"
import { type Image, average, blend, conv, imageOf, mapped } from "./plain.ts"

type Batch = ReadonlyArray<Image>

interface Made {
  /** All images' features, one after the other. */
  readonly features: Float64Array
  readonly statistics: Readonly<Record<string, Float64Array>>
}

const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u))
const swish = (u: number): number => u * sigmoid(u)

/** Keras' correct_pad: for an even number of pixels one zero less before the image than after it. */
const correctPad = (pixels: number, side: number): readonly [number, number] => [
  Math.floor(side / 2) - (pixels % 2 === 0 ? 1 : 0),
  Math.floor(side / 2),
]
const samePad = (side: number): readonly [number, number] => [(side - 1) / 2, (side - 1) / 2]

const channelMeans = (images: Batch): Float64Array => {
  const means = images.map(average)
  return Float64Array.from(means[0]!, (_, k) => means.reduce((sum, each) => sum + each[k]!, 0) / images.length)
}

export const plainFeatures = (weights: Tensors, x: Tensor, mode: Mode, uniforms: Tensor): Made => {
  const statistics: Record<string, Float64Array> = {}
  const array = (name: string): Tensor["data"] => weights[name]!.data

  const norm = (name: string, images: Batch): Batch => {
    const [gamma, beta, oldMean, oldVariance] = ["gamma", "beta", "moving_mean", "moving_variance"].map((each) =>
      array(`${name}/${each}`),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array]
    let [mean, variance] = [oldMean, oldVariance]
    if (mode === "training") {
      mean = channelMeans(images)
      variance = channelMeans(images.map((z) => mapped(z, (value, k) => (value - mean[k]!) ** 2)))
      const count = images.length * images[0]!.height * images[0]!.width
      statistics[`${name}/moving_mean`] = oldMean.map((old, k) => 0.99 * old + 0.01 * mean[k]!)
      statistics[`${name}/moving_variance`] = oldVariance.map(
        (old, k) => 0.99 * old + (0.01 * variance[k]! * count) / (count - 1),
      )
    }
    return images.map((z) =>
      mapped(z, (value, k) => (gamma[k]! * (value - mean[k]!)) / Math.sqrt(variance[k]! + 1e-3) + beta[k]!),
    )
  }
  const active = (images: Batch): Batch => images.map((z) => mapped(z, swish))
  const filtered = (name: string, images: Batch, stride = 1): Batch => {
    const W = weights[`${name}/kernel`] ?? weights[`${name}/depthwise_kernel`]!
    const side = W.shape[0]!
    const pad = stride === 2 ? correctPad(images[0]!.height, side) : samePad(side)
    const B = weights[`${name}/bias`]
    return images.map((z) =>
      conv(z, { W, ...(B === undefined ? {} : { B }), stride, pad, depthwise: name.endsWith("dwconv") }),
    )
  }

  let images: Batch = Array.from({ length: x.shape[0]! }, (_, i) =>
    mapped(
      imageOf(x, i),
      (value, k) => (value / 255 - array("normalization/mean")[k]!) / Math.sqrt(array("normalization/variance")[k]!),
    ),
  )
  images = active(norm("stem_bn", filtered("stem_conv", images, 2)))
  let [block, shortcut] = [0, 0]
  for (const [g, [repeats, stride]] of (
    [
      [1, 1],
      [2, 2],
      [2, 2],
      [3, 2],
      [3, 1],
      [4, 2],
      [1, 1],
    ] as const
  ).entries())
    for (let i = 0; i < repeats; i++) {
      const name = `block${g + 1}${"abcd"[i]!}`
      const input = images
      if (g > 0) images = active(norm(`${name}_expand_bn`, filtered(`${name}_expand_conv`, images)))
      images = active(norm(`${name}_bn`, filtered(`${name}_dwconv`, images, i === 0 ? stride : 1)))
      const squeezed: Batch = images.map((z) => ({ height: 1, width: 1, channels: z.channels, data: average(z) }))
      const gates = filtered(`${name}_se_expand`, active(filtered(`${name}_se_reduce`, squeezed)))
      images = norm(
        `${name}_project_bn`,
        filtered(
          `${name}_project_conv`,
          images.map((z, n) => mapped(z, (value, k) => value * sigmoid(gates[n]!.data[k]!))),
        ),
      )
      if (i > 0) {
        const rate = (0.2 * block) / 16
        const factors = images.map((_, n) =>
          mode === "inference" ? 1 : uniforms.data[n * uniforms.shape[1]! + shortcut]! < rate ? 0 : 1 / (1 - rate),
        )
        images = images.map((z, n) => blend(factors[n]!, z, 1, input[n]!))
        shortcut++
      }
      block++
    }
  images = active(norm("top_bn", filtered("top_conv", images)))
  return { features: Float64Array.from(images.flatMap(({ data }) => [...data])), statistics }
}
