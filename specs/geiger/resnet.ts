// Figures 5a and 5b: the Gram matrix of a wide residual net before and after training.
import { Schema } from "effect"
import { above, below } from "../../pipeline/check.ts"
import { node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { gram } from "../../stages/observables/gram.ts"
import { plotMatrix } from "../../stages/plot/plot-matrix.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, Positive, replicasOf } from "../support/settings.ts"
import { scaleOf } from "./common.ts"
import { type Net, named, section } from "./study.ts"

const [START, END] = [{ when: "start" }, { when: "end" }]
/** The end of training against its start, in each net. */
const trained = { by: ["replica"], minuend: END, subtrahend: START }
const judged = { figure: "5ab", source: "Fig. 5a and b, App. C" }

export const resnet = section({
  prefix: "resnet",
  settings: {
    n: setting(Count, 100, "training images of the wide residual net (figures 5a, 5b)"),
    shrink: setting(Count, 4, "squares of so many pixels a side are averaged into one"),
    depth: setting(Count, 10, "its depth, 6 k + 4"),
    widening: setting(Count, 1, "its widening; the paper's net is 28-10"),
    alpha: setting(Positive, 1, "its α"),
    gramPoints: setting(Count, 48, "test images of the Gram matrix"),
    replicas: setting(Count, 3, "its initial nets; the first is drawn"),
    cifar10: setting(
      Schema.String,
      "",
      "folder with the binary version of CIFAR-10, the paper's images; MNIST where there is none",
    ),
  },
  scales: {
    medium: { n: 200, shrink: 2, gramPoints: 100 },
    paper: { n: 6000, shrink: 1, depth: 28, widening: 10, gramPoints: 1000 },
  },
  nodes: (study, c) => {
    const data = c.cifar10 === "" ? study.digits(c.n, c.shrink) : study.cifar(c.cifar10, c.n, c.shrink)
    const channels = c.cifar10 === "" ? 1 : 3
    const taken = replicasOf(c.replicas).map((replica) => {
      const net: Net = {
        model: { kind: "wide-resnet", channels, depth: c.depth, widening: c.widening, outputs: 1 },
        labels: { net: `wrn${c.depth}`, h: c.widening, replica },
      }
      // A residual net has no one width: its widening stands for it, so that alpha is what is meant.
      // At α = 1 two outputs in float32 differ by more than their rounding. The command of the paper's net is lost, and
      // with it its bounds: those that are enough elsewhere.
      const { trained } = study.run(
        { data, net, sqrtHAlpha: scaleOf(c.alpha, c.widening) },
        { low: 1e-2, high: 2e-1, method: "direct" },
      )
      return {
        replica,
        of: study.once(
          node(
            gram,
            { model: net.model, points: c.gramPoints, ...study.compute },
            { test: data.test, start: study.start(net).out.weights, end: trained.out.weights },
            named(data, net),
          ),
        ),
      }
    })
    const grams = study.gather(
      "grams",
      taken.map(({ replica, of }) => [{ replica }, of.out.summary]),
    )
    const entries = taken[0]!.of.out.entries
    const figure = study.once(
      node(
        plotMatrix,
        {
          description:
            "The tangent kernel between test images, odd classes first, before and after training: nearly " +
            "uniform at the start, in blocks by label at the end.",
          row: "i",
          column: "j",
          title: "test images, odd classes first",
          value: { field: "value", title: "Θ / rms Θ", domain: [0.1, 1.9] },
          panels: [
            { title: "at the start", where: START },
            { title: "at the end", where: END },
          ],
        },
        { table: entries },
        { figure: "5ab" },
      ),
    ).out.figure
    return { entries, grams, figure }
  },
  claims: ({ grams }) =>
    claimsOn({ "5ab": grams }, [
      {
        id: "gram-uniform",
        ...judged,
        quantity: { of: "mean", y: "deviation", where: START },
        claim:
          "At the start the tangent kernel is nearly uniform. (Judged is the deviation of its entries, in " +
          "units of their rms; a wide net's is small.)",
        published: "near uniform at width 10",
        expect: below(0.2),
        differs: below(0.7),
      },
      {
        id: "gram-deviation",
        ...judged,
        quantity: { of: "ratio", y: "deviation", ...trained },
        claim: "Training makes it less uniform: the deviation of its entries grows.",
        published: "blocks appear",
        expect: above(2),
        differs: above(1),
      },
      {
        id: "gram-contrast",
        ...judged,
        quantity: { of: "difference", y: "contrast", ...trained },
        claim: "What appears depends on the two classes: pairs of one label gain on pairs of two.",
        published: "blocks by label",
        expect: above(0),
      },
      {
        id: "gram-alignment",
        ...judged,
        quantity: { of: "difference", y: "alignment", ...trained },
        claim: "The kernel comes to align with the labels.",
        published: "blocks by label",
        expect: above(0),
      },
      {
        id: "gram-inflation",
        ...judged,
        quantity: { of: "ratio", y: "size", ...trained },
        claim: "The kernel inflates during learning.",
        published: "inflates",
        expect: above(1),
      },
    ]),
  figures: ({ figure, entries }, { cifar10, depth, widening, n }) => [
    {
      id: "5ab",
      title: "The kernel of a residual net, before and after",
      caption:
        `A wide residual net ${depth}-${widening} on ${n} images of ` +
        (cifar10 === ""
          ? "MNIST by the parity of the digit, since no folder with CIFAR-10 was named"
          : "CIFAR-10 by the parity of the class") +
        ", " +
        "full batches, α = 1. In units of the rms entry, as in the paper, whose net is 28-10 on CIFAR-10 with a " +
        "training command that is lost. After Fig. 5a and b.",
      figure,
      table: entries,
    },
  ],
})
