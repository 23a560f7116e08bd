// What the claims about nets with two and with three hidden layers have in common.
// Knows nothing about single figures.
import { below } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { LAZY } from "./claim.ts"

export const by = ["n", "replica"]
export const x = "n"
export const sum = { layer: "sum" } as const

/** The summed mean change of two kinds of nets, the first over the second, at some sizes. */
export const ratio = (
  [minuend, subtrahend]: readonly [
    Readonly<Record<string, string | number>>,
    Readonly<Record<string, string | number>>,
  ],
  n: ReadonlyArray<number>,
  y = "meanMoved",
) => ({ of: "ratio", y, by, where: { ...sum, n }, minuend, subtrahend }) as const

export const one = { depth: 1 }
export const two = { depth: 2, variant: "published" }
export const three = { depth: 3, variant: "published" }
/** Wide nets are said to be lazy; relative to their start their weights move far. */
export const notLazy = (
  id: string,
  figure: string,
  table: string,
  where: Readonly<Record<string, string | number | ReadonlyArray<number>>>,
  depth: string,
): Claim => ({
  id,
  figure,
  table,
  quantity: { of: "mean", y: "relative", where: { ...sum, ...where } },
  claim:
    `Wide nets with ${depth} hidden layers are lazy. (Measured: the movement of the hidden weights relative to their ` +
    `start, at the largest n. This page calls a movement below ${LAZY} lazy.)`,
  source: "Abstract, Sec. 5 and 7",
  published: "approaching laziness",
  expect: below(LAZY),
  declared: {
    verdict: "contradicts",
    reason:
      "Weights that begin between −0.05 and 0.05 move by about their own length or more in the nets that fit their " +
      "points.",
  },
})
