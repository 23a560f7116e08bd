// By which numbers the claims of figure 1a are judged.
import { above, atMost, below, within, type Check, type Expectation } from "../../pipeline/check.ts"
import type { Output } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"
import type { Quantity } from "../../stages/analysis/quantity.ts"
import { judgedBy } from "../support/claims.ts"
import { net } from "./claim.ts"

interface Grid {
  readonly widths1a: ReadonlyArray<number>
  readonly alpha1a: ReadonlyArray<number>
}

const y = "testError"

/** The ends of the axes, and the widths at which nets can be expected to fit. */
const endsOf = ({ widths1a, alpha1a }: Grid) => {
  const [least, most] = [`${Math.min(...alpha1a)}`, `${Math.max(...alpha1a)}`]
  const wide = Math.max(...widths1a)
  // Nets of a few units cannot fit many points.
  const narrow = Math.min(...widths1a.filter((h) => h >= Math.min(50, wide / 8)))
  const wider = widths1a.filter((h) => h >= Math.min(100, wide / 2))
  return { least, most, narrow, wide, wider }
}

/** Small alpha against large, and large alpha against the frozen kernel. */
const gapsOf = (c: Grid) => {
  const { least, most, wider } = endsOf(c)
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
  return { gain, frozenGap }
}

export const reluQuantities = (c: Grid): ReadonlyArray<Quantity> => {
  const { least, most, narrow, wide, wider } = endsOf(c)
  const { gain, frozenGap } = gapsOf(c)
  return [
    {
      name: "width-gap-closes",
      of: "trend",
      y,
      by: ["h", "replica"],
      where: { h: c.widths1a.filter((h) => h >= narrow) },
      minuend: { alpha: most },
      subtrahend: { alpha: least },
    },
    { name: "all-fit-1a", of: "count", where: { h: wider, converged: false } },
    { name: "width-frozen-gap", ...frozenGap },
    { name: "width-feature-gain", ...gain },
    {
      name: "width-helps-feature",
      of: "difference",
      y,
      by: ["replica"],
      where: { alpha: least },
      minuend: { h: narrow },
      subtrahend: { h: wide },
    },
    {
      name: "width-helps-lazy",
      of: "difference",
      y,
      by: ["replica"],
      where: { alpha: most },
      minuend: { h: narrow },
      subtrahend: { h: wide },
    },
  ]
}

export const softplusQuantities = (c: Grid): ReadonlyArray<Quantity> => {
  const { wider } = endsOf(c)
  const { gain, frozenGap } = gapsOf(c)
  return [
    { name: "softplus-frozen-gap", ...frozenGap },
    { name: "softplus-feature-gain", ...gain },
    { name: "all-fit-1a-softplus", of: "count", where: { h: wider, converged: false } },
  ]
}

export const smoothedQuantities = (c: Grid): ReadonlyArray<Quantity> => {
  const { least, most, narrow, wide } = endsOf(c)
  return (
    [
      ["feature", least],
      ["lazy", most],
    ] as const
  ).map(([regime, alpha]) => ({
    name: `width-smoothed-${regime}`,
    of: "rank",
    x: "h",
    y,
    by: ["replica"],
    where: { alpha },
    from: narrow,
    to: wide,
  }))
}

interface Summaries {
  readonly relu: Output<Table>
  readonly softplus: Output<Table>
  readonly smoothed: Output<Table>
}

export const claimsOf = (summaries: Summaries): ReadonlyArray<Check> => {
  const [judged, ofSoftplus, smoothly] = [
    judgedBy(summaries.relu),
    judgedBy(summaries.softplus),
    judgedBy(summaries.smoothed),
  ]
  const gain: Expectation = above(0)
  const falling = {
    source: "Fig. 1a and its program",
    published: "from h = 50 on",
    expect: below(-0.5),
    at: { paper: below(-0.9) },
    scales: ["medium", "paper"],
  }
  return [
    judged("width-helps-feature", {
      claim: "At small α wider nets err less (the narrowest net's error less the widest's is judged).",
      source: "Fig. 1a",
      published: "11 % at h = 10, 6.6 % at h = 800",
      expect: gain,
    }),
    judged("width-helps-lazy", {
      claim: "At large α wider nets err less.",
      source: "Fig. 1a",
      published: "19 % at h = 10, 7.5 % at h = 800",
      expect: gain,
    }),
    smoothly("width-smoothed-feature", {
      claim:
        "Smoothed along the width as the program does it, the error at the smallest α falls with the width. " +
        "(Judged is the rank correlation within each net.)",
      ...falling,
    }),
    smoothly("width-smoothed-lazy", { claim: "So does the error at the largest α.", ...falling }),
    judged("width-feature-gain", {
      claim: "At one width nets of small α err less than nets of large α (judged at the larger widths).",
      source: "Fig. 1a",
      published: "2.5 points at h = 100, 1 point at h = 800",
      expect: gain,
      at: { medium: above(0.005), paper: above(0.005) },
    }),
    judged("width-gap-closes", {
      claim: "That difference in performance decreases with the width. (Judged is the rank correlation.)",
      source: "Abstract (ii), Fig. 1a",
      published: "2.5 to 1 points",
      expect: below(0),
      scales: ["medium", "paper"],
    }),
    judged("all-fit-1a", {
      claim:
        "These nets fit all their training points. (Judged is the number of the wider ones that do not; " +
        "figures show them, claims leave them out.)",
      source: "Fig. 1a",
      published: "all nets from h = 100 on",
      expect: within(0, 0),
    }),
    judged("width-frozen-gap", {
      claim: "Large α errs as learning with the kernel frozen at the start does (judged at the larger widths).",
      source: "Fig. 1a",
      published: "the curves meet for α above 100",
      expect: atMost(0.005),
    }),
    ofSoftplus("softplus-feature-gain", {
      claim:
        "With softplus, too, nets of small α err less than nets of large α at one width (judged at the " +
        "larger widths).",
      source: "Setup (A) in the text, for Fig. 1a",
      published: "not drawn",
      expect: gain,
    }),
    ofSoftplus("softplus-frozen-gap", {
      claim: "With softplus, too, large α errs as the frozen kernel does (judged at the larger widths).",
      source: "Setup (A) in the text, for Fig. 1a",
      published: "not drawn",
      expect: atMost(0.005),
    }),
    ofSoftplus("all-fit-1a-softplus", {
      claim: "The softplus nets fit all their training points. (Judged is the number of the wider ones that do not.)",
      source: "Setup (A) in the text, for Fig. 1a",
      published: "not drawn",
      expect: within(0, 0),
    }),
  ]
}
