// A fully connected net in standard parametrisation, for points (n, inputs): hidden layers of any widths, the
// activation after each hidden layer, biases. Layer names: 0 … L. With widths h, h, h, ReLU and PyTorch's default
// initialisation this is the MLP of the survey; with n/2, n/20 or n/3, n/30, n/3 these are the nets of Kearns et al.
// Source: Choi, Cui and Kuang, table of NTK regression; Kearns, Munyuza and Brosh 2023, figures 4 to 6.
import type { Net } from "../architecture.ts"
import type { Model } from "../model.ts"
import { arraysOf } from "./draw.ts"

export const mlp = ({ inputs, hidden, outputs, activation, weights, biases, sharedDraw }: Net<"mlp">): Model => {
  const sizes = [inputs, ...hidden, outputs]
  const drawn = (arrays: ReturnType<typeof arraysOf>): ReturnType<typeof arraysOf> =>
    sharedDraw === true ? arrays.map(([name, weight]) => [name, { ...weight, drawnAs: `${name[0]}0` }]) : arrays
  return {
    width: hidden[0]!,
    weights: Object.fromEntries(
      sizes.slice(1).flatMap((fanOut, l) => drawn(arraysOf(`${l}`, [sizes[l]!, fanOut], weights, biases))),
    ),
    apply: (layers, x) =>
      sizes.slice(1).reduce((z, _, l) => {
        const u = layers.dense({ name: `${l}`, scale: 1, bias: true }, z)
        return l === hidden.length ? u : layers.activate(activation, u)
      }, x),
  }
}
