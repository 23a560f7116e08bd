// Figure 1a: the error of fully connected nets against their width, at fixed alpha: of ReLU nets, as the program has
// it,
// and of softplus nets, as the text's setup (A) does.
import { above, atMost, below, within, type Expectation } from "../../pipeline/check.ts"
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { smooth } from "../../stages/analysis/smooth.ts"
import { judgedBy, net, unfitted } from "./claim.ts"
import { Count, decades, replicasOf, scaleOf, Scales, Widths } from "./common.ts"
import type { Lab } from "./lab.ts"
import { section } from "./section.ts"

/** So many widths, even on a logarithmic axis but where whole numbers lie too close. */
const spaced = (from: number, to: number, count: number): ReadonlyArray<number> => {
  for (let steps = count - 1; ; steps++) {
    const widths = [
      ...new Set(Array.from({ length: steps + 1 }, (_, i) => Math.round(from * (to / from) ** (i / steps)))),
    ]
    if (widths.length >= count) return widths
  }
}

/** Of nets at every width and alpha, and of their frozen kernels at every width. */
const errorsOf = (
  lab: Lab,
  c: {
    readonly depth1a: number
    readonly widths1a: ReadonlyArray<number>
    readonly alpha1a: ReadonlyArray<number>
    readonly replicas1a: number
  },
  activation: "relu" | "softplus",
) => {
  const data = lab.parity()
  const nets = grid({ h: c.widths1a, replica: replicasOf(c.replicas1a) }).map(({ h, replica }) =>
    lab.fc(activation, c.depth1a, h, replica),
  )
  const runs = nets.flatMap((net) =>
    c.alpha1a.map((alpha) => ({ alpha, ...lab.run({ data, net, sqrtHAlpha: scaleOf(alpha, net.labels.h) }) })),
  )
  const frozen = nets.map((net) => ({ net, learned: lab.frozen({ data, net }) }))
  return lab.together(
    activation === "relu" ? "errors-1a" : "errors-1a-softplus",
    [
      ...runs.map(
        ({ alpha, cell, measured }) =>
          [{ h: cell.h, alpha: `${alpha}`, replica: cell.replica }, measured.out.observables] as const,
      ),
      ...frozen.map(
        ({ net, learned }) =>
          [{ h: net.labels.h, alpha: "frozen kernel", replica: net.labels.replica }, learned.out.end] as const,
      ),
    ],
    { columns: ["testError", "converged"] },
  )
}

