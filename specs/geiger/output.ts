// Figure 7 and section 6: how does the output of a net with two hidden layers grow while the net learns? How far has
// each layer moved since t1? Time is measured in units of t1, the time at which the loss has halved.
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { watch } from "../../stages/dynamics/train/watch.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, replicasOf, Positives, Widths } from "../support/settings.ts"
import { scaleOf } from "./common.ts"
import { alphaIn, type GeigerStudy, named, section } from "./study.ts"
import { claimsOf } from "./output-claims.ts"
import { alphaFigure, inflationFigure, layerFigure, normFigure } from "./output-figures.ts"

const DEPTH = 2

interface At {
  readonly h: number
  readonly sqrtHAlpha: number
  readonly replica: number
  readonly alpha: number
}

const watched = (study: GeigerStudy, n: number, { h, sqrtHAlpha, replica }: At) => {
  const [data, net] = [study.parity(n), study.fc("softplus", DEPTH, h, replica)]
  const params = {
    model: net.model,
    alpha: alphaIn({ net, sqrtHAlpha }),
    ...study.training,
    ...study.flow,
    points: study.c.kernelPoints,
  }
  return study.once(
    node(
      watch,
      params,
      { data: data.train, weights: study.start(net).out.weights, watched: data.test },
      named(data, net, { sqrtHAlpha }),
    ),
  )
}

export const output = section({
  prefix: "7",
  settings: {
    n: setting(Count, 100, "training points of figure 7"),
    widths: setting(Widths, [50, 200], "widths of the nets (figure 7)"),
    sqrtHAlpha: setting(
      Positives,
      [0.01, 1e4],
      "two values of √h·α: one of feature learning, one of the lazy regime (figure 7)",
    ),
    replicas: setting(Count, 5, "number of initial nets (figure 7)"),
    panelWidth: setting(Count, 50, "width of the nets of panel (a) (figure 7)"),
    panelAlpha: setting(Positives, [1e-3, 0.01, 0.1, 1, 10], "values of α in panel (a) (figure 7)"),
    inflating: setting(
      Positives,
      [0.001, 0.01, 0.1],
      "values of √h·α at which weights are watched until all points are fitted",
    ),
  },
  scales: {
    medium: { n: 500, widths: [50, 100, 200] },
    large: { n: 1000, widths: [100, 400], replicas: 10 },
    paper: { n: 5000, widths: [100, 400, 1600], sqrtHAlpha: [0.01, 1e5], replicas: 10, panelWidth: 400 },
  },
  nodes: (study, c) => {
    const replica = replicasOf(c.replicas)
    const wide = Math.max(...c.widths)
    const [least, most] = [Math.min(...c.sqrtHAlpha), Math.max(...c.sqrtHAlpha)]
    const cellsOf = (h: ReadonlyArray<number>, sqrtHAlpha: ReadonlyArray<number>) =>
      grid({ h, sqrtHAlpha, replica }).map((at): At => ({ ...at, alpha: at.sqrtHAlpha / Math.sqrt(at.h) }))
    const cells = cellsOf(c.widths, c.sqrtHAlpha)
    const alphas = grid({ alpha: c.panelAlpha, replica }).map((at): At => ({
      ...at,
      h: c.panelWidth,
      sqrtHAlpha: scaleOf(at.alpha, c.panelWidth),
    }))
    const curvesOf = (name: string, all: ReadonlyArray<At>) =>
      study.gather(
        name,
        all.map((at) => [{ ...at }, watched(study, c.n, at).out.curve]),
      )
    const [curves, scales] = [curvesOf("outputs", cells), curvesOf("outputs-7a", alphas)]
    const inflating = cellsOf([wide], c.inflating)
    const layers = study.gather(
      "layers",
      inflating.map((at) => [{ ...at }, watched(study, c.n, at).out.layers]),
    )
    const inflations = study.gather(
      "inflations",
      inflating.map((at) => [{ ...at }, watched(study, c.n, at).out.end]),
      { columns: ["inflation", "amplification", "converged"] },
    )
    const plots = {
      alphas: study.plot("7a", alphaFigure, scales),
      norms: study.plot("7bcd", normFigure(least, most), curves),
      layers: study.plot("layers", layerFigure(c.inflating), layers),
      inflations: study.plot("inflation", inflationFigure(DEPTH), inflations),
    }
    return { tables: { curves, scales, layers, inflations }, plots }
  },
  claims: ({ tables: { curves, scales, layers, inflations } }, c) =>
    claimsOn({ "7": curves, "7a": scales, layers, inflations }, claimsOf(c, DEPTH)),
  figures: ({ plots, tables }, { n }) => [
    {
      id: "7a",
      title: "The output against time, for several α",
      caption:
        "The distance ‖f − f₀‖ of the output from its start (vertical axis) against the time in units of each net's " +
        "t₁ (horizontal axis). The colour shows α. For every α the output should grow linearly well below t₁, " +
        `parallel to the dashed line. The norm is the root mean square over test points, for L = 2 and ${n} training ` +
        "points. A curve is the geometric mean over initial nets at equal t/t₁; near the end the mean contains only " +
        "the nets that are still learning. After Fig. 7a.",
      figure: plots.alphas,
      table: tables.scales,
    },
    {
      id: "7bcd",
      title: "The output against time, for several widths",
      caption:
        "Norms of the output (vertical axes) against the time in units of t₁ (horizontal axes). The colour shows the " +
        "width h; panels (a) to (c) show feature learning, panel (d) the lazy regime. In (c) and (d) the curves of " +
        "all widths should coincide, grow linearly below t₁, and be about 1 at t₁; in (a) they should coincide near " +
        "t₁. The paper's panel (c) has the label √h·α ‖f − f₀‖ but draws α ‖f − f₀‖ / √h, as panel (b) does here. As " +
        "in the paper's figures, t₁ is the time at which the loss has halved. Section 6 also uses the name t₁ for " +
        "α√h, the time until which the output moves linearly. If the loss has halved, it nearly follows that the " +
        "output has moved by about 1/α. After Fig. 7b, c, d.",
      figure: plots.norms,
      table: tables.curves,
    },
    {
      id: "layers",
      title: "Layers inflate together",
      caption:
        "The factor λ by which each layer has moved farther than at t₁ (vertical axis), against the time in units of " +
        "t₁ (horizontal axis), for L = 2 and each √h·α. The colour shows the array of weights; a curve is the mean " +
        "over initial nets. After t₁ the curves " +
        "should stay close together and rise far above 1. The paper assumes this and does not show it; the figure is " +
        "in the authors' notebook. After Sec. 6.",
      figure: plots.layers,
      table: tables.layers,
    },
    {
      id: "inflation",
      title: "How much weights inflate",
      caption:
        "The amplification factor λ of all weights except biases at the end of training (vertical axis) against √h·α " +
        "(horizontal axis), for L = 2 at the largest width. The panels use two meanings of t₁. In (a), t₁ is the " +
        "time of section 6, at which the output has grown by a factor √h; this is read here as a movement by √h. In " +
        "(b), t₁ is the time of the figures, at which the loss has halved. The paper derives the powers of the " +
        "kernel and of the weights from the power of λ in √h·α, the dashed line. This power holds for the t₁ of " +
        "section 6, and not for the t₁ of the figures. After Sec. 6.",
      figure: plots.inflations,
      table: tables.inflations,
    },
  ],
})
