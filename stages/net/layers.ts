// The layers that nets are made of. A net is written once, as a function of these layers, and evaluated in several
// ways: its outputs (forward.ts), the gradients of its outputs by each layer (tangents.ts), and the change of its
// outputs when its weights change (difference.ts). Knows nothing about any of these ways.
import type { ActivationName } from "./activation-name.ts"

/**
 * A layer with weights `W${name}` and, if `bias` is true, a bias `B${name}`: scale times the product, plus the bias.
 */
export interface Linear {
  readonly name: string
  /** 1 / sqrt(fan in) in NTK parametrisation, 1 in the standard parametrisation. */
  readonly scale: number
  readonly bias: boolean
}

/** How a filter moves over an image; the same in both directions. */
export interface Geometry {
  readonly stride: number
  /** Number of zeros added on every side. */
  readonly pad: number
}

/** T is the type of the values that flow from layer to layer, for n points. */
export interface Layers<T> {
  /** z (n, inputs), W (inputs, outputs), B (outputs): (n, outputs). */
  readonly dense: (layer: Linear, z: T) => T
  /** z (n, height, width, channels), W (side, side, channels, outputs), B (outputs). */
  readonly conv: (layer: Linear, z: T, geometry: Geometry) => T
  readonly activate: (name: ActivationName, u: T) => T
  /** The activation's derivative at u. */
  readonly slope: (name: ActivationName, u: T) => T
  readonly add: (a: T, b: T) => T
  readonly times: (a: T, b: T) => T
  readonly scale: (factor: number, z: T) => T
  /** Sums over the last axis, which is kept with length 1. */
  readonly sum: (z: T) => T
  /** Averages over height and width: (n, channels). */
  readonly average: (z: T) => T
  /** The maximum over squares of `side` pixels a side that do not overlap. */
  readonly maxPool: (z: T, side: number) => T
  /** Turns (n, …) into (n, everything else). */
  readonly flatten: (z: T) => T
}
