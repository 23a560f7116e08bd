// Figure 7 and section 6: how the output grows while a net with two hidden layers learns, in units of the time t1 in
// which its loss halves, and how much each layer has moved since then.
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
    widths: setting(Widths, [50, 200], "widths of its nets"),
    sqrtHAlpha: setting(Positives, [0.01, 1e4], "their √h·α: one of feature learning, one of the lazy regime"),
    replicas: setting(Count, 5, "their initial nets"),
    panelWidth: setting(Count, 50, "width of the nets of panel (a)"),
    panelAlpha: setting(Positives, [1e-3, 0.01, 0.1, 1, 10], "their α"),
    inflating: setting(
      Positives,
      [0.001, 0.01, 0.1],
      "values of √h·α at which weights are watched until all points are fitted",
    ),
  },
  scales: {
    medium: { n: 500, widths: [50, 100, 200] },
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
    const inflating = cells.filter(({ h, sqrtHAlpha, replica }) => h === wide && sqrtHAlpha === least && replica === 0)
    const layers = study.gather(
      "layers",
      inflating.map((at) => [{ ...at }, watched(study, c.n, at).out.layers]),
    )
    const inflations = study.gather(
      "inflations",
      cellsOf([wide], c.inflating).map((at) => [{ ...at }, watched(study, c.n, at).out.end]),
      { columns: ["inflation", "amplification", "converged"] },
    )
    const plots = {
      alphas: study.plot("7a", alphaFigure, scales),
      norms: study.plot("7bcd", normFigure(least, most), curves),
      layers: study.plot("layers", layerFigure, layers),
      inflations: study.plot("inflation", inflationFigure(DEPTH), inflations),
    }
    return { tables: { curves, scales, layers, inflations }, plots }
  },
  claims: ({ tables: { curves, scales, layers, inflations } }, c) =>
    claimsOn({ "7": curves, "7a": scales, layers, inflations }, claimsOf(c, DEPTH)),
  figures: ({ plots, tables }, { n }) => [
    {
      id: "7a",
      title: "The output in time, at several α",
      caption:
        `Root mean square over test points, L = 2, ${n} training points, time in units of t₁ of each net; ` +
        "geometric means over initial nets at like moments, towards the end of those that are still learning. " +
        "After Fig. 7a.",
      figure: plots.alphas,
      table: tables.scales,
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
    },
    {
      id: "layers",
      title: "Layers inflate together",
      caption:
        "A figure of the authors' notebook that the paper assumes and does not show: the amplification factor " +
        "of each layer of one net, L = 2. After Sec. 6.",
      figure: plots.layers,
      table: tables.layers,
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
    },
  ],
})