export const width = section({
  settings: {
    depth1a: setting(Count, 3, "hidden layers of the nets of figure 1a"),
    widths1a: setting(Widths, [16, 32, 64, 128], "their widths"),
    alpha1a: setting(Scales, [0.01, 1, 100], "their α, from small to large"),
    replicas1a: setting(Count, 5, "their initial nets"),
  },
  scales: {
    medium: { depth1a: 5, widths1a: [16, 32, 64, 128, 200], alpha1a: [0.01, 1, 100, 1000] },
    paper: { depth1a: 5, widths1a: spaced(4, 1577, 52), alpha1a: decades(-3, 3), replicas1a: 1 },
  },
  nodes: (lab, c) => {
    const [errors, softplusErrors] = [errorsOf(lab, c, "relu"), errorsOf(lab, c, "softplus")]
    const [least, most] = [`${Math.min(...c.alpha1a)}`, `${Math.max(...c.alpha1a)}`]
    const wide = Math.max(...c.widths1a)
    // Nets of a few units cannot fit many points.
    const narrow = Math.min(...c.widths1a.filter((h) => h >= Math.min(50, wide / 8)))
    const wider = c.widths1a.filter((h) => h >= Math.min(100, wide / 2))
    const y = "testError"
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
    const summary = lab.summary("1a", errors, [
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
    ])
    const softplus = lab.summary("1a-softplus", softplusErrors, [
      { name: "softplus-frozen-gap", ...frozenGap },
      { name: "softplus-feature-gain", ...gain },
      { name: "all-fit-1a-softplus", of: "count", where: { h: wider, converged: false } },
    ])
    const curves = {
      x: { field: "h", title: "width h" },
      color: { field: "alpha", title: "α" },
      over: "replica",
    } as const
    const figure = lab.plot(
      "1a",
      {
        description:
          "The test error of ReLU nets against their width for several α, and of learning with the kernel " +
          "frozen at the start: wider nets err less, small α less than large, and large α errs as the frozen " +
          "kernel does.",
        ...curves,
        y: { field: y, title: "test error", scale: "linear" },
        marked: unfitted,
        guides: [
          {
            kind: "published",
            points: [
              [100, 0.11],
              [800, 0.075],
            ],
            label: "paper, α = 1000 and frozen",
          },
          {
            kind: "published",
            points: [
              [100, 0.0845],
              [800, 0.0655],
            ],
            label: "paper, α below 0.1",
          },
          {
            kind: "published",
            points: [
              [14, 0.16],
              [100, 0.099],
              [800, 0.072],
            ],
            label: "paper, α = 10",
          },
        ],
      },
      errors,
    )
    const softplusFigure = lab.plot(
      "1a-softplus",
      {
        description:
          "The test error of softplus nets against their width for several α, and of learning with the kernel " +
          "frozen at the start.",
        ...curves,
        y: { field: y, title: "test error", scale: "linear" },
        marked: unfitted,
      },
      softplusErrors,
    )
    const smoothed = node(
      smooth,
      { x: "h", y, by: ["alpha", "replica"], places: 50, sigma: 2 },
      { table: errors },
      { figure: "1a" },
    ).out.table
    const asDrawn = lab.plot(
      "1a-smoothed",
      {
        description: "The same errors, smoothed along the width as the paper's program does it.",
        ...curves,
        y: { field: y, title: "test error, smoothed", scale: "linear" },
        marks: "lines",
        spread: "band",
      },
      smoothed,
    )
    const falls = lab.summary(
      "1a-smoothed",
      smoothed,
      (
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
      })),
    )
    return { errors, softplusErrors, smoothed, summary, softplus, falls, figure, softplusFigure, asDrawn }
  },
  checks: ({ summary, softplus, falls }) => {
    const [judged, ofSoftplus, smoothly] = [judgedBy(summary), judgedBy(softplus), judgedBy(falls)]
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
  },
  figures: ({ figure, errors, softplusFigure, softplusErrors, asDrawn, smoothed }, { n, depth1a }) => [
    {
      id: "1a",
      title: "Error and width",
      caption:
        "ReLU, as in the program, although setup (A) in the text is softplus: that is the next figure. " +
        `${depth1a} hidden layers, ${n} points. Means over initial nets, each net behind. The paper draws one ` +
        "net for each of 52 widths and smooths along the width; here nothing is. Its points, read off the " +
        "figure, are for 5,000 training points and five hidden layers. After Fig. 1a.",
      figure,
      table: errors,
      checks: [
        "width-helps-feature",
        "width-helps-lazy",
        "width-feature-gain",
        "width-gap-closes",
        "width-frozen-gap",
        "all-fit-1a",
      ],
    },
    {
      id: "1a-softplus",
      title: "Error and width, with softplus",
      caption:
        "What the text describes: setup (A) has softplus where the program of figure 1a has ReLU. Else as there: " +
        `${depth1a} hidden layers, ${n} points. The paper does not draw it.`,
      figure: softplusFigure,
      table: softplusErrors,
      checks: ["softplus-feature-gain", "softplus-frozen-gap", "all-fit-1a-softplus"],
    },
    {
      id: "1a-smoothed",
      title: "Error and width, as the program draws them",
      caption:
        "The caption in the paper speaks of a running average. Its program takes each curve to 50 widths, even " +
        "on the axis, on straight lines between the measured ones, and averages there with a Gaussian window " +
        "of two such steps: so here, for each net; drawn are the means over nets and how far they reach. After " +
        "Fig. 1a.",
      figure: asDrawn,
      table: smoothed,
      checks: ["width-smoothed-feature", "width-smoothed-lazy"],
    },
  ],
})
