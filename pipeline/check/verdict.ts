// The verdict on a measured number with its interval. The interval is held against the tolerance, the number that the
// claim states, and the rival that the claim must exclude. Pure. Knows nothing about tables.
import type { Expectation } from "./expectation.ts"

/**
 * `agrees`: the value fits, and its interval contains the stated number or lies within the tolerance.
 * `excludes`: the value fits, but its interval does not contain the number that the claim states.
 * `open`: the interval contains the rival, or values that fit beside values that do not. The data cannot tell.
 * `differs`: the value does not fit, but lies within the declared difference, which does not contradict the claim.
 * `contradicts`: the interval contains no value that fits.
 * `not judged`: there is no number, or the claim is not judged at this scale.
 */
export const verdicts = ["agrees", "excludes", "open", "differs", "contradicts", "not judged"] as const
export type Verdict = (typeof verdicts)[number]

/** The value that would hold if the claim were wrong, and what it stands for: `{ value: 0, text: "no decay" }`. */
export interface Rival {
  readonly value: number
  readonly text: string
}

/** What a number is held against. */
export interface Question {
  readonly expect: Expectation
  /** The number that the claim states, if it is not that of `expect`. */
  readonly stated?: number | undefined
  readonly rival?: Rival | undefined
  readonly differs?: Expectation | undefined
}

/** A number and the half-width of its interval; null if nothing gives the number an interval. */
export interface Measured {
  readonly measured: number
  readonly spread: number | null
}

/**
 * The verdict on a number. A number without an interval counts as exact against a tolerance; but only an interval can
 * exclude a rival.
 */
export const verdictOn = (
  { measured, spread }: Measured,
  { expect, stated = expect.stated, rival, differs }: Question,
): Exclude<Verdict, "not judged"> => {
  const half = spread ?? 0
  // A value nearer to the rival than to the stated number does not fit, however wide the tolerance is.
  const isNearRival = (value: number): boolean =>
    stated !== undefined && rival !== undefined && Math.abs(value - rival.value) < Math.abs(value - stated)
  const holds = (value: number): boolean => expect.holds(value) && !isNearRival(value)
  const contains = (value: number): boolean => Math.abs(value - measured) <= half
  const samples = [measured, measured - half, measured + half]
  // Between two bounds nothing changes, so that the ends, the bounds and points beside the bounds stand for all.
  const middle = stated === undefined || rival === undefined ? [] : [(stated + rival.value) / 2]
  for (const bound of [...expect.bounds, ...(differs?.bounds ?? []), ...middle])
    if (contains(bound)) samples.push(bound, (bound + measured) / 2)
  const fits = samples.some(holds)
  if (rival !== undefined && (spread === null || contains(rival.value))) {
    if (fits) return "open"
    if (contains(rival.value)) return "contradicts"
  }
  // As far from the stated number as the rival, on the other side: such a wide interval tells nothing either.
  if (fits && stated !== undefined && rival !== undefined && contains(2 * stated - rival.value)) return "open"
  const isInDifference = differs !== undefined && samples.every((value) => differs.holds(value) && !isNearRival(value))
  if (!fits) return isInDifference ? "differs" : "contradicts"
  if (!holds(measured)) return isInDifference ? "differs" : "open"
  if (spread !== null && stated !== undefined && !contains(stated)) return "excludes"
  // An interval wider than the tolerance agrees only around a stated number, and with a rival that lies outside.
  return samples.every(holds) || (stated !== undefined && rival !== undefined) ? "agrees" : "open"
}

/** Why the verdict is `open`. */
export const reasonOpen = ({ measured, spread }: Measured, question: Question): string => {
  const { rival, stated = question.expect.stated } = question
  const contains = (value: number): boolean => Math.abs(value - measured) <= (spread ?? 0)
  if (rival !== undefined && spread === null)
    return `nothing gives the number an interval, and its rival is ${rival.text}`
  if (rival !== undefined && contains(rival.value)) return `the interval contains the rival: ${rival.text}`
  return rival !== undefined && stated !== undefined && contains(2 * stated - rival.value)
    ? "the interval reaches as far from the stated number as the rival is"
    : "the interval contains values that fit and values that do not"
}
