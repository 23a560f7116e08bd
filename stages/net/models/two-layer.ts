// A net with one hidden layer, for points (n, inputs): sums of `width` units, W0 (inputs, h), W1 (h, outputs) and,
// unless `biases` is null, biases B0 and B1. The first layer has scale 1; the last layer has scale 1, 1 / sqrt(h) or 1
// / h. If doubled, the net is h / 2 units minus a copy of these units, and h is the number of all units.
// Source: Chizat et al. 2019, section 3; Kearns, Munyuza and Brosh 2023, figures 2 and 3; Ghorbani et al. 2020, section
// 2.
import type { Net } from "../architecture.ts"
import type { Model } from "../model.ts"
import { doubled } from "./doubled.ts"
import { arraysOf } from "./draw.ts"

/** The scale of the last layer for h units. */
const scales: { readonly [scaling in Net<"two-layer">["scaling"]]: (h: number) => number } = {
  standard: () => 1,
  ntk: (h) => 1 / Math.sqrt(h),
  "mean-field": (h) => 1 / h,
}

export const twoLayer = (net: Net<"two-layer">): Model =>
  net.doubled ? doubled(units(net, net.width / 2)) : units(net, net.width)

const units = (
  { inputs, outputs, width, activation, scaling, first, last, biases }: Net<"two-layer">,
  count: number,
): Model => {
  const bias = biases !== null
  return {
    width: count,
    weights: Object.fromEntries([
      ...arraysOf("0", [inputs, count], first, biases),
      ...arraysOf("1", [count, outputs], last, biases),
    ]),
    apply: (layers, x) => {
      const z = layers.activate(activation, layers.dense({ name: "0", scale: 1, bias }, x))
      return layers.dense({ name: "1", scale: scales[scaling](width), bias }, z)
    },
  }
}
