// Appendix A: batches at a temperature. Is their noise as eq. 17 says? Does a training at temperature zero become a
// training without batches? How do the two rules for drawing a batch differ? The text draws from all points, the
// authors' program from the points below their margin.
import { node, type Labels } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { noise } from "../../stages/dynamics/temperature/noise.ts"
import { trainAtTemperature } from "../../stages/dynamics/temperature/train-at-temperature.ts"
import { claimsOn } from "../support/claims.ts"
import { LARGE, SMALL, temperatureClaims } from "./temperature-claims.ts"
import { Count, Positive, replicasOf } from "../support/settings.ts"
import { alphaIn, named, section } from "./study.ts"

const COLD = 1e-8
const DEPTH = 2

export const temperature = section({
  prefix: "A",
  settings: {
    n: setting(Count, 100, "training points of appendix A"),
    width: setting(Count, 32, "width of the nets with two hidden layers (appendix A)"),
    replicas: setting(Count, 5, "number of initial nets (appendix A)"),
    temperature: setting(Positive, 3e-3, "temperature at which the two rules for drawing a batch are compared"),
    smallBatch: setting(Count, 1, "largest batch of the runs with small batches, at the same temperature"),
    draws: setting(Count, 2000, "number of batches drawn of each size"),
  },
  scales: {},
  nodes: (study, c) => {
    const data = study.parity(c.n)
    const nets = replicasOf(c.replicas).map((replica) => study.fc("softplus", DEPTH, c.width, replica))
    const sqrtHAlpha = 1
    const batches = [1, 2, 4, 8, 16, 32, 64].filter((b) => b < c.n)
    const noises = study.gather(
      "noise",
      nets.map((net) => [
        { replica: net.labels.replica },
        study.once(
          node(
            noise,
            { model: net.model, batches, draws: c.draws, temperature: c.temperature, ...study.compute },
            { data: data.train, weights: study.start(net).out.weights },
            named(data, net),
          ),
        ).out.noise,
      ]),
    )
    const hot = (name: string, T: number, rule: "paper-text" | "paper-code", largestBatch: number, more: Labels = {}) =>
      nets.map((net) => {
        const at = named(data, net, { temperature: T, batches: rule, ...more })
        const params = {
          model: net.model,
          alpha: alphaIn({ net, sqrtHAlpha }),
          ...study.training,
          ...study.flow,
          relaxation: { kind: "constant", tau: 0.1 } as const,
          temperature: T,
          batches: rule,
          largestBatch,
          smallestBatch: 1,
        }
        const run = study.once(
          node(trainAtTemperature, params, { data: data.train, weights: study.start(net).out.weights }, at),
        )
        return { name, ...study.measured({ data, net, sqrtHAlpha }, run.out, at) }
      })
    const still = nets.map((net) => ({
      name: "no batches",
      ...study.run({ data, net, sqrtHAlpha }, { relaxation: { kind: "constant", tau: 0.1 } }, { momentum: "constant" }),
    }))
    const runs = study.gather(
      "batches",
      [
        ...still,
        ...hot("cold", COLD, "paper-text", c.n),
        ...hot("paper-text", c.temperature, "paper-text", LARGE),
        ...hot(SMALL, c.temperature, "paper-text", c.smallBatch, { largestBatch: c.smallBatch }),
        ...hot("paper-code", c.temperature, "paper-code", LARGE),
      ].map(({ name, cell, measured }) => [{ batches: name, replica: cell.replica }, measured.out.observables]),
    )
    const plots = {
      noise: study.plot(
        "GA",
        {
          description:
            "The variance of the gradients of batches against the batch size, measured and divided by the expected " +
            "variance. The variance falls to zero when the batch contains all points, and the ratio is 1.",
          x: { field: "batch", title: "batch b" },
          y: { field: "variance", title: "variance of gradients" },
          over: "replica",
          panels: [
            { title: "measured" },
            {
              title: "measured over expected",
              y: { field: "ratio", title: "ratio", scale: "linear", domain: [0.8, 1.2] },
              guides: [{ kind: "level", y: 1 }],
            },
          ],
        },
        noises,
      ),
      runs: study.plot(
        "GA-rules",
        {
          description:
            "The time to fit and the kernel change of nets that are trained without batches, at a temperature near " +
            "zero, and at a temperature with batches drawn by the text's rule and by the program's rule.",
          x: { field: "t2", title: "t₂, all points are fitted" },
          y: { field: "kernelChange", title: "‖Θ − Θ₀‖ / ‖Θ₀‖" },
          color: { field: "batches", title: "batches" },
          marks: "points",
          tooltip: [{ field: "replica", title: "replica" }],
        },
        runs,
      ),
    }
    return { tables: { noises, runs }, plots }
  },
  claims: ({ tables }, c) => claimsOn({ noise: tables.noises, batches: tables.runs }, temperatureClaims(c)),
  figures: ({ plots, tables }) => [
    {
      id: "GA",
      title: "The noise of batches",
      caption:
        "Panel (a) shows the variance of the gradient of a batch against the batch size b (horizontal axis). Panel " +
        "(b) shows this variance divided by the variance that eq. 16 expects; the ratio should be 1, the dotted " +
        "line. The nets are at the start, where all points are below their margin. The points of a batch are drawn " +
        "without replacement. After App. A.",
      figure: plots.noise,
      table: tables.noises,
    },
    {
      id: "GA-rules",
      title: "Two rules for drawing a batch",
      caption:
        "The relative kernel change (vertical axis) against the time t₂ at which all points are fitted (horizontal " +
        "axis). Each point is one softplus net with L = 2 and √h·α = 1; the colour shows the batches. The text's " +
        "rule draws from all points, the program's rule from the points below their margin; the text's rule also " +
        "runs with small batches and short steps, at the same temperature; cold is the text's rule at T = 1e-8. " +
        "Cold nets should lie on the nets without batches. If both rules were unbiased, their nets would lie " +
        "together. Figures 1b, 2d and 5d use the program's rule. After App. A.",
      figure: plots.runs,
      table: tables.runs,
    },
  ],
})
