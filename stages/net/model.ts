// What is a net? Arrays of weights, each with a shape and a way to draw it, and what it makes of points.
import type * as tf from "@tensorflow/tfjs-core"
import type { Tensors } from "../../pipeline/stage.ts"
import { type Stream, stream } from "../random.ts"
import type { Layers } from "./layers.ts"

/** The numbers of an array of this shape, in row-major order, from a stream of its own. */
export type Draw = (stream: Stream, shape: ReadonlyArray<number>) => Float64Array

/** One array of weights. */
export interface Weight {
  readonly shape: ReadonlyArray<number>
  readonly draw: Draw
  /**
   * Drawn from the stream of the array of this name instead of its own, and so equal to it where shape and draw are.
   */
  readonly drawnAs?: string
  /** Frozen ones are part of the net and never change. */
  readonly frozen?: boolean
}

export interface Model {
  /** By name, in the order in which a vector of all holds them. */
  readonly weights: Readonly<Record<string, Weight>>
  /** h, by which alpha is said: sqrt(h) alpha. */
  readonly width: number
  /** Outputs f(w, x) for each point: (n, outputs). Written for any reading of the layers. */
  readonly apply: <T>(layers: Layers<T>, x: T) => T
}

/** Arrays of a net inside a compiled function. */
export interface Weights {
  readonly [name: string]: tf.Tensor
}

const sizeOf = (shape: ReadonlyArray<number>): number => shape.reduce((a, b) => a * b, 1)

/** How many numbers can be trained. */
export const parameterCount = ({ weights }: Pick<Model, "weights">): number =>
  Object.values(weights).reduce((sum, weight) => sum + (weight.frozen === true ? 0 : sizeOf(weight.shape)), 0)

/** Initial weights, float64. Each array has a stream of its own: it does not move when another one grows. */
export const initial = ({ weights }: Pick<Model, "weights">, seed: number): Tensors =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { shape, draw, drawnAs }]) => [
      name,
      { shape, data: draw(stream(seed, drawnAs ?? name), shape) },
    ]),
  )

/** The arrays that are trained, or those that are frozen. */
export const part = <A>(
  { weights }: Pick<Model, "weights">,
  which: "trained" | "frozen",
  arrays: Readonly<Record<string, A>>,
): Readonly<Record<string, A>> =>
  Object.fromEntries(
    Object.entries(arrays).filter(([name]) => (weights[name]!.frozen === true) === (which === "frozen")),
  )

/** One number after the other. */
export const each =
  (number: (stream: Stream) => number): Draw =>
  (stream, shape) =>
    Float64Array.from({ length: sizeOf(shape) }, () => number(stream))

export const normal = (deviation: number): Draw => each(({ normal }) => deviation * normal())
export const uniform = (bound: number): Draw => each(({ uniform }) => bound * (2 * uniform() - 1))
export const zero: Draw = (_, shape) => new Float64Array(sizeOf(shape))
