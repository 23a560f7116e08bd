// The values that fit a claim: a number with a tolerance, a range, or a bound.
// Knows nothing about checks and verdicts.

/** The values that fit a claim. NaN never fits. */
export interface Expectation {
  readonly holds: (value: number) => boolean
  /** The values at which `holds` changes: one or two. */
  readonly bounds: ReadonlyArray<number>
  /** The number that the claim states; absent if the claim states only a bound. */
  readonly stated?: number
  /** A text for people: "-1 ± 0.08". */
  readonly text: string
  /** The values that fail, as a text to follow the word "fails": "outside -1.08 to -0.92". */
  readonly fails: string
}
const digits = (x: number): string => String(Number(x.toPrecision(4)))
export const within = (center: number, tolerance: number): Expectation => ({
  holds: (value) => Math.abs(value - center) <= tolerance,
  bounds: [center - tolerance, center + tolerance],
  stated: center,
  ...(tolerance === 0
    ? { text: `exactly ${digits(center)}`, fails: `at any value except ${digits(center)}` }
    : {
        text: `${digits(center)} ± ${digits(tolerance)}`,
        fails:
          digits(center - tolerance) === digits(center)
            ? `more than ${digits(tolerance)} from ${digits(center)}`
            : `outside ${digits(center - tolerance)} to ${digits(center + tolerance)}`,
      }),
})
export const between = (low: number, high: number): Expectation => ({
  holds: (value) => value >= low && value <= high,
  bounds: [low, high],
  text: `${digits(low)} to ${digits(high)}`,
  fails: `outside ${digits(low)} to ${digits(high)}`,
})
export const atMost = (high: number): Expectation => ({
  holds: (value) => value <= high,
  bounds: [high],
  text: `at most ${digits(high)}`,
  fails: `above ${digits(high)}`,
})
export const atLeast = (low: number): Expectation => ({
  holds: (value) => value >= low,
  bounds: [low],
  text: `at least ${digits(low)}`,
  fails: `below ${digits(low)}`,
})
export const above = (low: number): Expectation => ({
  holds: (value) => value > low,
  bounds: [low],
  text: `above ${digits(low)}`,
  fails: `at ${digits(low)} or below`,
})
export const below = (high: number): Expectation => ({
  holds: (value) => value < high,
  bounds: [high],
  text: `below ${digits(high)}`,
  fails: `at ${digits(high)} or above`,
})
