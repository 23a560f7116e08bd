// The fully connected net of Geiger et al. in NTK parametrisation: W0 (d, h), W1 … (h, h), W[L] (h, 1), standard
// normal; biases B0 … B[L], zero.
// Source: Geiger et al. 2019, appendix B (eq. 21 and 22, with z where the text has the preactivation).
import type { Net } from "../architecture.ts"
import type { Model } from "../model.ts"
import { standardNormal, zeros } from "../distribution.ts"
import { arraysOf } from "./draw.ts"

export const fc = ({ inputs, depth, width, activation }: Omit<Net<"fc">, "kind">): Model => {
  const sizes = [inputs, ...Array.from({ length: depth }, () => width), 1]
  return {
    width,
    weights: Object.fromEntries(
      sizes.slice(1).flatMap((fanOut, l) => arraysOf(`${l}`, [sizes[l]!, fanOut], standardNormal, zeros)),
    ),
    apply: (layers, x) =>
      sizes.slice(1).reduce((z, _, l) => {
        const u = layers.dense({ name: `${l}`, scale: 1 / Math.sqrt(sizes[l]!), bias: true }, z)
        return l === depth ? u : layers.activate(activation, u)
      }, x),
  }
}
