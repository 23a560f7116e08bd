// The claims about figures 4, 5 and 6, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { above, atLeast, below, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere } from "./claim.ts"

const by = ["n", "replica"]
const x = "n"
const sum = { layer: "sum" } as const

/** The summed mean change of two kinds of nets, the first over the second, at some sizes. */
const ratio = (
  [minuend, subtrahend]: readonly [
    Readonly<Record<string, string | number>>,
    Readonly<Record<string, string | number>>,
  ],
  n: ReadonlyArray<number>,
  y = "meanMoved",
) => ({ of: "ratio", y, by, where: { ...sum, n }, minuend, subtrahend }) as const

const one = { depth: 1 }
const two = { depth: 2, variant: "published" }
const three = { depth: 3, variant: "published" }

const falling = (
  figure: string,
  table: string,
  id: string,
  net: Readonly<Record<string, string | number>>,
  words: string,
): Claim => ({
  id,
  figure,
  table,
  rival: { value: 0, text: "no order" },
  quantity: { of: "rank", x, y: "meanMoved", by: ["replica"], where: { ...sum, ...net }, ...everywhere },
  claim: `The movement of ${words} falls as n grows. (Measured: the rank correlation of the summed mean change and n.)`,
  source: "Fig. 4a and 6",
  published: "falls at every step but few",
  expect: below(-0.9),
})

/** Figure 4. `sizes` are those of the table. */
export const twoClaims = (table: string, sizes: ReadonlyArray<number>): ReadonlyArray<Claim> => {
  const [few, most] = [sizes.filter((n) => n <= 1000), [Math.max(...sizes)]]
  const figure = "4"
  return [
    falling(figure, table, "one-falls", one, "one layer"),
    falling(figure, table, "two-falls", two, "two layers"),
    {
      id: "two-worse",
      figure,
      table,
      rival: { value: 1, text: "the same movement" },
      quantity: ratio([two, one], few),
      claim:
        "Two hidden layers move more than one. (Measured: the ratio of the summed mean changes for n up to 1,000, " +
        "with widths n/2 and n/20.)",
      source: "Fig. 4a, Sec. 6",
      published: "0.27 over 0.17 at n = 200: 1.6",
      expect: above(1),
    },
    {
      id: "two-same-value",
      figure,
      table,
      quantity: ratio([two, one], most),
      claim: "For large n one and two layers move equally far. (Measured: the ratio at the largest n.)",
      source: "Fig. 4a",
      published: "0.046 over 0.044 at n = 6,000: 1.05",
      stated: 1.05,
      expect: within(1, 0.4),
    },
    {
      id: "two-weights",
      figure,
      table,
      quantity: ratio([two, one], most, "weights"),
      claim:
        "Both nets have the same number of hidden weights, d n. (Measured: the ratio of these numbers at the largest " +
        "n.)",
      source: "Sec. 5",
      published: "1 by the text; 15.5 at n = 6,000 in the program",
      expect: within(1, 0.05),
      declared: {
        verdict: "contradicts",
        reason:
          "Widths of n/2 and n/20 give 5 n + n²/40 weights. This is 10 n only at n = 200, the first point of the " +
          "figure. At n = 6,000 it is 15.5 times as much.",
      },
    },
    {
      id: "two-worse-matched",
      figure,
      table,
      kind: "own",
      rival: { value: 1, text: "the same movement" },
      quantity: ratio([{ depth: 2, variant: "matched" }, one], few),
      claim:
        "With truly as many hidden weights two layers still move more than one. (Measured: the ratio for n up to " +
        "1,000.)",
      source: "Fig. 4a",
      published: "not measured",
      expect: above(1),
    },
    {
      id: "two-matched-large",
      figure,
      table,
      kind: "own",
      rival: { value: 1, text: "the same movement" },
      quantity: ratio([{ depth: 2, variant: "matched" }, one], most),
      claim:
        "With truly as many hidden weights two layers do not come down to the movement of one: at the largest n they " +
        "move at least half as far again. (Measured: the ratio.)",
      source: "Fig. 4a",
      published: "not measured",
      expect: atLeast(1.5),
    },
    {
      id: "shared-draw",
      figure,
      table,
      kind: "own",
      quantity: ratio([two, { depth: 2, variant: "independent" }], sizes),
      claim:
        "That all layers are drawn from the same numbers changes the movement by less than a tenth. (Measured: the " +
        "ratio to independent draws.)",
      source: "The program",
      published: "not measured",
      expect: within(1, 0.1),
    },
    {
      id: "two-unfit",
      figure,
      table,
      kind: "own",
      quantity: { of: "count", where: { ...sum, converged: false } },
      claim:
        "At most one in twenty nets of this figure does not fit its points. (Measured: the number of nets that do " +
        "not.)",
      source: "Fig. 4",
      expect: within(0, Math.ceil(sizes.length / 5)),
    },
  ]
}

/** Figures 5 and 6. */
export const threeClaims = (table: string, sizes: ReadonlyArray<number>): ReadonlyArray<Claim> => {
  const large = sizes.filter((n) => n >= 2400)
  const figure = "5"
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
        from: 600,
      },
      claim:
        "The movement of three layers falls as fast as that of two, or faster. (Measured: its power in n minus that " +
        "of two layers, from n = 600 on.)",
      source: "Fig. 6, Sec. 6",
      published: "similar or faster",
      expect: below(0.1),
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
      figure,
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
      figure,
      table,
      rival: { value: 1, text: "the same movement" },
      quantity: layers("third", "second"),
      claim: "The third of three layers moves more than the second, for n from 2,400 on. (Measured: the ratio.)",
      source: "Fig. 5",
      published: "0.015 over 0.009 at n = 6,000: 1.7",
      expect: above(1),
    },
    {
      id: "three-unfit",
      figure,
      table,
      kind: "own",
      quantity: { of: "count", where: { ...sum, depth: 3, converged: false } },
      claim:
        "Some nets with three layers do not fit their points. (Measured: the number of nets that do not, of all sizes " +
        "and variants.)",
      source: "Fig. 6",
      published: "not said",
      expect: atLeast(1),
    },
    {
      id: "saddle-loss",
      figure,
      table,
      kind: "own",
      quantity: { of: "mean", y: "loss", where: { ...sum, depth: 3, converged: false } },
      claim: "Nets that do not fit stay where the output is constant. (Measured: the mean of their losses at the end.)",
      source: "Fig. 6, the outlier at n = 5,400",
      published: "ln 2 = 0.69 for a constant output",
      expect: within(0.69, 0.02),
    },
    {
      id: "saddle-movement",
      figure,
      table,
      kind: "own",
      quantity: { of: "mean", y: "meanMoved", where: { ...sum, depth: 3, converged: false } },
      claim:
        "The outlier of the report looks like a net that stays at the saddle. (Measured: the mean of the summed " +
        "changes of the nets that do not fit.)",
      source: "Fig. 6, the outlier at n = 5,400",
      published: "0.014",
      expect: within(0.014, 0.006),
    },
  ]
}
