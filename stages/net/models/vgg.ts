// VGG-11 without batch norm, for images (n, side, side, channels): eight 3 x 3 convolutions with a pad of 1 and a ReLU
// after each, base k channels times 1, 2, 4, 4, 8, 8, 8, 8. Max-pools over 2 x 2 follow the first, second, fourth,
// sixth and eighth convolution, except where only a single pixel is left. The remaining image is averaged (for 32
// pixels it is one pixel), and a dense layer gives the outputs. Standard parametrisation; weights are Xavier normal,
// biases zero. Layer names: 0 … 7, `out`.
// Source: Chizat et al. 2019, figure 3 and table 1, whose list has one max-pool too many for its images.
import type { Net } from "../architecture.ts"
import type { Model } from "../model.ts"
import { type Distribution, zeros } from "../distribution.ts"
import { arraysOf } from "./draw.ts"

interface Step {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly pooled: boolean
}

const FACTORS = [1, 2, 4, 4, 8, 8, 8, 8]
const POOLED = [0, 1, 3, 5, 7]

const stepsOf = ({ side, channels, base, widening }: Net<"vgg">): ReadonlyArray<Step> => {
  const widths = [channels, ...FACTORS.map((factor) => factor * base * widening)]
  return FACTORS.map((_, l) => {
    const pixels = Math.floor(side / 2 ** POOLED.filter((place) => place < l).length)
    return { name: `${l}`, from: widths[l]!, to: widths[l + 1]!, pooled: POOLED.includes(l) && pixels > 1 }
  })
}

export const vgg = (net: Net<"vgg">): Model => {
  const steps = stepsOf(net)
  const xavier: Distribution = { kind: "xavier-normal", gain: net.gain }
  return {
    width: net.base * net.widening,
    weights: Object.fromEntries([
      ...steps.flatMap(({ name, from, to }) => arraysOf(name, [3, 3, from, to], xavier, zeros)),
      ...arraysOf("out", [steps.at(-1)!.to, net.outputs], xavier, zeros),
    ]),
    apply: (layers, x) => {
      const image = steps.reduce((z, { name, pooled }) => {
        const made = layers.activate(
          "plain-relu",
          layers.conv({ name, scale: 1, bias: true }, z, { stride: 1, pad: 1 }),
        )
        return pooled ? layers.maxPool(made, 2) : made
      }, x)
      return layers.dense({ name: "out", scale: 1, bias: true }, layers.average(image))
    },
  }
}
