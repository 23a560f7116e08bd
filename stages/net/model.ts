// Defines a net: arrays of weights, each with a shape and a way to draw its numbers, and the function from points to
// outputs. Knows nothing about any single net.
import type * as tf from "@tensorflow/tfjs-core"
import type { Tensors } from "../../pipeline/stage.ts"
import { type Stream, stream } from "../random.ts"
import type { Layers } from "./layers.ts"

/** Draws the numbers of an array of this shape, in row-major order, from the array's own stream. */
export type Draw = (stream: Stream, shape: ReadonlyArray<number>) => Float64Array

/** One array of weights. */
export interface Weight {
  readonly shape: ReadonlyArray<number>
  readonly draw: Draw
  /**
   * Draws from the stream of the array of this name instead of its own stream. Both arrays are then equal if their
   * shapes and draws are equal.
   */
  readonly drawnAs?: string
  /** Frozen arrays are part of the net and never change. */
  readonly frozen?: boolean
}

export interface Model {
  /** By name, in the order of the arrays in a vector of all weights. */
  readonly weights: Readonly<Record<string, Weight>>
  /** h, the width in the scaled parameter sqrt(h) alpha. */
  readonly width: number
  /** The outputs f(w, x) of each point: (n, outputs). The function works with every implementation of the layers. */
  readonly apply: <T>(layers: Layers<T>, x: T) => T
}

/** The arrays of a net inside a compiled function. */
export interface Weights {
  readonly [name: string]: tf.Tensor
}

const sizeOf = (shape: ReadonlyArray<number>): number => shape.reduce((a, b) => a * b, 1)

/** The number of trained parameters. */
export const parameterCount = ({ weights }: Pick<Model, "weights">): number =>
  Object.values(weights).reduce((sum, weight) => sum + (weight.frozen === true ? 0 : sizeOf(weight.shape)), 0)

/** Initial weights, float64. Each array has its own stream, so its numbers do not change when another array grows. */
export const initial = ({ weights }: Pick<Model, "weights">, seed: number): Tensors =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { shape, draw, drawnAs }]) => [
      name,
      { shape, data: draw(stream(seed, drawnAs ?? name), shape) },
    ]),
  )

/** The arrays that are trained, or the arrays that are frozen. */
export const part = <A>(
  { weights }: Pick<Model, "weights">,
  which: "trained" | "frozen",
  arrays: Readonly<Record<string, A>>,
): Readonly<Record<string, A>> =>
  Object.fromEntries(
    Object.entries(arrays).filter(([name]) => (weights[name]!.frozen === true) === (which === "frozen")),
  )

/** Draws the numbers one after the other. */
export const each =
  (number: (stream: Stream) => number): Draw =>
  (stream, shape) =>
    Float64Array.from({ length: sizeOf(shape) }, () => number(stream))

export const normal = (deviation: number): Draw => each(({ normal }) => deviation * normal())
export const uniform = (bound: number): Draw => each(({ uniform }) => bound * (2 * uniform() - 1))
export const zero: Draw = (_, shape) => new Float64Array(sizeOf(shape))
