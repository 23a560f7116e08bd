// The claims about figures 3b and 3c, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { atMost, between, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, feature, lazy, net, ofWidth } from "./claim.ts"

interface Grid {
  readonly widths: ReadonlyArray<number>
  readonly sqrtHAlpha: ReadonlyArray<number>
  readonly halved: ReadonlyArray<number>
  readonly lazyScale: number
}

const x = "sqrtHAlpha"

export const timeClaims = ({ widths, sqrtHAlpha: scales, halved, lazyScale }: Grid): ReadonlyArray<Claim> => [
  {
    id: "t1-slope-feature",
    rival: { value: 0, text: "the constant time of the lazy regime" },
    figure: "3c",
    table: "phase",
    quantity: { of: "slope", x, y: "t1", by: net, from: feature.from, to: 0.3 },
    claim: "Feature learning: the time t₁, at which the loss has halved, grows as √h·α.",
    source: "Fig. 3c, eq. 10",
    published: "slope 1",
    expect: within(1, 0.1),
  },
  {
    id: "t1-collapse-feature",
    rival: { value: -0.5, text: "α decides" },
    figure: "3b",
    table: "halves",
    quantity: ofWidth("t", halved, feature),
    claim:
      "Feature learning: as a function of t/(√h·α) the losses of all widths halve together. (Measured: the power " +
      "of t₁ in h at fixed √h·α. It is 0 if √h·α decides, and −1/2 if α decides.)",
    source: "Fig. 3b, right",
    published: "curves meet at one half: 0",
    expect: within(0, 0.25),
    at: { large: within(0, 0.15), paper: within(0, 0.15) },
  },
  {
    id: "t1-collapse-lazy",
    rival: { value: -0.5, text: "a time that falls as 1/√h" },
    figure: "3b",
    table: "halves",
    quantity: ofWidth("t", halved, lazy),
    claim:
      "Lazy regime: the time t₁, at which the loss has halved, does not depend on the width. (Measured: the power " +
      "of t₁ in h.)",
    source: "Fig. 3b and 3c, Sec. 5",
    published: "t₁ of 5 to 8 at every width: 0",
    expect: within(0, 0.25),
  },
  {
    id: "t2-constant-lazy",
    figure: "3c",
    table: "phase",
    quantity: { of: "variation", x, y: "t2", by: net, ...lazy },
    claim:
      "Lazy regime: the time t₂, at which all training points are fitted, does not depend on α. (Measured: the " +
      "largest relative variation of t₂ within one net.)",
    source: "Fig. 3b and 3c",
    published: "constant",
    expect: atMost(0.08),
    at: { large: atMost(0.05), paper: atMost(0.05) },
  },
  {
    id: "t2-collapse-lazy",
    figure: "3c",
    table: "lazies",
    rival: { value: -0.58, text: "the fall that Fig. 3c shows" },
    quantity: ofWidth("t2", [lazyScale], lazy),
    claim:
      "Lazy regime: the time t₂, at which all training points are fitted, does not depend on the width. (Measured: " +
      "its power in h. The text says so; Fig. 3c shows a fall.)",
    source: "Sec. 1 and 5",
    published: "the dynamics in time does not depend on h: 0",
    expect: within(0, 0.25),
    declared: {
      verdict: "contradicts",
      reason:
        "Figure 3c of the paper shows the same fall (t2-width-lazy). The text speaks of infinite width; the last " +
        "points to be fitted lie along the smallest eigenvalues of the kernel, which depend on the width most.",
    },
  },
  {
    id: "t2-width-lazy",
    figure: "3c",
    table: "lazies",
    rival: { value: 0, text: "no dependence on the width" },
    stated: -0.58,
    quantity: ofWidth("t2", [lazyScale], lazy),
    claim:
      "Lazy regime: the time t₂, at which all training points are fitted, falls with the width. (Measured: its " +
      "power in h. The figure shows it; the text does not say it.)",
    source: "Fig. 3c",
    published: "2e5 at h = 100, 6e4 at h = 800: −0.58",
    expect: between(-1, -0.2),
  },
  {
    id: "t1-constant-lazy",
    figure: "3b",
    table: "phase",
    quantity: { of: "variation", x, y: "t1", by: net, ...lazy },
    claim:
      "Lazy regime: the time t₁, at which the loss has halved, does not depend on α. (Measured: the largest " +
      "relative variation of t₁ within one net.)",
    source: "Fig. 3b and 3c",
    published: "constant",
    expect: atMost(0.08),
    at: { medium: atMost(0.05), large: atMost(0.02), paper: atMost(0.02) },
  },
  {
    id: "lazy-curves",
    figure: "3b",
    table: "curves",
    quantity: {
      of: "crossings",
      x: "t",
      y: "loss",
      by: [x],
      level: 0.1,
      direction: "falling",
      scale: "linear",
      where: { h: Math.max(...widths), [x]: scales.filter((scale) => scale >= lazy.from) },
      ...everywhere,
    },
    claim:
      "Lazy regime: the time at which a tenth of the loss is left does not depend on α. (Measured: the largest of " +
      "these times divided by the smallest, for one net of the largest width.)",
    source: "Fig. 3b",
    published: "curves on top of each other",
    expect: atMost(1.08),
    at: { medium: atMost(1.05), large: atMost(1.02), paper: atMost(1.02) },
  },
  {
    id: "t2-slope-feature",
    rival: { value: 1, text: "t₂ grows as t₁ does" },
    stated: 1.5,
    figure: "3c",
    table: "phase",
    quantity: { of: "slope", x, y: "t2", by: net, ...feature },
    claim:
      "Feature learning: the time t₂, at which all training points are fitted, grows faster than √h·α. The " +
      "triangle in the paper's figure gives the power 3/2.",
    source: "Fig. 3c (the triangle; the text does not say)",
    published: "slope 3/2",
    expect: between(1.1, 1.6),
  },
]
