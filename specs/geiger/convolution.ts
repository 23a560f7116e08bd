// Figures 1b, 2d and 5d: convolutional nets on whole images, trained at a temperature with the batches of the authors'
// program. Their kernels, frozen at the start or at the end, also learn the task.
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import type { BatchRule } from "../../stages/dynamics/temperature/temperature.ts"
import { trainAtTemperature } from "../../stages/dynamics/temperature/train-at-temperature.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, decades, Positive, replicasOf, Positives, Widths } from "../support/settings.ts"
import { scaleOf } from "./common.ts"
import { claimsOf, TEXT, VANILLA } from "./convolution-claims.ts"
import { ensembleFigure, errorFigure, kernelFigure } from "./convolution-figures.ts"
import { alphaIn, type Data, type GeigerStudy, type Net, named, section } from "./study.ts"

interface Settings {
  readonly n: number
  readonly shrink: number
  readonly filter: number
  readonly widths: ReadonlyArray<number>
  readonly alpha: ReadonlyArray<number>
  readonly replicas: number
  readonly temperature: number
  readonly maxSteps: number
  readonly kernelPoints: number
}

const relaxation = { kind: "constant", tau: 10 } as const

const labels = (net: Net) => ({ h: net.labels.h, replica: net.labels.replica })

/**
 * One training at the temperature, and the measurements at its end. The default rule for batches is that of the
 * authors' program.
 */
const trained = (
  study: GeigerStudy,
  c: Settings,
  data: Data,
  net: Net,
  alpha: number,
  batches: BatchRule = "paper-code",
) => {
  const sqrtHAlpha = scaleOf(alpha, net.labels.h)
  const at = named(data, net, batches === "paper-code" ? { alpha } : { alpha, batches })
  // For α of 100 and less, two outputs in float32 differ by more than their rounding error. Direct subtraction is
  // therefore precise enough, and takes half the work of carried differences.
  const params = {
    model: net.model,
    alpha: alphaIn({ net, sqrtHAlpha }),
    ...study.training,
    method: "direct",
    ...study.flow,
    relaxation,
    temperature: c.temperature,
    batches,
    largestBatch: 64,
    smallestBatch: 1,
    stop: { loss: 0, steps: c.maxSteps, time: null },
  } as const
  const run = study.once(
    node(trainAtTemperature, params, { data: data.train, weights: study.start(net).out.weights }, at),
  )
  return { ...study.measured({ data, net, sqrtHAlpha }, run.out, at, c.kernelPoints), alpha, net, run }
}

