// Interpolates between two points of a curve on a straight line, on linear or logarithmic axes. Knows nothing about
// tables.

type Scale = "log" | "linear"
export type Point = readonly [x: number, y: number]

/** The y at `x` on the straight line through two points; the line is straight on axes of these scales. */
export const interpolate = (
  [x0, y0]: Point,
  [x1, y1]: Point,
  x: number,
  scales: { readonly x: Scale; readonly y: Scale },
): number => {
  const [on, from] = [forward[scales.x], forward[scales.y]]
  const part = (on(x) - on(x0)) / (on(x1) - on(x0))
  return back[scales.y](from(y0) + part * (from(y1) - from(y0)))
}

const forward = { log: Math.log, linear: (value: number): number => value }
const back = { log: Math.exp, linear: (value: number): number => value }
