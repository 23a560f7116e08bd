// Defines a step that is repeated many times: its inputs, its results, and the results of all steps together. Knows
// nothing about graphs or backends.
import type * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../pipeline/stage.ts"
import { Refusal } from "./error.ts"
import type { Exchange } from "./exchange.ts"

/** The inputs of a step; D is a float64 scalar. */
interface Given<A extends string, S extends string, F extends string, D> {
  readonly arrays: Readonly<Record<A, tf.Tensor>>
  readonly scalars: Readonly<Record<S, D>>
  /** The same for every step. */
  readonly fixed: Readonly<Record<F, tf.Tensor>>
}

/**
 * The results of a step: arrays of the same forms as its inputs, scalars, whether another step follows, and the numbers
 * of its row.
 */
export interface Left<A extends string, S extends string, R extends string, D, B> {
  readonly arrays: Readonly<Record<A, tf.Tensor>>
  readonly scalars: Readonly<Record<S, D>>
  readonly more: B
  readonly row: Readonly<Record<R, D>>
}

/** Generic in the type of the scalars, so that a step can be traced and also run eagerly. */
export interface Step<
  A extends string = string,
  S extends string = string,
  F extends string = string,
  R extends string = string,
> {
  <D, B>(given: Given<A, S, F, D>, scalar: Exchange<D, B>): Left<A, S, R, D, B>
}

/** The values that are carried from step to step. */
export interface State<A extends string = string, S extends string = string> {
  readonly arrays: Readonly<Record<A, Tensor>>
  readonly scalars: Readonly<Record<S, number>>
}

export interface Reached<A extends string = string, S extends string = string, R extends string = string> {
  readonly state: State<A, S>
  /** Whether the last step asked for another step. */
  readonly more: boolean
  /** The numbers that each step reported, in order; as many numbers as steps. */
  readonly rows: Readonly<Record<R, Float64Array>>
}

type Carried = {
  readonly arrays: Readonly<Record<string, tf.Tensor>>
  readonly scalars: Readonly<Record<string, unknown>>
}

const told = ({ dtype, shape }: tf.Tensor): string => `${dtype}[${shape.join()}]`

/** Refuses a step whose results cannot be the inputs of the next step: other names or other shapes. */
export const assertCarried = (given: Carried, left: Carried): void => {
  for (const kind of ["arrays", "scalars"] as const) {
    const [before, after] = [given[kind], left[kind]].map((record) => Object.keys(record).sort().join(", "))
    if (before !== after) throw new Refusal("Shape", `the step takes the ${kind} ${before}, but gives ${after}`)
  }
  for (const [name, before] of Object.entries(given.arrays)) {
    const after = left.arrays[name]!
    if (told(before) !== told(after))
      throw new Refusal("Shape", `the step takes the array ${name} as ${told(before)}, but gives it as ${told(after)}`)
  }
}
