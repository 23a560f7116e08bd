// The claims about figures 5 and 6, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { above, atLeast, below, between, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere } from "./claim.ts"
import { by, notLazy, one, ratio, sum, three, two, x } from "./deep-claim.ts"

/** Nets of three layers that did not fit; matched nets are left out, since some of them are the same nets. */
const stuck = { ...sum, depth: 3, variant: ["published", "independent"], converged: false }

/** Figures 5 and 6. */
export const threeClaims = (table: string, sizes: ReadonlyArray<number>): ReadonlyArray<Claim> => {
  const large = sizes.filter((n) => n >= 2400)
  const figure = "6"
  const layers = (first: string, second: string) =>
    ({
      of: "ratio",
      y: "meanMoved",
      by,
      where: { ...three, n: large },
      minuend: { layer: first },
      subtrahend: { layer: second },
    }) as const
  return [
    {
      id: "three-faster",
      figure,
      table,
      quantity: {
        of: "slope difference",
        x,
        y: "meanMoved",
        by: ["replica"],
        where: sum,
        minuend: three,
        subtrahend: two,
        ...everywhere,
      },
      claim:
        "The movement of three layers falls as fast as that of two, or faster. (Measured: its power in n minus that " +
        "of two layers.)",
      source: "Fig. 6, Sec. 6",
      published: "similar or faster; −0.48 and −0.57 by its first and last points: 0.09",
      expect: below(0),
      differs: between(-0.25, 0.25),
    },
    {
      id: "three-same-value",
      figure,
      table,
      quantity: ratio([three, one], large),
      claim: "For n from 2,400 on, one and three layers move equally far. (Measured: the ratio of the summed changes.)",
      source: "Fig. 6",
      published: "0.048 over 0.044 at n = 6,000: 1.09",
      stated: 1.09,
      expect: within(1, 0.35),
    },
    {
      id: "first-above-third",
      figure: "5",
      table,
      rival: { value: 1, text: "the same movement" },
      quantity: layers("first", "third"),
      claim: "The first of three layers moves more than the third, for n from 2,400 on. (Measured: the ratio.)",
      source: "Fig. 5",
      published: "0.024 over 0.015 at n = 6,000: 1.6",
      expect: above(1),
    },
    {
      id: "third-above-second",
      figure: "5",
      table,
      rival: { value: 1, text: "the same movement" },
      quantity: layers("third", "second"),
      claim: "The third of three layers moves more than the second, for n from 2,400 on. (Measured: the ratio.)",
      source: "Fig. 5",
      published: "0.015 over 0.009 at n = 6,000: 1.7",
      expect: above(1),
    },
    notLazy("three-lazy", "6", table, { ...three, n: [Math.max(...sizes)] }, "three"),
    {
      id: "three-unfit",
      figure: "6",
      table,
      kind: "own",
      quantity: { of: "count", where: stuck },
      claim:
        "Some nets with three layers do not fit their points. (Measured: the number of nets with the widths of the " +
        "report that do not.)",
      source: "Fig. 6",
      published: "not said",
      expect: atLeast(1),
    },
    {
      id: "saddle-loss",
      figure: "6",
      table,
      kind: "own",
      quantity: { of: "mean", y: "loss", where: stuck },
      claim: "Nets that do not fit stay where the output is constant. (Measured: the mean of their losses at the end.)",
      source: "Fig. 6, the outlier at n = 5,400",
      published: "0.6923 for the constant output that is best for 48 ones of 100",
      stated: 0.6923,
      expect: within(0.6923, 0.005),
    },
    {
      id: "saddle-movement",
      figure: "6",
      table,
      kind: "own",
      quantity: { of: "smallest", y: "meanMoved", where: stuck },
      claim:
        "A net that stays at the saddle can move as little as the outlier of the report. (Measured: the smallest " +
        "summed change of a net that does not fit.)",
      source: "Fig. 6, the outlier at n = 5,400",
      published: "0.014",
      expect: within(0.014, 0.004),
    },
  ]
}
