// Fully connected softplus nets over widths and scales of the output: one data set for figures 1c, 1d, 2b, 3a, 3b, 3c
// and 6. Method: hinge loss on alpha (f - f0), full batches, momentum over t / mu, until the loss is exactly zero.
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { half } from "../../stages/dynamics/flow.ts"
import { leastGain } from "../../stages/statistics/least-gain.ts"
import { rescale } from "../../stages/statistics/rescale.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, decades, Positive, replicasOf, Positives, thirds, Widths } from "../support/settings.ts"
import { type GeigerStudy, section } from "./study.ts"
import { changeClaims } from "./phase-claims.ts"
import { errorClaims } from "./phase-error-claims.ts"
import { timeClaims } from "./phase-time-claims.ts"
import {
  ensembleFigure,
  errorFigure,
  kernelFigure,
  lossFigure,
  rescaledFigure,
  timesFigure,
  weightFigure,
} from "./phase-figures.ts"

export interface Grid {
  readonly depth: number
  readonly widths: ReadonlyArray<number>
  readonly sqrtHAlpha: ReadonlyArray<number>
  readonly replicas: number
}

/** Every net of a grid, trained at every scale, with its measurements. */
export const runsOf = (study: GeigerStudy, { depth, widths, sqrtHAlpha, replicas }: Grid) => {
  const data = study.parity()
  const nets = grid({ h: widths, replica: replicasOf(replicas) }).map(({ h, replica }) =>
    study.fc("softplus", depth, h, replica),
  )
  const runs = nets.flatMap((net) => sqrtHAlpha.map((x) => ({ net, ...study.run({ data, net, sqrtHAlpha: x }) })))
  const observables = study.gather(
    `observables-${depth}`,
    runs.map(({ cell, measured }) => [cell, measured.out.observables]),
  )
  return { data, nets, runs, observables }
}

/** The number of samples of the test points behind the interval of the smallest gain. */
const SAMPLES = 1000

