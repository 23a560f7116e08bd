// Figure 7 and section 6: how the output grows while a net with two hidden layers learns, in units of the time t1 in
// which its loss halves, and how much each layer has moved since then.
import { atMost, between, within } from "../../pipeline/check.ts"
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { watch } from "../../stages/dynamics/watch.ts"
import { everywhere, judgedBy, unfitted, weightPower } from "./claim.ts"
import { Count, replicasOf, scaleOf, Scales, Widths } from "./common.ts"
import { named, type Lab } from "./lab.ts"
import { section } from "./section.ts"

const DEPTH = 2
const x = "sinceStart"
const by = ["h", "sqrtHAlpha", "replica"]

interface At {
  readonly h: number
  readonly sqrtHAlpha: number
  readonly replica: number
  readonly alpha: number
}

const line = (x: number, y: number) =>
  [{ kind: "slope", slope: 1, through: [x, y], from: 1e-3, to: 1, label: "slope 1" }] as const

const watched = (lab: Lab, n: number, { h, sqrtHAlpha, replica }: At) => {
  const [data, net] = [lab.parity(n), lab.fc("softplus", DEPTH, h, replica)]
  const params = { model: net.model, sqrtHAlpha, ...lab.training, ...lab.flow, points: lab.c.kernelPoints }
  return lab.once(
    node(
      watch,
      params,
      { data: data.train, weights: lab.start(net).out.weights, watched: data.test },
      named(data, net, { sqrtHAlpha }),
    ),
  )
}

