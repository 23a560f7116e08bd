// A net minus a copy of the same net, where the copy has its own weights. At the start f(w0) is exactly 0 whatever the
// rounding, since both halves are computed in the same way. The arrays are those of the net and, under `${name}-copy`,
// those of the copy, which start with equal numbers. Knows nothing about the net that is doubled.
// Source: Chizat et al. 2019, section 3, "doubling trick": units whose copies have the opposite output weight.
import type { Layers, Linear } from "../layers.ts"
import type { Model } from "../model.ts"

const copyOf = (name: string): string => `${name}-copy`
const copied = (layer: Linear): Linear => ({ ...layer, name: copyOf(layer.name) })

export const doubled = ({ width, weights, apply }: Model): Model => ({
  width: 2 * width,
  weights: {
    ...weights,
    ...Object.fromEntries(
      Object.entries(weights).map(([name, weight]) => [copyOf(name), { ...weight, drawnAs: name }]),
    ),
  },
  apply: (layers, x) => layers.add(apply(layers, x), layers.scale(-1, apply(copies(layers), x))),
})

/** Uses the arrays of the copy where the net names its own layers. */
const copies = <T>(layers: Layers<T>): Layers<T> => ({
  ...layers,
  dense: (layer, z) => layers.dense(copied(layer), z),
  conv: (layer, z, geometry) => layers.conv(copied(layer), z, geometry),
})
