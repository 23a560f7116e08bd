// Figures 1b, 2d and 5d: convolutional nets on whole images, trained at a temperature with the program's batches, and
// what their kernels, frozen at the start or at the end, would learn.
import { above, atMost, within, type Check } from "../../pipeline/check.ts"
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import type { BatchRule } from "../../stages/dynamics/temperature.ts"
import { trainAtTemperature } from "../../stages/dynamics/train-at-temperature.ts"
import { judgedBy, net as netOf, unfitted } from "./claim.ts"
import { Count, decades, Positive, replicasOf, scaleOf, Scales, Widths } from "./common.ts"
import { named, type Data, type Lab, type Net } from "./lab.ts"
import { section } from "./section.ts"

/** With a width's replicas: a net whose alpha is 1 has its kernels of both ends frozen too. */
const VANILLA = 1
const TEXT = "text's batches"

interface Settings {
  readonly nCnn: number
  readonly shrinkCnn: number
  readonly filterCnn: number
  readonly widthsCnn: ReadonlyArray<number>
  readonly alphaCnn: ReadonlyArray<number>
  readonly replicasCnn: number
  readonly temperature: number
  readonly maxStepsCnn: number
  readonly kernelPointsCnn: number
}

const relaxation = { kind: "constant", tau: 10 } as const

const labels = (net: Net) => ({ h: net.labels.h, replica: net.labels.replica })

/** One training at the temperature, by the program's batches unless told otherwise, and what is measured of it. */
const trained = (lab: Lab, c: Settings, data: Data, net: Net, alpha: number, batches: BatchRule = "paper-code") => {
  const sqrtHAlpha = scaleOf(alpha, net.labels.h)
  const at = named(data, net, batches === "paper-code" ? { alpha } : { alpha, batches })
  // At α of 100 and less two outputs in float32 differ by more than their rounding: half the work of carried
  // differences.
  const params = {
    model: net.model,
    sqrtHAlpha,
    ...lab.training,
    method: "direct",
    ...lab.flow,
    relaxation,
    temperature: c.temperature,
    batches,
    largestBatch: 64,
    smallestBatch: 1,
    stop: { loss: 0, steps: c.maxStepsCnn, time: null },
  } as const
  const run = lab.once(node(trainAtTemperature, params, { data: data.train, weights: lab.start(net).out.weights }, at))
  return { ...lab.measured({ data, net, sqrtHAlpha }, run.out, at, c.kernelPointsCnn), alpha, net, run }
}

