// The convolutional net of Geiger et al. in NTK parametrisation, for images (n, side, side, channels). Four
// convolutions W0 (filter, filter, channels, h), W1 … W3 (filter, filter, h, h) have a pad of 1, strides 2, 1, 2, 1,
// and the scaled ReLU after each; then come the average over the image and W4 (h, 1). All weights are standard normal;
// biases B0 … B4 are zero. With the paper's filter of 5, images of 28 pixels become 13, 11, 5 and 3 pixels wide; a
// filter of 3 is for smaller images.
// Source: Geiger et al. 2019, figure 1b; strides, pad and average from its program.
import type { Net } from "../architecture.ts"
import type { Model } from "../model.ts"
import { standardNormal, zeros } from "../distribution.ts"
import { arraysOf } from "./draw.ts"

const strides = [2, 1, 2, 1]

export const cnn = ({ channels, filter, width }: Net<"cnn">): Model => {
  const fanOf = (l: number): number => (l === 0 ? channels : width)
  return {
    width,
    weights: Object.fromEntries([
      ...strides.flatMap((_, l) => arraysOf(`${l}`, [filter, filter, fanOf(l), width], standardNormal, zeros)),
      ...arraysOf("4", [width, 1], standardNormal, zeros),
    ]),
    apply: (layers, x) => {
      const image = strides.reduce(
        (z, stride, l) =>
          layers.activate(
            "relu",
            layers.conv({ name: `${l}`, scale: 1 / (filter * Math.sqrt(fanOf(l))), bias: true }, z, { stride, pad: 1 }),
          ),
        x,
      )
      return layers.dense({ name: "4", scale: 1 / Math.sqrt(width), bias: true }, layers.average(image))
    },
  }
}
