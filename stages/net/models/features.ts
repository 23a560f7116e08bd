// Two models that are linear in the trained weights, for points (n, inputs). They have `width` units with frozen
// weights w_i, uniform on the unit sphere (W0, (inputs, N)). The trained weights start at zero.
// Source: Ghorbani et al. 2019, section 1: random features and the neural tangent model.
import type { Net } from "../architecture.ts"
import type { Linear } from "../layers.ts"
import { type Model, type Weight, zero } from "../model.ts"
import { sphere } from "./draw.ts"

const frozen = (inputs: number, width: number): Weight => ({ shape: [inputs, width], draw: sphere(1), frozen: true })

const plain = (name: string): Linear => ({ name, scale: 1, bias: false })

/** Sum of a_i sigma(w_i . x), with a in W1 (N, outputs). */
export const randomFeatures = ({ inputs, width, outputs, activation }: Net<"random-features">): Model => ({
  width,
  weights: { W0: frozen(inputs, width), W1: { shape: [width, outputs], draw: zero } },
  apply: (layers, x) => layers.dense(plain("1"), layers.activate(activation, layers.dense(plain("0"), x))),
})

/** Sum of (a_i . x) sigma'(w_i . x), with a in W1 (inputs, N); one output. */
export const tangentFeatures = ({ inputs, width, activation }: Net<"tangent-features">): Model => ({
  width,
  weights: { W0: frozen(inputs, width), W1: { shape: [inputs, width], draw: zero } },
  apply: (layers, x) =>
    layers.sum(layers.times(layers.dense(plain("1"), x), layers.slope(activation, layers.dense(plain("0"), x)))),
})
