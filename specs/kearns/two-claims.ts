// The claims about figure 4, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { above, atLeast, below, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere } from "./claim.ts"
import { notLazy, one, ratio, sum, two, x } from "./deep-claim.ts"

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
  published: "falls at nearly every step",
  expect: below(-0.9),
})

/** Figure 4. `sizes` are those of the table. */
export const twoClaims = (table: string, sizes: ReadonlyArray<number>, replicas: number): ReadonlyArray<Claim> => {
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
        "move at least 1.5 times as far. (Measured: the ratio.)",
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
        "That all layers are drawn from the same numbers changes the movement by less than a tenth, on average over " +
        "n. (Measured: the ratio to independent draws.)",
      source: "The program",
      published: "not measured",
      expect: within(1, 0.1),
    },
    {
      id: "two-relative",
      figure,
      table,
      kind: "own",
      rival: { value: 1, text: "the same movement" },
      quantity: ratio([two, one], most, "relative"),
      claim:
        "Relative to their start, the weights of two layers move less than those of one at the largest n. (Measured: " +
        "the ratio of the relative changes.)",
      source: "Fig. 4a",
      published: "not measured",
      expect: below(1),
    },
    {
      id: "root-slope",
      figure,
      table,
      kind: "own",
      quantity: { of: "slope", x, y: "root", by: ["replica"], where: { ...sum, ...one }, ...everywhere },
      claim:
        "The curve of figure 4b falls by little more than the division by n makes it fall. (Measured for one layer: " +
        "its power in n; the division alone gives −1.)",
      source: "Fig. 4b",
      published: "not measured",
      expect: within(-1.2, 0.1),
    },
    notLazy("two-lazy", figure, table, { ...two, n: most }, "two"),
    {
      id: "two-unfit",
      figure,
      table,
      kind: "own",
      quantity: { of: "count", where: { ...sum, converged: false } },
      claim:
        "At most one in five nets of this figure does not fit its points. (Measured: the number of nets that do not.)",
      source: "Fig. 4",
      expect: within(0, Math.floor((4 * sizes.length * replicas) / 5)),
    },
  ]
}
