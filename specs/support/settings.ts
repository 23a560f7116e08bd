// Kinds of settings and grids of them that any spec may have.
import { Schema } from "effect"

/** A whole number above zero. */
export const Count = Schema.Int.check(Schema.isGreaterThan(0))
/** A number above zero. */
export const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
/** Widths of nets, at least one. */
export const Widths = Schema.Array(Count).check(Schema.isMinLength(1))
/** Numbers above zero to run over, at least one. */
export const Positives = Schema.Array(Positive).check(Schema.isMinLength(1))

/** 10^(k/3): 1, 2.2 and 4.6 times the powers of ten, ends included. */
export const thirds = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: 3 * (to - from) + 1 }, (_, i) => Number((10 ** (from + i / 3)).toPrecision(2)))

/** Whole powers of ten, ends included. */
export const decades = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from + 1 }, (_, i) => Number(`1e${from + i}`))

/** The numbers of so many replicas: 0, 1, … */
export const replicasOf = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, replica) => replica)
