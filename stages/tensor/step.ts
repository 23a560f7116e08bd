// What is a step that is taken many times over? What it is given, what it leaves, and what comes of all of them.
// Knows neither graphs nor backends.
import type * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../pipeline/stage.ts"
import { Refusal } from "./error.ts"
import type { Exchange } from "./exchange.ts"

/** What a step starts from; D is a float64 scalar. */
interface Given<A extends string, S extends string, F extends string, D> {
  readonly arrays: Readonly<Record<A, tf.Tensor>>
  readonly scalars: Readonly<Record<S, D>>
  /** The same for every step. */
  readonly fixed: Readonly<Record<F, tf.Tensor>>
}

/** What a step leaves: arrays of the forms it was given, scalars, whether there is another, and numbers to tell. */
export interface Left<A extends string, S extends string, R extends string, D, B> {
  readonly arrays: Readonly<Record<A, tf.Tensor>>
  readonly scalars: Readonly<Record<S, D>>
  readonly more: B
  readonly row: Readonly<Record<R, D>>
}

/** Written for any scalars, so that it can be traced as well as run. */
export interface Step<
  A extends string = string,
  S extends string = string,
  F extends string = string,
  R extends string = string,
> {
  <D, B>(given: Given<A, S, F, D>, scalar: Exchange<D, B>): Left<A, S, R, D, B>
}

/** What is carried from step to step. */
export interface State<A extends string = string, S extends string = string> {
  readonly arrays: Readonly<Record<A, Tensor>>
  readonly scalars: Readonly<Record<S, number>>
}

export interface Reached<A extends string = string, S extends string = string, R extends string = string> {
  readonly state: State<A, S>
  /** Whether the last step wanted another. */
  readonly more: boolean
  /** What each step told, in order: as many numbers as steps were taken. */
  readonly rows: Readonly<Record<R, Float64Array>>
}

type Carried = {
  readonly arrays: Readonly<Record<string, tf.Tensor>>
  readonly scalars: Readonly<Record<string, unknown>>
}

const told = ({ dtype, shape }: tf.Tensor): string => `${dtype}[${shape.join()}]`

/** Refuses a step whose results cannot be given to the next: other names, other shapes. */
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
