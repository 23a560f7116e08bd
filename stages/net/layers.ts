// What nets are made of. A net is written once, as a function of these layers, and read in several ways: what it gives
// (forward.ts), how its output answers to each layer (tangents.ts), how it changes when its weights do (difference.ts).
import type { ActivationName } from "./activation-name.ts"

/**
 * A layer with weights `W${name}` and, unless it has none, a bias `B${name}`: scale times the product, and the bias.
 */
export interface Linear {
  readonly name: string
  /** 1 / sqrt(fan in) in NTK parametrisation, 1 in the standard one. */
  readonly scale: number
  readonly bias: boolean
}

/** How a filter moves over an image: in both directions alike. */
export interface Geometry {
  readonly stride: number
  /** Zeros put on every side. */
  readonly pad: number
}

/** T is what flows from layer to layer: n points' worth of it. */
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
  /** Over the last axis, which stays with length 1. */
  readonly sum: (z: T) => T
  /** Over height and width: (n, channels). */
  readonly average: (z: T) => T
  /** Over squares of `side` pixels that do not overlap. */
  readonly maxPool: (z: T, side: number) => T
  /** (n, everything else). */
  readonly flatten: (z: T) => T
}
