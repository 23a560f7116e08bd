// Types of settings and grids of values that any spec can use.
// Knows nothing about a paper.
import { Schema } from "effect"

/** A positive whole number. */
export const Count = Schema.Int.check(Schema.isGreaterThan(0))
/** A positive number. */
export const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
/** A list of widths of nets, with at least one width. */
export const Widths = Schema.Array(Count).check(Schema.isMinLength(1))
/** A list of positive numbers, with at least one number. */
export const Positives = Schema.Array(Positive).check(Schema.isMinLength(1))

/** 10^(k/3): 1, 2.2 and 4.6 times the powers of ten, ends included. */
export const thirds = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: 3 * (to - from) + 1 }, (_, i) => Number((10 ** (from + i / 3)).toPrecision(2)))

/** Whole powers of ten, ends included. */
export const decades = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from + 1 }, (_, i) => Number(`1e${from + i}`))

/** The numbers of `count` replicas: 0, 1, … */
export const replicasOf = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, replica) => replica)
