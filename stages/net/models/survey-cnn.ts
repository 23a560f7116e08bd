// The convolutional net of the survey in standard parametrisation, for images (n, side, side, channels): three 3 x 3
// convolutions to `width` channels without padding, a ReLU after the first and the second only, and a dense layer on
// all pixels. Weights and biases use PyTorch's default initialisation. Layer names: 0 … 3.
// Source: Choi, Cui and Kuang, table of NTK regression, and its program.
import type { Net } from "../architecture.ts"
import type { Linear } from "../layers.ts"
import type { Model } from "../model.ts"
import type { Distribution } from "../distribution.ts"
import { arraysOf } from "./draw.ts"

const pytorch: Distribution = { kind: "pytorch" }

const linear = (l: number): Linear => ({ name: `${l}`, scale: 1, bias: true })

export const surveyCnn = ({ side, channels, width, outputs }: Net<"survey-cnn">): Model => {
  const shapes = [
    [3, 3, channels, width],
    [3, 3, width, width],
    [3, 3, width, width],
    [(side - 6) ** 2 * width, outputs],
  ]
  return {
    width,
    weights: Object.fromEntries(shapes.flatMap((shape, l) => arraysOf(`${l}`, shape, pytorch, pytorch))),
    apply: (layers, x) => {
      const images = [0, 1].reduce(
        (z, l) => layers.activate("plain-relu", layers.conv(linear(l), z, { stride: 1, pad: 0 })),
        x,
      )
      return layers.dense(linear(3), layers.flatten(layers.conv(linear(2), images, { stride: 1, pad: 0 })))
    },
  }
}