export const output = section({
  settings: {
    n7: setting(Count, 100, "training points of figure 7"),
    widths7: setting(Widths, [50, 200], "widths of its nets"),
    sqrtHAlpha7: setting(Scales, [0.01, 1e4], "their √h·α: one of feature learning, one of the lazy regime"),
    replicas7: setting(Count, 5, "their initial nets"),
    width7a: setting(Count, 50, "width of the nets of panel (a)"),
    alpha7a: setting(Scales, [1e-3, 0.01, 0.1, 1, 10], "their α"),
    inflating7: setting(
      Scales,
      [0.001, 0.01, 0.1],
      "values of √h·α at which weights are watched until all points are fitted",
    ),
  },
  scales: {
    medium: { n7: 500, widths7: [50, 100, 200] },
    paper: { n7: 5000, widths7: [100, 400, 1600], sqrtHAlpha7: [0.01, 1e5], replicas7: 10, width7a: 400 },
  },
  nodes: (lab, c) => {
    const replica = replicasOf(c.replicas7)
    const wide = Math.max(...c.widths7)
    const [least, most] = [Math.min(...c.sqrtHAlpha7), Math.max(...c.sqrtHAlpha7)]
    const cellsOf = (h: ReadonlyArray<number>, sqrtHAlpha: ReadonlyArray<number>) =>
      grid({ h, sqrtHAlpha, replica }).map((at): At => ({ ...at, alpha: at.sqrtHAlpha / Math.sqrt(at.h) }))
    const cells = cellsOf(c.widths7, c.sqrtHAlpha7)
    const alphas = grid({ alpha: c.alpha7a, replica }).map((at): At => ({
      ...at,
      h: c.width7a,
      sqrtHAlpha: scaleOf(at.alpha, c.width7a),
    }))
    const curvesOf = (name: string, all: ReadonlyArray<At>) =>
      lab.together(
        name,
        all.map((at) => [{ ...at }, watched(lab, c.n7, at).out.curve]),
      )
    const [curves, scales] = [curvesOf("outputs", cells), curvesOf("outputs-7a", alphas)]
    const inflating = cells.filter(({ h, sqrtHAlpha, replica }) => h === wide && sqrtHAlpha === least && replica === 0)
    const layers = lab.together(
      "layers",
      inflating.map((at) => [{ ...at }, watched(lab, c.n7, at).out.layers]),
    )
    const inflations = lab.together(
      "inflations",
      cellsOf([wide], c.inflating7).map((at) => [{ ...at }, watched(lab, c.n7, at).out.end]),
      { columns: ["inflation", "amplification", "converged"] },
    )
    const feature = { sqrtHAlpha: least }
    const early = { x, from: 0.003, to: 0.1 }
    const atT1 = { where: { [x]: 1 } }
    const summaries = {
      curves: lab.summary("7", curves, [
        { name: "output-linear-feature", of: "slope", y: "moved", by, where: feature, ...early },
        { name: "output-linear-lazy", of: "slope", y: "moved", by, where: { sqrtHAlpha: most }, ...early },
        { name: "output-at-t1-least", of: "smallest", y: "scaled", ...atT1 },
        { name: "output-at-t1-most", of: "largest", y: "scaled", ...atT1 },
        { name: "output-growth", of: "collapse", y: "growth", by: ["h"], where: feature, x, from: 1, to: 1 },
      ]),
      scales: lab.summary(
        "7a",
        scales,
        (
          [
            ["least", Math.min],
            ["most", Math.max],
          ] as const
        ).map(([name, end]) => ({
          name: `output-linear-${name}`,
          of: "slope",
          y: "moved",
          by,
          where: { alpha: end(...c.alpha7a) },
          ...early,
        })),
      ),
      layers: lab.summary("layers", layers, [
        { name: "layers-alike", of: "collapse", x, y: "inflation", by: ["layer"], from: 1.01, to: 1e9 },
        { name: "layers-inflate", of: "largest", y: "inflation" },
      ]),
      inflations: lab.summary(
        "inflations",
        inflations,
        (["amplification", "inflation"] as const).map((y) => ({
          name: `${y}-power`,
          of: "slope",
          x: "sqrtHAlpha",
          y,
          by: ["replica"],
          ...everywhere,
        })),
      ),
    }
    const since = { field: x, title: "t / t₁", domain: [1e-3, 10] } as const
    const shared = {
      x: since,
      marks: "lines",
      over: "replica",
      color: { field: "h", title: "width h" },
      shape: { field: "sqrtHAlpha", title: "√h·α" },
    } as const
    const plots = {
      alphas: lab.plot(
        "7a",
        {
          description:
            "How far the output is from where it started, against the time in units of t1, for several α at " +
            "one width: it grows linearly well below t1 whatever α is, and faster near t1 where α is small.",
          x: since,
          y: { field: "moved", title: "‖f − f₀‖" },
          color: { field: "alpha", title: "α" },
          marks: "lines",
          over: "replica",
          guides: [
            ...line(0.01, 0.01),
            {
              kind: "published",
              points: [
                [1, 1e3],
                [10, 2e3],
              ],
              label: "paper, α = 0.001, h = 400",
            },
          ],
        },
        scales,
      ),
      norms: lab.plot(
        "7bcd",
        {
          description:
            "Norms of the output against the time in units of t1 for several widths, in feature learning and " +
            "in the lazy regime: α times the change coincides for all widths, and the growth relative to the " +
            "square root of the width does from about a third of t1 on.",
          ...shared,
          y: { field: "scaled", title: "α ‖f − f₀‖" },
          panels: [
            {
              title: "growth, feature learning",
              y: { field: "growth", title: "h^(−1/2) ‖f‖ / ‖f₀‖" },
              where: { sqrtHAlpha: least },
              guides: [
                {
                  kind: "published",
                  points: [
                    [1, 160],
                    [10, 225],
                  ],
                  label: "paper",
                },
              ],
            },
            {
              title: "α ‖f − f₀‖ / √h, feature learning",
              y: { field: "overRoot", title: "α ‖f − f₀‖ / √h" },
              where: { sqrtHAlpha: least },
            },
            {
              title: "α ‖f − f₀‖, feature learning",
              where: { sqrtHAlpha: least },
              guides: [
                ...line(1e-2, 5e-5),
                {
                  kind: "published",
                  points: [
                    [0.01, 5e-5],
                    [1, 1],
                  ],
                  label: "paper",
                },
              ],
            },
            {
              title: "α ‖f − f₀‖, lazy",
              where: { sqrtHAlpha: most },
              guides: [
                ...line(1e-2, 1e-2),
                {
                  kind: "published",
                  points: [
                    [0.01, 1e-2],
                    [1, 1],
                  ],
                  label: "paper",
                },
              ],
            },
          ],
        },
        curves,
      ),
      layers: lab.plot(
        "layers",
        {
          description:
            "How much farther each layer has moved than at t1, against the time in units of t1: the layers " +
            "inflate together.",
          x: { field: x, title: "t / t₁" },
          y: { field: "inflation", title: "λ = ‖ΔW(t)‖ / ‖ΔW(t₁)‖" },
          color: { field: "layer", title: "weights" },
          marks: "lines",
          guides: [
            { kind: "level", x: 1, label: "t₁" },
            { kind: "published", points: [[40, 6.5]], label: "notebook, h = 1,600" },
          ],
        },
        layers,
      ),
      inflations: lab.plot(
        "inflation",
        {
          description:
            "How much farther the weights are from their start when all points are fitted than at t1, against " +
            "√h·α, for the two meanings of t1: since the output moved by the root of the width, and since the " +
            "loss has halved.",
          x: { field: "sqrtHAlpha", title: "√h·α" },
          y: { field: "amplification", title: "λ(t₂) = ‖ΔW(t₂)‖ / ‖ΔW(t₁)‖" },
          over: "replica",
          marked: unfitted,
          panels: [
            {
              title: "t₁ of section 6: the output has moved by √h",
              guides: [{ kind: "slope", slope: -weightPower(DEPTH), through: [0.01, 20], label: "slope −1/3" }],
            },
            {
              title: "t₁ of the figures: the loss has halved",
              y: { field: "inflation", title: "λ(t₂) = ‖ΔW(t₂)‖ / ‖ΔW(t₁)‖", domain: [1, 10] },
            },
          ],
        },
        inflations,
      ),
    }
    return { tables: { curves, scales, layers, inflations }, summaries, plots }
  },
  checks: ({ summaries }) => {
    const [norms, scales, layers, inflations] = [
      judgedBy(summaries.curves),
      judgedBy(summaries.scales),
      judgedBy(summaries.layers),
      judgedBy(summaries.inflations),
    ]
    const linear = { source: "Fig. 7a, c, d, eq. 30", published: "slope 1", expect: within(1, 0.05) }
    return [
      scales("output-linear-most", {
        claim:
          "The output moves linearly in time while t is far below t₁, at the largest α. (Judged is the power " +
          "over t/t₁ from 0.003 to 0.1.)",
        ...linear,
      }),
      scales("output-linear-least", { claim: "So it does at the smallest α.", ...linear }),
      norms("output-linear-lazy", { claim: "So it does at every width in the lazy regime.", ...linear }),
      norms("output-linear-feature", { claim: "So it does in feature learning.", ...linear }),
      norms("output-at-t1-least", {
        claim: "At t₁ the output has moved by about 1/α: the least of all nets, times α.",
        source: "Fig. 7d",
        published: "about 1",
        expect: between(0.5, 2),
      }),
      norms("output-at-t1-most", {
        claim: "At t₁ the output has moved by about 1/α: the most of all nets, times α.",
        source: "Fig. 7d",
        published: "about 1",
        expect: between(0.5, 2),
      }),
      norms("output-growth", {
        claim:
          "Feature learning: by t₁ the output has grown in proportion to √h. (Judged is the ratio between " +
          "widths of its growth over √h.)",
        source: "Fig. 7b, Sec. 6",
        published: "160 at every width",
        expect: atMost(1.3),
        differs: atMost(2),
      }),
      layers("layers-alike", {
        claim:
          "After t₁ all layers of weights inflate by the same factor λ. (Judged is the ratio between layers, " +
          "the median over moments after t₁ of one net.)",
        source: "Sec. 6, assumption before eq. 14",
        published: "identical, assumed",
        expect: atMost(1.3),
      }),
      layers("layers-inflate", {
        claim: "They do inflate: the most of any layer is far above 1.",
        source: "The authors' notebook, cell 32",
        published: "6 to 7 at h = 1,600",
        expect: between(2, 40),
      }),
      inflations("amplification-power", {
        claim:
          "From t₁, when the output has moved by √h, until all points are fitted, weights inflate by a factor " +
          "λ of (√h·α)^(−1/(L + 1)). (Judged is the power.)",
        source: "Sec. 6, before eq. 14",
        published: "−1/3 for L = 2",
        expect: within(-weightPower(DEPTH), 0.1),
      }),
      inflations("inflation-power", {
        claim: "So they do from the t₁ of the figures on, when the loss has halved.",
        source: "Sec. 6, read with the t₁ of Fig. 3",
        published: "−1/3 for L = 2",
        expect: within(-weightPower(DEPTH), 0.1),
        declared: {
          verdict: "not reproduced",
          reason:
            "Section 6 calls t₁ the time α√h, at which the output has moved by √h and α times that is far " +
            "below 1; the loss has halved only when α times it is about 1. By then weights have inflated, and " +
            "what is left is a factor that does not depend on √h·α. The paper has one name for both times, " +
            "which are both proportional to √h·α.",
        },
      }),
    ]
  },
  figures: ({ plots, tables }, { n7 }) => [
    {
      id: "7a",
      title: "The output in time, at several α",
      caption:
        `Root mean square over test points, L = 2, ${n7} training points, time in units of t₁ of each net; ` +
        "geometric means over initial nets at like moments, towards the end of those that are still learning. " +
        "After Fig. 7a.",
      figure: plots.alphas,
      table: tables.scales,
      checks: ["output-linear-most", "output-linear-least"],
    },
    {
      id: "7bcd",
      title: "The output in time, at several widths",
      caption:
        "The paper's panel (c) is labelled √h·α ‖f − f₀‖ and draws α ‖f − f₀‖ / √h, as here in (b). Here, as " +
        "in the figures, t₁ is when the loss has halved; section 6 also calls α√h so, up to which the motion " +
        "is linear. That the output has moved by about 1/α then follows nearly from halving the loss. After " +
        "Fig. 7b, c, d.",
      figure: plots.norms,
      table: tables.curves,
      checks: [
        "output-linear-lazy",
        "output-linear-feature",
        "output-at-t1-least",
        "output-at-t1-most",
        "output-growth",
      ],
    },
    {
      id: "layers",
      title: "Layers inflate together",
      caption:
        "A figure of the authors' notebook that the paper assumes and does not show: the amplification factor " +
        "of each layer of one net, L = 2. After Sec. 6.",
      figure: plots.layers,
      table: tables.layers,
      checks: ["layers-alike", "layers-inflate"],
    },
    {
      id: "inflation",
      title: "How much weights inflate",
      caption:
        "The amplification factor of all weights but biases at the end of training, L = 2, at the largest " +
        "width. That the output has moved by √h is how its growth by a factor √h is read here. From its power " +
        "in √h·α the paper derives those of the kernel and of the weights. It holds for the t₁ of section 6, " +
        "and not for that of the figures. After Sec. 6.",
      figure: plots.inflations,
      table: tables.inflations,
      checks: ["amplification-power", "inflation-power"],
    },
  ],
})
