// Figures 2, 3 and 7: one hidden layer. How far do the weights move as the layer grows from as many units as points to
// a hundred times as many? Is that lazy? How does the loss fall?
import { setting } from "../../pipeline/spec.ts"
import { levelTimes } from "../../stages/statistics/level-times.ts"
import { node } from "../../pipeline/node.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, replicasOf, Widths } from "../support/settings.ts"
import { onKept } from "./claim.ts"
import { curveClaims, LEVELS, meanClaim, movementClaims } from "./one-layer-claims.ts"
import { curveFigure, metricFigure, relativeFigure, spanFigure } from "./one-layer-figures.ts"
import { type KearnsStudy, type Run, section } from "./study.ts"

const EPOCHS = 2000

/** One hidden layer with the initialisation of PyTorch. */
const runOf = (study: KearnsStudy, h: number, replica: number): Run => {
  const model = {
    kind: "two-layer",
    inputs: study.c.inputs,
    width: h,
    outputs: 1,
    activation: "plain-relu",
    scaling: "standard",
    first: { kind: "pytorch" },
    last: { kind: "pytorch" },
    biases: { kind: "pytorch" },
    doubled: false,
  } as const
  const net = { model, labels: { inputs: study.c.inputs, h, draw: "pytorch" } }
  const trained = study.train(net, study.rules("pytorch", EPOCHS), study.random(), replica)
  return { labels: { h, replica }, units: h, trained }
}

export const oneLayer = section({
  prefix: "2",
  settings: {
    widths: setting(
      Widths,
      [100, 150, 230, 330, 340, 500, 800, 1500, 2450, 3600, 5070, 10_040],
      "widths of the nets with one hidden layer (figures 2, 3 and 7)",
    ),
    replicas: setting(Count, 4, "number of initial nets (figures 2, 3 and 7)"),
    drawn: setting(Widths, [100, 5070, 10_040], "widths whose loss curves are drawn (figure 7)"),
  },
  scales: {
    paper: { widths: Array.from({ length: 995 }, (_, i) => 100 + 10 * i), replicas: 1 },
  },
  nodes: (study, c) => {
    const replicas = replicasOf(c.replicas)
    const { nets } = study.moved(
      "one-layer",
      c.widths.flatMap((h) => replicas.map((replica) => runOf(study, h, replica))),
    )
    const { kept, both } = study.beside("one-layer", nets)
    const curves = study.gather(
      "losses",
      c.drawn.flatMap((h) =>
        replicas.map((replica) => [{ h, replica }, runOf(study, h, replica).trained.out.curve] as const),
      ),
    )
    const times = { x: "epoch", y: "loss", by: ["h", "replica"], levels: LEVELS }
    const spans = study.once(node(levelTimes, times, { table: curves }, { of: "losses" })).out.table
    const plots = {
      metric: study.plot("2", metricFigure, both),
      relative: study.plot("3", relativeFigure, both),
      curves: study.plot("7", curveFigure, curves),
      spans: study.plot("7-rate", spanFigure, spans),
    }
    return { tables: { nets, kept, both, curves, spans }, plots }
  },
  claims: ({ tables: { nets, kept, curves, spans } }, { drawn }) =>
    claimsOn({ "one-layer": nets, "one-layer-kept": kept, losses: curves, spans }, [
      // Single nets of the smallest widths scatter more than the one net of each width in the sweep.
      ...movementClaims("one-layer", { low: 19, high: 31 }),
      ...onKept([...movementClaims("one-layer-kept", { low: 20.5, high: 27.5 }), meanClaim("one-layer-kept")]),
      ...curveClaims("one-layer", drawn),
    ]),
  figures: ({ tables, plots }) => [
    {
      id: "2",
      title: "One hidden layer: movement against width",
      caption:
        "Panel (a) shows the published metric, the Frobenius norm of the change of all weights divided by the width " +
        "h, against h. The level lines are the two borders of the report's segments. Panel (b) shows the same norm " +
        "before it is divided: it stays between 20.5 and 27.5 while the width grows a hundredfold. The published " +
        "curve is therefore close to 23/h, the dashed line: the division makes it fall, whatever the weights do. " +
        "The report's figure 2b is panel (a) with √h on the axis, which it calls a rescaling after Geiger et al.; " +
        "nothing else changes. After Fig. 2 and 3.",
      figure: plots.metric,
      table: tables.both,
    },
    {
      id: "3",
      title: "One hidden layer: relative movement",
      caption:
        "Panels (a) and (b) show the movement of the hidden weights and of the output weights relative to their " +
        "norm at the start, against the width. These numbers bear on laziness: the hidden weights of the widest net " +
        "still move by more than a third of their length. Panel (c) shows after how many epochs the loss was low " +
        "enough. The colour tells this run from the sweep over all 995 widths of the report, which was computed " +
        "once and is kept beside the spec. After Fig. 3.",
      figure: plots.relative,
      table: tables.both,
    },
    {
      id: "7",
      title: "One hidden layer: loss curves",
      caption:
        "The mean loss of each epoch against the epoch, for three widths. The report says that the leftmost curve " +
        "is the narrowest net and the rightmost the widest; it is the other way round. Its axis α is the epoch, and " +
        "its legend (100, 49,800, 99,500) stands for the widths 100, 5,070 and 10,040. A curve is the mean over the " +
        "initial nets that are still training. After Fig. 7.",
      figure: plots.curves,
      table: tables.curves,
    },
    {
      id: "7-rate",
      title: "One hidden layer: is convergence linear?",
      caption:
        "The epochs that the loss takes to fall to each level from the level before, a third of the size, against " +
        "the level (the loss falls from right to left). If convergence were linear, as the report says of lazy " +
        "training, every step down would take as long as the one before. After Sec. 3.",
      figure: plots.spans,
      table: tables.spans,
    },
  ],
})
