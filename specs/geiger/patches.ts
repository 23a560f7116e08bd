// Figure 9 and appendix H: the kernel change of ReLU nets has a third regime, in which units switch on or off.
import { above, between, within } from "../../pipeline/check.ts"
import { grid } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { claimsOn } from "../support/claims.ts"
import { everywhere, kernelPower, net, unfitted, weightPower } from "./claim.ts"
import { Count, decades, replicasOf, Positives, thirds, Widths } from "../support/settings.ts"
import { section } from "./study.ts"

/** The range of sqrt(h) alpha in which units switch, before the last regime in which none does. */
const SWITCHING = { from: 100, to: 1e4 }
const at = ({ sqrtHAlpha }: { readonly sqrtHAlpha: number }) => ({ sqrtHAlpha })
const kernelChange = { x: "sqrtHAlpha", y: "kernelChange", by: net } as const

export const patches = section({
  prefix: "9",
  settings: {
    n: setting(Count, 100, "training points of figure 9"),
    depth: setting(Count, 2, "hidden layers of the ReLU nets (figure 9)"),
    widths: setting(Widths, [50, 200], "widths of the nets (figure 9)"),
    sqrtHAlpha: setting(Positives, decades(-2, 10), "values of √h·α (figure 9)"),
    replicas: setting(Count, 5, "number of initial nets (figure 9)"),
  },
  scales: {
    medium: { n: 500, depth: 5, widths: [50, 100] },
    large: { n: 1000, depth: 5, widths: [50, 200], sqrtHAlpha: thirds(-2, 8), replicas: 3 },
    paper: { n: 5000, depth: 5, widths: [50, 200, 800], sqrtHAlpha: thirds(-2, 11), replicas: 3 },
  },
  nodes: (study, c) => {
    const data = study.parity(c.n)
    const runs = grid({ h: c.widths, replica: replicasOf(c.replicas), sqrtHAlpha: c.sqrtHAlpha }).map(
      ({ h, replica, sqrtHAlpha }) => {
        const net = study.fc("relu", c.depth, h, replica)
        return { net, run: study.run({ data, net, sqrtHAlpha }) }
      },
    )
    const observables = study.gather(
      "observables-9",
      runs.map(({ run: { cell, measured } }) => [cell, measured.out.observables]),
      { columns: ["kernelChange", "weightChange", "t1", "t2", "converged"] },
    )
    const wide = Math.max(...c.widths)
    const switches = study.gather(
      "switches-9",
      runs.flatMap(({ run: { cell, trained }, net }) =>
        cell.h !== wide || cell.sqrtHAlpha < SWITCHING.from || cell.sqrtHAlpha > SWITCHING.to
          ? []
          : [[cell, study.moves({ data, net, sqrtHAlpha: cell.sqrtHAlpha }, trained.out.weights, at(cell)).out.layers]],
      ),
    )
    const figure = study.plot(
      "9",
      {
        description:
          "The relative change of the tangent kernel of ReLU nets against √h·α. It falls steeply, then as the " +
          "inverse square root, then it drops suddenly, and then it falls as the inverse.",
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
    const switchFigure = study.plot(
      "9-switches",
      {
        description:
          "The fraction of hidden units and test points at which a ReLU unit has switched on or off, against √h·α. " +
          "It falls as the inverse of √h·α.",
        x: { field: "sqrtHAlpha", title: "√h·α" },
        y: { field: "switched", title: "fraction that switched" },
        color: { field: "layer", title: "layer" },
        over: "replica",
        guides: [{ kind: "slope", slope: -1, through: [100, 0.01], label: "slope −1" }],
      },
      switches,
    )
    return { observables, switches, figure, switchFigure }
  },
  claims: ({ observables, switches }, { depth, widths, sqrtHAlpha }) => {
    const predicted = -kernelPower(depth)
    const last = Math.max(...sqrtHAlpha)
    return claimsOn({ "9": observables, "9-switches": switches }, [
      {
        id: "relu-switches",
        rival: { value: -0.5, text: "the power of the kernel change" },
        figure: "9-switches",
        quantity: {
          of: "slope",
          x: "sqrtHAlpha",
          y: "switched",
          by: ["layer", "replica"],
          where: { layer: Array.from({ length: depth }, (_, l) => l + 1) },
          ...SWITCHING,
        },
        claim:
          "ReLU nets: the number of units that switch on or off is proportional to 1/α. (Measured: the power of √h·α " +
          "in the fraction of hidden units and test points that switched, at the largest width.)",
        source: "App. H",
        published: "slope −1",
        expect: within(-1, 0.15),
      },
      {
        id: "relu-t1",
        rival: { value: 0, text: "the constant time of the lazy regime" },
        figure: "9",
        quantity: { of: "slope", x: "sqrtHAlpha", y: "t1", by: net, from: 0.01, to: 0.3 },
        claim: "ReLU nets: in feature learning the time t₁, at which the loss has halved, grows as √h·α.",
        source: "Eq. 10, for ReLU",
        published: "slope 1",
        expect: within(1, 0.1),
      },
      {
        id: "relu-t2",
        rival: { value: 1, text: "t₂ grows as t₁ does" },
        stated: 1.5,
        figure: "9",
        quantity: { of: "slope", x: "sqrtHAlpha", y: "t2", by: net, from: 0.01, to: 1 },
        claim:
          "ReLU nets: in feature learning the time t₂, at which all training points are fitted, grows faster than " +
          "√h·α.",
        source: "Fig. 3c, for ReLU",
        published: "slope 3/2 for softplus",
        expect: between(1.1, 1.6),
        declared: {
          verdict: "contradicts",
          reason:
            "The paper draws the triangle of 3/2 for softplus nets with five hidden layers and 5,000 points. In " +
            "these ReLU nets with two hidden layers and few points t₂ grows hardly faster than t₁.",
        },
      },
      {
        id: "relu-weights",
        kind: "prediction",
        rival: { value: 0, text: "no dependence on α" },
        figure: "9",
        quantity: { of: "slope", x: "sqrtHAlpha", y: "weightChange", by: net, from: 0.01, to: 1 },
        claim:
          "ReLU nets: in feature learning √h times the relative change of the weights falls as (√h·α)^(−1/(L + 1)). " +
          "(Measured: the power.)",
        source: "App. D, for ReLU",
        published: `predicted: −1/${depth + 1}`,
        expect: within(-weightPower(depth), 0.05),
        differs: within(-weightPower(depth), 0.12),
      },
      {
        id: "relu-feature",
        rival: { value: -1, text: "the power of the lazy regime" },
        figure: "9",
        quantity: { of: "slope", ...kernelChange, from: 0.01, to: 1 },
        claim:
          "ReLU nets: in feature learning the relative change of the kernel falls as (√h·α)^(−a), with the same a as " +
          `for softplus nets (here L = ${depth}).`,
        source: "Fig. 9, App. H",
        published: "slope -1.7 at L = 5",
        expect: within(predicted, 0.2),
        differs: within(predicted, 0.3),
      },
      {
        id: "relu-middle",
        rival: { value: -1, text: "the power of the lazy regime" },
        stated: -0.5,
        figure: "9",
        quantity: { of: "slope", ...kernelChange, where: { h: Math.max(...widths) }, from: 100, to: 1e4 },
        claim:
          "ReLU nets: between the two regimes the kernel change falls as (√h·α)^(−1/2), because units switch on or " +
          "off.",
        source: "Fig. 9, App. H",
        published: "slope -1/2 from 2e2 to 1e6",
        expect: between(-0.75, -0.35),
      },
      {
        id: "relu-lazy",
        rival: { value: -0.5, text: "the power between the regimes" },
        figure: "9",
        quantity: { of: "slope", ...kernelChange, from: last / (last > 1e10 ? 30 : 1e3), to: last },
        claim: "ReLU nets: at large α no unit switches any more, and the kernel change falls as 1/(√h·α).",
        source: "Fig. 9, App. H",
        published: "slope -1",
        expect: within(-1, 0.08),
        at: { large: within(-1, 0.02), paper: within(-1, 0.02) },
      },
      {
        id: "all-fit-9",
        kind: "own",
        figure: "9",
        quantity: { of: "count", where: { converged: false } },
        claim: "These nets fit all their training points. (Measured: the number of nets that do not.)",
        source: "App. H",
        published: "all nets",
        expect: within(0, 0),
      },
      {
        id: "relu-jump",
        figure: "9",
        quantity: { of: "jump", ...kernelChange, from: 100, to: everywhere.to },
        claim:
          "ReLU nets: before the last regime the kernel change drops suddenly. (Measured: the largest ratio of " +
          "kernel changes at neighbouring values of √h·α, of any net.)",
        source: "Fig. 9",
        published: "by 1e2 to 1e3",
        expect: above(30),
      },
    ])
  },
  figures: ({ figure, observables, switchFigure, switches }, { depth, n }) => [
    {
      id: "9",
      title: "Three regimes of ReLU nets",
      caption:
        "The relative change of the tangent kernel of ReLU nets at the end of training (vertical axis) against √h·α " +
        "(horizontal axis). The colour shows the width h. The change should follow the three dashed lines from left " +
        "to right: a steep fall in feature learning, the power −1/2 while units switch on or off, and, after a " +
        `sudden drop, the power −1. Here L = ${depth} with ${n} training points; the paper's points are for L = 5 ` +
        "and 5,000 points. The place of the drop depends on the width and the number of points, so here the drop " +
        "lies further left than in the paper. A missing point is a change of exactly zero. After Fig. 9.",
      figure,
      table: observables,
    },
    {
      id: "9-switches",
      title: "How many units switch",
      caption:
        "The fraction of hidden units and test points at which a ReLU unit has switched on or off by the end of " +
        "training (vertical axis) against √h·α (horizontal axis), for the largest width. The colour shows the " +
        "layer; the last is the output, which changes its sign at single points. The fraction should fall as " +
        "1/(√h·α), parallel to the dashed line. Appendix H derives the power −1/2 of the kernel change from it: the " +
        "changes of the single switches add up like a random walk. After App. H.",
      figure: switchFigure,
      table: switches,
    },
  ],
})
