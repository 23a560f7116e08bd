// The claims about figure 1a, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { above, atMost, below, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, net } from "./claim.ts"

interface Grid {
  readonly widths: ReadonlyArray<number>
  readonly alpha: ReadonlyArray<number>
}

const y = "testError"

/** The ends of the axes, and the widths at which nets can fit their points. */
const endsOf = ({ widths, alpha }: Grid) => {
  const [least, most] = [`${Math.min(...alpha)}`, `${Math.max(...alpha)}`]
  const wide = Math.max(...widths)
  // Nets of a few units cannot fit many points.
  const narrow = Math.min(...widths.filter((h) => h >= Math.min(50, wide / 8)))
  const wider = widths.filter((h) => h >= Math.min(100, wide / 2))
  return { least, most, narrow, wide, wider }
}

export const claimsOf = (c: Grid): ReadonlyArray<Claim> => {
  const { least, most, narrow, wide, wider } = endsOf(c)
  // The comparisons: small alpha with large alpha, large alpha with the frozen kernel, narrow nets with wide nets.
  const gain = {
    of: "difference",
    y,
    by: net,
    where: { h: wider },
    minuend: { alpha: most },
    subtrahend: { alpha: least },
  } as const
  const frozenGap = {
    of: "distance",
    y,
    by: net,
    where: { h: wider },
    minuend: { alpha: most },
    subtrahend: { alpha: "frozen kernel" },
  } as const
  const fallsAt = (alpha: string) =>
    ({
      of: "difference",
      y,
      by: ["replica"],
      where: { alpha },
      minuend: { h: narrow },
      subtrahend: { h: wide },
    }) as const
  const rankAt = (alpha: string) =>
    ({ of: "rank", x: "h", y, by: ["replica"], where: { alpha }, from: narrow, to: wide }) as const
  const unfitted = { of: "count", where: { h: wider, converged: false } } as const
  const falling = {
    source: "Fig. 1a and its program",
    published: "from h = 50 on",
    expect: below(-0.5),
    at: { large: below(-0.9), paper: below(-0.9) },
    scales: ["medium", "large", "paper"],
  }
  const notDrawn = { source: "Setup (A) in the text, for Fig. 1a", published: "not drawn" }
  return [
    {
      id: "width-helps-feature",
      figure: "1a",
      quantity: fallsAt(least),
      claim:
        "At small α wider nets have a smaller error. (Measured: the error of the narrowest nets minus the error of " +
        "the widest nets.)",
      source: "Fig. 1a",
      published: "11 % at h = 10, 6.6 % at h = 800",
      expect: above(0),
    },
    {
      id: "width-helps-lazy",
      figure: "1a",
      quantity: fallsAt(most),
      claim:
        "At large α wider nets have a smaller error. (Measured: the error of the narrowest nets minus the error of " +
        "the widest nets.)",
      source: "Fig. 1a",
      published: "19 % at h = 10, 7.5 % at h = 800",
      expect: above(0),
    },
    {
      id: "width-smoothed-feature",
      rival: { value: 0, text: "no order" },
      figure: "1a-smoothed",
      quantity: rankAt(least),
      claim:
        "Smoothed along the width as in the authors' program, the error at the smallest α falls with the width. " +
        "(Measured: the rank correlation within each net.)",
      ...falling,
    },
    {
      id: "width-smoothed-lazy",
      rival: { value: 0, text: "no order" },
      figure: "1a-smoothed",
      quantity: rankAt(most),
      claim:
        "Smoothed along the width as in the authors' program, the error at the largest α falls with the width. " +
        "(Measured: the rank correlation within each net.)",
      ...falling,
    },
    {
      id: "width-order",
      stated: 1,
      figure: "1a",
      rival: { value: 0, text: "no order" },
      quantity: { of: "rank", x: "alpha", y, by: net, where: { h: wider }, ...everywhere },
      claim:
        "The error rises with α step by step. (Measured: the rank correlation of α and the error within each net, at " +
        "the larger widths.)",
      source: "Fig. 1a",
      published: "ordered by α at every width",
      expect: above(0.5),
    },
    {
      id: "width-feature-gain",
      figure: "1a",
      quantity: gain,
      claim:
        "At equal width nets of small α have a smaller error than nets of large α. (Measured: the difference at the " +
        "larger widths.)",
      source: "Fig. 1a",
      published: "2.5 points at h = 100, 1 point at h = 800",
      expect: above(0),
      at: { medium: above(0.005), large: above(0.005), paper: above(0.005) },
    },
    {
      id: "width-gap-closes",
      figure: "1a",
      quantity: { ...gain, of: "trend", where: { h: c.widths.filter((h) => h >= narrow) } },
      claim:
        "The difference in error between large and small α decreases with the width. (Measured: the rank correlation " +
        "of the difference and the width.)",
      source: "Abstract (ii), Fig. 1a",
      published: "2.5 to 1 points",
      expect: below(0),
      scales: ["medium", "large", "paper"],
    },
    {
      id: "all-fit-1a",
      kind: "own",
      figure: "1a",
      quantity: unfitted,
      claim:
        "These nets fit all their training points. (Measured: the number of wide nets that do not. Figures show " +
        "these nets, claims leave them out.)",
      source: "Fig. 1a",
      published: "all nets with h ≥ 100",
      expect: within(0, 0),
    },
    {
      id: "width-frozen-gap",
      rival: { value: 0.011, text: "the difference between the regimes" },
      figure: "1a",
      quantity: frozenGap,
      claim:
        "Nets of large α have the same error as learning with the kernel frozen at the start. (Measured: the " +
        "distance of the two errors at the larger widths.)",
      source: "Fig. 1a",
      published: "the curves meet for α above 100",
      expect: atMost(0.005),
    },
    {
      id: "softplus-feature-gain",
      figure: "1a-softplus",
      quantity: gain,
      claim:
        "Softplus nets: at equal width nets of small α have a smaller error than nets of large α. (Measured: the " +
        "difference at the larger widths.)",
      ...notDrawn,
      expect: above(0),
    },
    {
      id: "softplus-frozen-gap",
      kind: "own",
      rival: { value: 0.011, text: "the difference between the regimes" },
      figure: "1a-softplus",
      quantity: frozenGap,
      claim:
        "Softplus nets: nets of large α have the same error as the frozen kernel. (Measured: the distance of the two " +
        "errors at the larger widths.)",
      ...notDrawn,
      expect: atMost(0.005),
    },
    {
      id: "all-fit-1a-softplus",
      kind: "own",
      figure: "1a-softplus",
      quantity: unfitted,
      claim:
        "Softplus nets: these nets fit all their training points. (Measured: the number of wide nets that do not.)",
      ...notDrawn,
      expect: within(0, 0),
    },
  ]
}
