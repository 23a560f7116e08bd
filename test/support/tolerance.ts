// How close two roads to one number must come, by dtype. One table for all rooms: add a row, never a literal in a test.
import { expect } from "vitest"

interface Tolerance {
  /** One op on values of order one, against another implementation; relative to the largest value. */
  readonly op: number
  /** A gradient through one op, likewise. */
  readonly gradient: number
  /** A gradient through a whole net. */
  readonly net: number
  /** One element of an elementwise function, relative to itself. */
  readonly element: number
  /** A gradient against central differences of values of that dtype. */
  readonly differences: number
}

export const tolerance: Readonly<Record<"float32" | "float64", Tolerance>> = {
  float32: { op: 2e-6, gradient: 4e-6, net: 2e-5, element: 1e-6, differences: Infinity },
  float64: { op: 4e-15, gradient: 1e-14, net: 1e-13, element: 4e-15, differences: 1e-8 },
}

/** The largest difference, relative to the largest expected size (at least `floor`). */
const distance = (actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1): number => {
  expect(actual.length).toBe(expected.length)
  let worst = 0
  let size = floor
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i])) continue
    worst = Math.max(worst, Number.isNaN(actual[i]! - expected[i]!) ? Infinity : Math.abs(actual[i]! - expected[i]!))
    size = Math.max(size, Math.abs(expected[i]!))
  }
  return worst / size
}

/** Fails, naming `what`, when `actual` is further than `within` from `expected`. */
export const expectClose = (what: string, actual: ArrayLike<number>, expected: ArrayLike<number>, within: number, floor = 1): void => {
  expect(distance(actual, expected, floor), what).toBeLessThanOrEqual(within)
}
