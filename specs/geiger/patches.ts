// Figure 9 and appendix H: the kernel change of ReLU nets has a third regime, in which units switch.
import { above, between, within } from "../../pipeline/check.ts"
import { grid } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { claimsOn } from "../support/claims.ts"
import { everywhere, kernelPower, net, unfitted } from "./claim.ts"
import { Count, decades, replicasOf, Positives, thirds, Widths } from "../support/settings.ts"
import { section } from "./study.ts"

const kernelChange = { x: "sqrtHAlpha", y: "kernelChange", by: net } as const

export const patches = section({
  prefix: "9",
  settings: {
    n: setting(Count, 100, "training points of figure 9"),
    depth: setting(Count, 2, "hidden layers of its ReLU nets"),
    widths: setting(Widths, [50, 200], "their widths"),
    sqrtHAlpha: setting(Positives, decades(-2, 10), "their √h·α"),
    replicas: setting(Count, 5, "their initial nets"),
  },
  scales: {
    medium: { n: 500, depth: 5, widths: [50, 100] },
    paper: { n: 5000, depth: 5, widths: [50, 200, 800], sqrtHAlpha: thirds(-2, 11), replicas: 3 },
  },
  nodes: (study, c) => {
    const data = study.parity(c.n)
    const runs = grid({ h: c.widths, replica: replicasOf(c.replicas), sqrtHAlpha: c.sqrtHAlpha }).map(
      ({ h, replica, sqrtHAlpha }) => study.run({ data, net: study.fc("relu", c.depth, h, replica), sqrtHAlpha }),
    )
    const observables = study.gather(
      "observables-9",
      runs.map(({ cell, measured }) => [cell, measured.out.observables]),
      { columns: ["kernelChange", "converged"] },
    )
    const figure = study.plot(
      "9",
      {
        description:
          "The change of the tangent kernel of ReLU nets against √h·α: it falls steeply, then as the inverse " +
          "root, then drops suddenly and falls as the inverse.",
        x: { field: "sqrtHAlpha", title: "√h·α" },
        y: { field: "kernelChange", title: "‖Θ − Θ₀‖ / ‖Θ₀‖" },
        color: { field: "h", title: "width h" },
        over: "replica",
        marked: unfitted,
        guides: [
          {
            kind: "slope",
            slope: -kernelPower(c.depth),
            through: [0.1, c.depth === 2 ? 1e3 : 1e4],
            from: 0.01,
            to: 10,
            label: `slope −${kernelPower(c.depth).toPrecision(3)}`,
          },
          { kind: "slope", slope: -0.5, through: [1e3, 0.05], from: 100, to: 1e6, label: "slope −1/2" },
          { kind: "slope", slope: -1, through: [1e9, 5e-10], from: 1e6, to: 1e10, label: "slope −1" },
          {
            kind: "published",
            points: [
              [100, 0.15],
              [1e4, 0.01],
              [1e6, 4e-4],
              [1e10, 1e-10],
            ],
            label: "paper, L = 5",
          },
        ],
      },
      observables,
    )
    return { observables, figure }
  },
  claims: ({ observables }, { depth, widths, sqrtHAlpha }) => {
    const predicted = -kernelPower(depth)
    const last = Math.max(...sqrtHAlpha)
    return claimsOn({ "9": observables }, [
      {
        id: "relu-feature",
        figure: "9",
        quantity: { of: "slope", ...kernelChange, from: 0.01, to: 1 },
        claim:
          "ReLU nets too: in feature learning the kernel's change falls as (√h·α)^(−a), a as for softplus (here " +
          `L = ${depth}).`,
        source: "Fig. 9, App. H",
        published: "slope -1.7 at L = 5",
        expect: within(predicted, 0.2),
        differs: within(predicted, 0.4),
      },
      {
        id: "relu-middle",
        figure: "9",
        quantity: { of: "slope", ...kernelChange, where: { h: Math.max(...widths) }, from: 100, to: 1e4 },
        claim: "ReLU nets: in between there is a regime in which it falls as the inverse root, since units switch.",
        source: "Fig. 9, App. H",
        published: "slope -1/2 from 2e2 to 1e6",
        expect: between(-0.75, -0.35),
      },
      {
        id: "relu-lazy",
        figure: "9",
        quantity: { of: "slope", ...kernelChange, from: last / (last > 1e10 ? 30 : 1e3), to: last },
        claim: "ReLU nets: at large α no unit switches any more, and it falls as the inverse.",
        source: "Fig. 9, App. H",
        published: "slope -1",
        expect: within(-1, 0.08),
        at: { paper: within(-1, 0.02) },
      },
      {
        id: "all-fit-9",
        figure: "9",
        quantity: { of: "count", where: { converged: false } },
        claim: "These nets fit all their training points. (Judged is the number that do not.)",
        source: "App. H",
        published: "all nets",
        expect: within(0, 0),
      },
      {
        id: "relu-jump",
        figure: "9",
        quantity: { of: "jump", ...kernelChange, from: 100, to: everywhere.to },
        claim: "Between these regimes the kernel's change drops suddenly. (Judged is the largest ratio of neighbours.)",
        source: "Fig. 9",
        published: "by 1e2 to 1e3",
        expect: above(30),
      },
    ])
  },
  figures: ({ figure, observables }, { depth, n }) => [
    {
      id: "9",
      title: "Three regimes of ReLU nets",
      caption:
        `L = ${depth}, ${n} points: where the drop lies depends on width and points, so that it stands further ` +
        "left than in the paper, whose points are for L = 5 and 5,000 points. A point without a mark is a change " +
        "of exactly zero. After Fig. 9.",
      figure,
      table: observables,
    },
  ],
})