// The section has no prefix, because its settings are the settings of the document's main grid.
export const phase = section({
  settings: {
    depth: setting(Count, 5, "hidden layers L"),
    widths: setting(Widths, [32, 128], "widths h of the hidden layers (figures 1c to 6)"),
    sqrtHAlpha: setting(
      Positives,
      decades(-2, 5),
      "values of √h·α: the scale of the output, in units of the crossover",
    ),
    replicas: setting(Count, 5, "number of independent initial nets; every α uses the same ones"),
    halved: setting(Positives, [0.1, 1e4], "values of √h·α at which more nets are trained until the loss has halved"),
    halvedReplicas: setting(Count, 20, "number of these nets of each width"),
    lazyScale: setting(Positive, 1e4, "value of √h·α at which more lazy nets are trained to the end"),
    lazyReplicas: setting(Count, 20, "number of these nets of each width"),
  },
  scales: {
    medium: { widths: [50, 100, 200] },
    large: { widths: [100, 200, 400], sqrtHAlpha: thirds(-2, 5) },
    paper: { widths: [100, 200, 400, 800], sqrtHAlpha: thirds(-2, 6), replicas: 10 },
  },
  nodes: (study, c) => {
    const { data, nets, runs, observables } = runsOf(study, c)
    const frozen = nets.map((net) => ({ net, learned: study.frozen({ data, net }) }))
    const ensembles = grid({ h: c.widths, sqrtHAlpha: c.sqrtHAlpha }).map((at) => {
      const members = runs.filter(({ cell }) => cell.h === at.h && cell.sqrtHAlpha === at.sqrtHAlpha)
      return {
        at: { ...at, alpha: members[0]!.cell.alpha },
        taken: study.ensemble(
          data,
          members.map(({ measured }) => measured.out.outputs),
          { net: members[0]!.net.labels.net, ...at },
        ),
      }
    })
    // The frozen kernel does not depend on alpha. Its error is repeated beside the error of its net at every alpha.
    const errors = study.gather(
      "errors",
      [
        ...runs.map(({ cell, measured }) => [{ ...cell, learner: "net" }, measured.out.observables] as const),
        ...frozen.flatMap(({ net, learned }) =>
          runs
            .filter((run) => run.net === net)
            .map(({ cell }) => [{ ...cell, learner: "frozen kernel" }, learned.out.end] as const),
        ),
      ],
      { columns: ["testError", "converged"] },
    )
    const averaged = study.ensembles("ensembles", ensembles, "errors")
    const gains = node(
      leastGain,
      { samples: SAMPLES },
      { gains: ensembles.map(({ taken }) => taken.out.gain) },
      { of: "ensembles" },
    ).out.table
    // The time t1 differs much from net to net, and a training up to t1 is short.
    const { stop } = study.flow
    const halved = grid({ h: c.widths, sqrtHAlpha: c.halved, replica: replicasOf(c.halvedReplicas) }).map(
      ({ h, sqrtHAlpha, replica }) =>
        study.run(
          { data, net: study.fc("softplus", c.depth, h, replica), sqrtHAlpha },
          { stop: { ...stop, loss: half } },
          { left: half },
        ),
    )
    const halves = study.gather(
      "halves",
      halved.map(({ cell, trained }) => [cell, trained.out.end]),
    )
    const lazies = study.gather(
      "lazies",
      grid({ h: c.widths, replica: replicasOf(c.lazyReplicas) }).map(({ h, replica }) => {
        const { cell, measured } = study.run({
          data,
          net: study.fc("softplus", c.depth, h, replica),
          sqrtHAlpha: c.lazyScale,
        })
        return [cell, measured.out.observables]
      }),
    )
    const curves = study.gather(
      "curves",
      runs.filter(({ cell }) => cell.replica === 0).map(({ cell, trained }) => [cell, trained.out.curve]),
      { rows: 60 },
    )
    const rescaled = node(rescale, { x: "sqrtHAlpha", y: "testError", by: ["h"] }, { table: observables }).out.table
    return {
      tables: { observables, errors, averaged, gains, curves, rescaled, halves, lazies },
      plots: {
        kernel: study.plot("3a", kernelFigure(c.depth), observables),
        loss: study.plot("3b", lossFigure, curves),
        times: study.plot("3c", timesFigure, observables),
        weights: study.plot("6", weightFigure(c.depth), observables),
        errors: study.plot("1c", errorFigure, errors),
        rescaled: study.plot("1d", rescaledFigure, rescaled),
        ensembles: study.plot("2b", ensembleFigure, averaged.whole),
      },
    }
  },
  claims: ({ tables: { observables, errors, averaged, gains, curves, rescaled, halves, lazies } }, c) =>
    claimsOn({ phase: observables, halves, lazies, errors, curves, collapse: rescaled, ensembles: averaged, gains }, [
      ...changeClaims(c),
      ...timeClaims(c),
      ...errorClaims(c.sqrtHAlpha),
    ]),
  figures: ({ plots, tables }, c) => [
    {
      id: "1c",
      title: "The test error of single nets and of the frozen kernel",
      caption:
        "The test error, which is the fraction of test points on the wrong side (vertical axis), against α " +
        "(horizontal axis). The colour shows the width h. The shape tells trained nets from learning with the frozen " +
        "kernel, which is the tangent kernel of the initial net. At large α the nets should reach the error of the " +
        "frozen kernel. In the paper, with 5,000 training points, the error rises from feature learning (left) to " +
        "the lazy regime (right). After Fig. 1c.",
      figure: plots.errors,
      table: tables.errors,
    },
    {
      id: "1d",
      title: "The same test errors, rescaled",
      caption:
        "The mean test error of each width, rescaled to the range from 0 to 1 (vertical axis), against √h·α " +
        "(horizontal axis). The colour shows the width h. If √h·α decides, the curves of all widths rise together. " +
        `The paper's two points are read off its figure, for 5,000 training points. With ${c.n} points the errors ` +
        "of a width hardly vary with α, so that rescaling enlarges their noise: a curve that goes up and down is " +
        "this noise. The text says α/√h once; it is √h·α. After Fig. 1d.",
      figure: plots.rescaled,
      table: tables.rescaled,
    },
    {
      id: "2b",
      title: "The test error of mean outputs",
      caption:
        "The mean test error of single nets and the test error of the mean of their outputs (vertical axis) against " +
        "√h·α (horizontal axis). The colour shows the width h, the shape shows which error. The mean output should " +
        "have the smaller error everywhere, and its error should hardly depend on the width. After Fig. 2b.",
      figure: plots.ensembles,
      table: tables.averaged.whole,
    },
    {
      id: "3a",
      title: "How far the kernel moves",
      caption:
        "The relative change of the tangent kernel at the end of training, on test points (vertical axis), against α " +
        "in (a) and against √h·α in (b). The colour shows the width h. Each large point is the geometric mean over " +
        "initial nets, and the nets are shown behind it; the paper takes plain means, which outliers lift. In (b) " +
        "the curves of all widths should coincide: one combination of width and scale, √h·α, decides how far the " +
        "kernel moves. Where √h·α is below about 1, the kernel moves by orders of magnitude. The paper's points are " +
        "read off its figure; they are for 5,000 training points and lie higher. After Fig. 3a.",
      figure: plots.kernel,
      table: tables.observables,
    },
    {
      id: "3b",
      title: "The loss against time",
      caption:
        "The loss, in units in which it starts at 1 (vertical axis), against the time t in (a) and against t/(√h·α) " +
        "in (b). The colour shows √h·α, the dash shows the width h. There is one curve for the first initial net of " +
        "each width; the paper draws the fastest of ten, although its caption speaks of averages. In (a) the curves " +
        "of all α in the lazy regime should fall together. In (b) the curves of feature learning should halve " +
        "together, because their time is proportional to √h·α. After Fig. 3b.",
      figure: plots.loss,
      table: tables.curves,
    },
    {
      id: "3c",
      title: "The two times of training",
      caption:
        "The time t₁ at which the loss has halved, in (a) and (b), and the time t₂ at which the loss is zero, in (c) " +
        "and (d). The horizontal axis is α in (a) and (c), and √h·α in (b) and (d). The colour shows the width h. In " +
        "feature learning both times should grow with √h·α along the dashed lines, in the lazy regime they should be " +
        "constant. The paper's text gives the slope of t₁. The slope 3/2 of t₂ is only a triangle in the paper's " +
        "figure, whose caption calls this panel (d). The authors' program reads t₂ at its last checkpoint; here t₂ " +
        "is the moment at which the loss is zero. After Fig. 3c.",
      figure: plots.times,
      table: tables.observables,
    },
    {
      id: "6",
      title: "How far the weights move",
      caption:
        "The relative change of all weights and biases, times √h (vertical axis), against α in (a) and against √h·α " +
        "in (b). The colour shows the width h. In (b) the curves of all widths should coincide: nearly flat in " +
        "feature learning, and falling with slope −1 in the lazy regime. The paper's points are read off its figure; " +
        "they are for 5,000 training points. After Fig. 6.",
      figure: plots.weights,
      table: tables.observables,
    },
  ],
})