export const convolution = section({
  settings: {
    nCnn: setting(Count, 100, "training images of the convolutional nets (figures 1b, 2d, 5d)"),
    shrinkCnn: setting(Count, 2, "squares of so many pixels a side are averaged into one"),
    filterCnn: setting(Count, 3, "width of the filters"),
    widthsCnn: setting(Widths, [4, 8], "widths of the convolutional nets"),
    alphaCnn: setting(Scales, [0.01, 1, 100], "their α"),
    replicasCnn: setting(Count, 3, "their initial nets"),
    temperature: setting(Positive, 1e-3, "temperature of their batches; 3e-4 in the paper"),
    maxStepsCnn: setting(Count, 2500, "steps after which such a training ends"),
    kernelPointsCnn: setting(Count, 50, "test images their kernels are taken on"),
  },
  scales: {
    medium: { nCnn: 500, shrinkCnn: 1, filterCnn: 5, widthsCnn: [8, 16], maxStepsCnn: 100_000 },
    paper: {
      nCnn: 5000,
      shrinkCnn: 1,
      filterCnn: 5,
      widthsCnn: [4, 7, 10, 12, 14, 17, 20, 23, 28, 33, 39, 46, 55, 66, 77, 90, 106, 125, 159],
      alphaCnn: decades(-2, 2),
      replicasCnn: 20,
      temperature: 3e-4,
      maxStepsCnn: 10_000_000,
      kernelPointsCnn: 500,
    },
  },
  nodes: (lab, c) => {
    const data = lab.digits(c.nCnn, c.shrinkCnn)
    const nets = grid({ h: c.widthsCnn, replica: replicasOf(c.replicasCnn) }).map(({ h, replica }): Net => ({
      model: { kind: "cnn", channels: 1, filter: c.filterCnn, width: h },
      labels: { net: "cnn", h, replica },
    }))
    const runs = nets.flatMap((net) => c.alphaCnn.map((alpha) => trained(lab, c, data, net, alpha)))
    const texts = nets.map((net) => trained(lab, c, data, net, VANILLA, "paper-text"))
    const frozen = nets.map((net) => ({ net, learned: lab.frozen({ data, net }, { relaxation }) }))
    const learnedLast = runs
      .filter(({ alpha }) => alpha === VANILLA)
      .map(({ net, run }) => ({
        net,
        learned: lab.frozen({ data, net }, { relaxation }, { weights: run.out.weights, labels: { kernel: "end" } }),
      }))
    const errors = lab.together(
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
    const kernels = lab.together(
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
    const groups = grid({ h: c.widthsCnn, alpha: c.alphaCnn }).map((at) => {
      const members = runs.filter(({ net, alpha }) => net.labels.h === at.h && alpha === at.alpha)
      return {
        at: { h: at.h, alpha: `${at.alpha}` },
        taken: lab.ensemble(
          data,
          members.map(({ measured }) => measured.out.outputs),
          { net: "cnn", ...at },
        ),
      }
    })
    const ensembles = lab.ensembles("ensembles-2d", groups, "errors")
    const [least, most] = [`${Math.min(...c.alphaCnn)}`, `${Math.max(...c.alphaCnn)}`]
    const [narrow, wide] = [Math.min(...c.widthsCnn), Math.max(...c.widthsCnn)]
    const y = "testError"
    // As in the program, narrow nets are kept though some of their points are left unfitted.
    const any = { converged: [true, false] }
    const summaries = {
      errors: lab.summary("1b", errors, [
        {
          name: "cnn-feature-over-frozen",
          of: "ratio",
          y,
          by: netOf,
          where: { h: wide, ...any },
          minuend: { alpha: least },
          subtrahend: { alpha: "frozen kernel" },
        },
        {
          name: "cnn-lazy-is-frozen",
          of: "distance",
          y,
          by: netOf,
          where: any,
          minuend: { alpha: most },
          subtrahend: { alpha: "frozen kernel" },
        },
        {
          name: "cnn-batches",
          of: "difference",
          y,
          by: netOf,
          where: any,
          minuend: { alpha: `${VANILLA}, ${TEXT}` },
          subtrahend: { alpha: `${VANILLA}` },
        },
        {
          name: "cnn-unfitted",
          of: "count",
          where: {
            h: c.widthsCnn.filter((h) => h >= Math.min(30, wide)),
            alpha: c.alphaCnn.map(String),
            converged: false,
          },
        },
      ]),
      ensembles: lab.jackknifed("2d", ensembles, [
        {
          name: "cnn-ensemble-ratio",
          of: "ratio",
          y,
          by: ["h"],
          where: { learner: "mean output" },
          minuend: { alpha: most },
          subtrahend: { alpha: least },
        },
        {
          name: "cnn-ensemble-gain",
          of: "difference",
          y,
          by: ["h", "alpha"],
          minuend: { learner: "single nets, mean" },
          subtrahend: { learner: "mean output" },
        },
        {
          name: "cnn-crossing-over",
          of: "difference",
          y,
          by: [],
          where: { learner: "mean output", alpha: "1" },
          minuend: { h: wide },
          subtrahend: { h: narrow },
        },
      ]),
      kernels: lab.summary("5d", kernels, [
        {
          name: "cnn-end-kernel",
          of: "distance",
          y,
          by: netOf,
          minuend: { learner: "kernel of the end" },
          subtrahend: { learner: "net" },
        },
        {
          name: "cnn-start-kernel",
          of: "difference",
          y,
          by: netOf,
          minuend: { learner: "kernel of the start" },
          subtrahend: { learner: "net" },
        },
      ]),
    }
    const axes = { x: { field: "h", title: "width h" }, y: { field: y, title: "test error", scale: "linear" } } as const
    const plots = {
      errors: lab.plot(
        "1b",
        {
          description:
            "The test error of convolutional nets against their width for several α, and of learning with the " +
            "kernel frozen at the start: small α errs much less.",
          ...axes,
          color: { field: "alpha", title: "α" },
          over: "replica",
          marked: { ...unfitted, averaged: true },
          guides: [
            {
              kind: "published",
              points: [
                [10, 0.069],
                [100, 0.039],
              ],
              label: "paper, frozen kernel",
            },
            {
              kind: "published",
              points: [
                [10, 0.028],
                [100, 0.018],
              ],
              label: "paper, α = 0.01",
            },
            {
              kind: "published",
              points: [
                [10, 0.038],
                [100, 0.03],
              ],
              label: "paper, α = 1",
            },
          ],
        },
        errors,
      ),
      ensembles: lab.plot(
        "2d",
        {
          description:
            "The mean test error of convolutional nets and of their mean output against the width, for several " +
            "α: the mean outputs of small α err much less than those of large α.",
          ...axes,
          color: { field: "alpha", title: "α" },
          shape: { field: "learner", title: "error of" },
          guides: [
            { kind: "level", y: 0.025, label: "paper, ensembles of α = 100" },
            { kind: "level", y: 0.0145, label: "paper, ensembles of α = 0.01" },
            {
              kind: "published",
              points: [
                [10, 0.017],
                [100, 0.0215],
              ],
              label: "paper, ensembles of α = 1",
            },
            {
              kind: "published",
              points: [
                [10, 0.05],
                [100, 0.0375],
              ],
              label: "paper, single nets of α = 100",
            },
            {
              kind: "published",
              points: [
                [10, 0.025],
                [100, 0.0185],
              ],
              label: "paper, single nets of α = 0.01",
            },
          ],
        },
        ensembles.whole,
      ),
      kernels: lab.plot(
        "5d",
        {
          description:
            "The test error of convolutional nets with α = 1 against their width, beside learning with their " +
            "tangent kernel frozen at the start and at the end: the kernel of the end errs as the net does.",
          ...axes,
          color: { field: "learner", title: "learner" },
          over: "replica",
          marked: unfitted,
          guides: [
            {
              kind: "published",
              points: [
                [4, 0.14],
                [10, 0.07],
                [100, 0.039],
              ],
              label: "paper, kernel of the start",
            },
            {
              kind: "published",
              points: [
                [4, 0.042],
                [10, 0.032],
                [100, 0.0275],
              ],
              label: "paper, kernel of the end",
            },
            {
              kind: "published",
              points: [
                [4, 0.044],
                [10, 0.034],
                [100, 0.0285],
              ],
              label: "paper, net",
            },
          ],
        },
        kernels,
      ),
    }
    return { tables: { errors, ensembles: ensembles.whole, kernels }, summaries, plots }
  },
  checks: ({ summaries }): ReadonlyArray<Check> => {
    const [errors, ensembles, kernels] = [
      judgedBy(summaries.errors),
      judgedBy(summaries.ensembles),
      judgedBy(summaries.kernels),
    ]
    return [
      errors("cnn-unfitted", {
        claim:
          "Wide convolutional nets fit their training points. (Judged is the number of the wider ones that do " +
          "not. The program keeps narrow nets all the same, and so do the errors here.)",
        source: "Fig. 1b and its program",
        published: "all nets of h from 30 on",
        expect: atMost(0),
        scales: ["medium", "paper"],
      }),
      errors("cnn-feature-over-frozen", {
        claim:
          "Feature learning beats the frozen kernel by far in convolutional nets. (Judged is the ratio of " +
          "errors at the largest width, of nets fitted or not.)",
        source: "Fig. 1b",
        published: "1.8 over 3.9 %: 0.46",
        expect: atMost(0.6),
        differs: atMost(0.95),
        at: { quick: atMost(0.8) },
      }),
      errors("cnn-lazy-is-frozen", {
        claim:
          "Large α errs as learning with the kernel frozen at the start does. (Nets fitted or not: at quick " +
          "scale those of the largest α are not.)",
        source: "Fig. 1b",
        published: "within 0.5 points",
        expect: atMost(0.01),
        at: { paper: atMost(0.007) },
        differs: atMost(0.03),
      }),
      errors("cnn-batches", {
        claim:
          "It does not matter to the error whether batches are drawn as the text says or as the program does " +
          "(α = 1). (The paper does not claim it, and needs it.)",
        source: "App. A and the program",
        published: "not compared",
        expect: within(0, 0.03),
        at: { paper: within(0, 0.005) },
      }),
      ensembles("cnn-ensemble-ratio", {
        claim:
          "Convolutional nets, once averaged, err more in the lazy regime than in feature learning. (Judged is " +
          "the ratio.)",
        source: "Fig. 2d, Sec. 4 (ii)",
        published: "1.7",
        expect: above(1.3),
        differs: above(1),
        scales: ["medium", "paper"],
      }),
      ensembles("cnn-ensemble-gain", {
        claim: "Averaging convolutional nets, fitted or not, lowers their error.",
        source: "Fig. 2d",
        published: "0.2 to 2.5 points",
        expect: above(0),
      }),
      ensembles("cnn-crossing-over", {
        claim:
          "At α = 1 the error of the mean output rises with the width: nets cross over from feature learning " +
          "to the lazy regime.",
        source: "Fig. 2d",
        published: "1.7 to 2.15 %",
        expect: above(0),
        scales: ["medium", "paper"],
      }),
      kernels("cnn-end-kernel", {
        claim: "Learning with the kernel of the end errs as the net itself does (α = 1).",
        source: "Fig. 5d",
        published: "within 0.2 points",
        expect: atMost(0.03),
        at: { medium: atMost(0.01), paper: atMost(0.005) },
      }),
      kernels("cnn-start-kernel", {
        claim: "Learning with the kernel of the start errs more than the net (α = 1).",
        source: "Fig. 5d",
        published: "1 to 10 points more",
        expect: above(0),
      }),
    ]
  },
  figures: ({ plots, tables }, { shrinkCnn, filterCnn, temperature }) => [
    {
      id: "1b",
      title: "Error and width of convolutional nets",
      caption:
        `Real MNIST images (${28 / shrinkCnn} pixels a side, filters of ${filterCnn}), four convolutions, scaled ` +
        `ReLU, batches at a temperature of ${temperature} (3e-4 in the paper) drawn as the program draws them: ` +
        "among points below their margin only, so that they are no unbiased estimate as appendix A says. Nets of " +
        "α = 1 are trained by the text's batches, too. The paper's points are for 5,000 images of 28 pixels. " +
        "After Fig. 1b.",
      figure: plots.errors,
      table: tables.errors,
      checks: ["cnn-feature-over-frozen", "cnn-lazy-is-frozen", "cnn-batches", "cnn-unfitted"],
    },
    {
      id: "2d",
      title: "Ensembles of convolutional nets",
      caption:
        "As before, with the error of the mean output, nets that are not fitted included. The paper made this " +
        "figure with an older program, ordinary discrete momentum, and says it is confident that the newer one " +
        "agrees; here it is the newer one. After Fig. 2d.",
      figure: plots.ensembles,
      table: tables.ensembles,
      checks: ["cnn-ensemble-ratio", "cnn-ensemble-gain", "cnn-crossing-over"],
    },
    {
      id: "5d",
      title: "What the kernels of a convolutional net know",
      caption:
        "Nets of α = 1, and learning with their tangent kernels frozen at the start and at the end of " +
        "training, at no temperature. After Fig. 5d.",
      figure: plots.kernels,
      table: tables.kernels,
      checks: ["cnn-end-kernel", "cnn-start-kernel"],
    },
  ],
})