export const convolution = section({
  prefix: "cnn",
  settings: {
    n: setting(Count, 100, "training images of the convolutional nets (figures 1b, 2d, 5d)"),
    shrink: setting(Count, 2, "number of pixels on each side of a square that is averaged into one pixel"),
    filter: setting(Count, 3, "width of the filters of the convolutional nets"),
    widths: setting(Widths, [4, 8], "widths of the convolutional nets"),
    alpha: setting(Positives, [0.01, 1, 100], "values of α of the convolutional nets"),
    replicas: setting(Count, 3, "number of initial convolutional nets"),
    temperature: setting(Positive, 1e-3, "temperature of the batches of the convolutional nets; 3e-4 in the paper"),
    maxSteps: setting(Count, 2500, "steps after which a training of a convolutional net stops"),
    kernelPoints: setting(Count, 50, "test images on which the kernels of the convolutional nets are computed"),
  },
  scales: {
    medium: { n: 500, shrink: 1, filter: 5, widths: [8, 16], maxSteps: 100_000 },
    large: {
      n: 2000,
      shrink: 1,
      filter: 5,
      widths: [4, 10, 20, 33],
      alpha: decades(-2, 2),
      replicas: 5,
      temperature: 3e-4,
      maxSteps: 300_000,
    },
    paper: {
      n: 5000,
      shrink: 1,
      filter: 5,
      widths: [4, 7, 10, 12, 14, 17, 20, 23, 28, 33, 39, 46, 55, 66, 77, 90, 106, 125, 159],
      alpha: decades(-2, 2),
      replicas: 20,
      temperature: 3e-4,
      maxSteps: 10_000_000,
      kernelPoints: 500,
    },
  },
  nodes: (study, c) => {
    const data = study.digits(c.n, c.shrink)
    const nets = grid({ h: c.widths, replica: replicasOf(c.replicas) }).map(({ h, replica }): Net => ({
      model: { kind: "cnn", channels: 1, filter: c.filter, width: h },
      labels: { net: "cnn", h, replica },
    }))
    const runs = nets.flatMap((net) => c.alpha.map((alpha) => trained(study, c, data, net, alpha)))
    const texts = nets.map((net) => trained(study, c, data, net, VANILLA, "paper-text"))
    const frozen = nets.map((net) => ({ net, learned: study.frozen({ data, net }, { relaxation }) }))
    const learnedLast = runs
      .filter(({ alpha }) => alpha === VANILLA)
      .map(({ net, run }) => ({
        net,
        learned: study.frozen({ data, net }, { relaxation }, { weights: run.out.weights, labels: { kernel: "end" } }),
      }))
    const errors = study.gather(
      "errors-1b",
      [
        ...runs.map(
          ({ alpha, net, measured }) => [{ ...labels(net), alpha: `${alpha}` }, measured.out.observables] as const,
        ),
        ...texts.map(
          ({ alpha, net, measured }) =>
            [{ ...labels(net), alpha: `${alpha}, ${TEXT}` }, measured.out.observables] as const,
        ),
        ...frozen.map(({ net, learned }) => [{ ...labels(net), alpha: "frozen kernel" }, learned.out.end] as const),
      ],
      { columns: ["testError", "converged"] },
    )
    const kernels = study.gather(
      "errors-5d",
      [
        ...runs
          .filter(({ alpha }) => alpha === VANILLA)
          .map(({ net, measured }) => [{ ...labels(net), learner: "net" }, measured.out.observables] as const),
        ...frozen.map(
          ({ net, learned }) => [{ ...labels(net), learner: "kernel of the start" }, learned.out.end] as const,
        ),
        ...learnedLast.map(
          ({ net, learned }) => [{ ...labels(net), learner: "kernel of the end" }, learned.out.end] as const,
        ),
      ],
      { columns: ["testError", "converged"] },
    )
    const groups = grid({ h: c.widths, alpha: c.alpha }).map((at) => {
      const members = runs.filter(({ net, alpha }) => net.labels.h === at.h && alpha === at.alpha)
      return {
        at: { h: at.h, alpha: `${at.alpha}` },
        taken: study.ensemble(
          data,
          members.map(({ measured }) => measured.out.outputs),
          { net: "cnn", ...at },
        ),
      }
    })
    const ensembles = study.ensembles("ensembles-2d", groups, "errors")
    const plots = {
      errors: study.plot("1b", errorFigure, errors),
      ensembles: study.plot("2d", ensembleFigure, ensembles.whole),
      kernels: study.plot("5d", kernelFigure, kernels),
    }
    return { tables: { errors, ensembles, kernels }, plots }
  },
  claims: ({ tables: { errors, ensembles, kernels } }, c) =>
    claimsOn({ "1b": errors, "2d": ensembles, "5d": kernels }, claimsOf(c)),
  figures: ({ plots, tables }, { shrink, filter, temperature }) => [
    {
      id: "1b",
      title: "Test error and width of convolutional nets",
      caption:
        "The test error (vertical axis) against the width h (horizontal axis). Each colour is one α, or learning " +
        "with the kernel frozen at the start. Nets of small α should have a much smaller error than the frozen " +
        `kernel, and nets of large α the same error as the frozen kernel. Data: real MNIST images (${28 / shrink} ` +
        `pixels on each side). Net: four convolutions with filters of width ${filter}, scaled ReLU. Batches have a ` +
        `temperature of ${temperature} (3e-4 in the paper). As in the authors' program, batches are drawn only among ` +
        "points below their margin, so they are not the unbiased estimate of appendix A. Nets of α = 1 are also " +
        "trained with the batches that the text describes. The paper's points are for 5,000 images of 28 pixels. " +
        "After Fig. 1b.",
      figure: plots.errors,
      table: tables.errors,
    },
    {
      id: "2d",
      title: "Ensembles of convolutional nets",
      caption:
        "The mean test error of single nets and the test error of their mean output (vertical axis) against the " +
        "width h (horizontal axis), for the nets of figure 1b. The colour shows α, the shape shows which error. Mean " +
        "outputs of small α should have a much smaller error than mean outputs of large α. Nets that are not fitted " +
        "are included. The paper made this figure with an older program with ordinary discrete momentum, and says " +
        "that it is confident that the newer program agrees. This page uses the rules of the newer program. After " +
        "Fig. 2d.",
      figure: plots.ensembles,
      table: tables.ensembles.whole,
    },
    {
      id: "5d",
      title: "What the kernels of a convolutional net have learned",
      caption:
        "The test error (vertical axis) against the width h (horizontal axis) for nets of α = 1, and for learning " +
        "with their tangent kernels frozen at the start and at the end of training. Each colour is one of these " +
        "three learners. If the kernel of the end contains what the net has learned, its curve lies on the curve of " +
        "the net, and the kernel of the start has a larger error. The frozen kernels learn at temperature zero. " +
        "After Fig. 5d.",
      figure: plots.kernels,
      table: tables.kernels,
    },
  ],
})
