// Figures 5a and 5b: the Gram matrix of a wide residual net before and after training.
import { Schema } from "effect"
import { above, below, between } from "../../pipeline/check.ts"
import { node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { gram } from "../../stages/observables/gram.ts"
import { plotMatrix } from "../../stages/plot/plot-matrix.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, Positive, replicasOf } from "../support/settings.ts"
import { scaleOf } from "./common.ts"
import { type Net, named, section } from "./study.ts"

const [START, END] = [{ when: "start" }, { when: "end" }]
/** Compares the end of training with its start in each net. */
const trained = { by: ["replica"], minuend: END, subtrahend: START }
const judged = { figure: "5ab", source: "Fig. 5a and b, App. C" }

export const resnet = section({
  prefix: "resnet",
  settings: {
    n: setting(Count, 100, "training images of the wide residual net (figures 5a, 5b)"),
    shrink: setting(Count, 4, "number of pixels on each side of a square that is averaged into one pixel"),
    depth: setting(Count, 10, "depth of the wide residual net, which is 6 k + 4"),
    widening: setting(Count, 1, "widening factor of the wide residual net; the paper's net is 28-10"),
    alpha: setting(Positive, 1, "α of the wide residual net"),
    gramPoints: setting(Count, 48, "number of test images in the Gram matrix"),
    replicas: setting(Count, 3, "number of initial wide residual nets; the figure shows the first"),
    cifar10: setting(
      Schema.String,
      "",
      "folder with the binary version of CIFAR-10, the paper's images; if empty, MNIST is used",
    ),
  },
  scales: {
    medium: { n: 200, shrink: 2, gramPoints: 100 },
    large: { n: 1000, shrink: 2, gramPoints: 200 },
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
      // A residual net has no single width. Its widening takes the place of h, so that alpha comes out as set.
      // At α = 1 two outputs in float32 differ by more than their rounding error, so direct subtraction is precise
      // enough.
      // The training command of the paper's net is lost, and with it the bounds of a step. The bounds here are precise
      // enough in the other sections.
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
            "The tangent kernel between test images, with odd classes first, before and after training. It is nearly " +
            "uniform at the start and has blocks by label at the end.",
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
        rival: { value: 1, text: "entries as different as they are large" },
        ...judged,
        quantity: { of: "mean", y: "deviation", where: START },
        claim:
          "At the start the tangent kernel is nearly uniform. (Measured: the deviation of its entries divided by " +
          "their rms. It is small in a wide net.)",
        published: "near uniform at width 10",
        expect: below(0.2),
        differs: between(0, 0.7),
      },
      {
        id: "gram-deviation",
        rival: { value: 1, text: "no change" },
        ...judged,
        quantity: { of: "ratio", y: "deviation", ...trained },
        claim:
          "Training makes the tangent kernel less uniform: the deviation of its entries grows. (Measured: the " +
          "deviation at the end divided by the deviation at the start.)",
        published: "blocks appear",
        expect: above(2),
        differs: between(1.1, 2),
      },
      {
        id: "gram-contrast",
        ...judged,
        quantity: { of: "difference", y: "contrast", ...trained },
        claim:
          "The change of the kernel depends on the two classes: pairs of points with one label gain compared with " +
          "pairs of two labels. (Measured: the contrast at the end minus the contrast at the start.)",
        published: "blocks by label",
        expect: above(0),
      },
      {
        id: "gram-alignment",
        ...judged,
        quantity: { of: "difference", y: "alignment", ...trained },
        claim:
          "The kernel aligns with the labels during training. (Measured: the alignment at the end minus the " +
          "alignment at the start.)",
        published: "blocks by label",
        expect: above(0),
      },
      {
        id: "gram-inflation",
        ...judged,
        quantity: { of: "ratio", y: "size", ...trained },
        claim:
          "The kernel inflates during training. (Measured: the rms of its entries at the end divided by the rms at " +
          "the start.)",
        published: "inflates",
        expect: above(1),
      },
    ]),
  figures: ({ figure, entries }, { cifar10, depth, widening, n }) => [
    {
      id: "5ab",
      title: "The kernel of a residual net, before and after training",
      caption:
        "The entries of the tangent kernel between test images, before training in (a) and after in (b). Rows and " +
        "columns are test images, with odd classes first; the colour shows an entry in units of the rms entry, as in " +
        "the paper. The kernel should be nearly uniform at the start, and have blocks by label at the end. The net " +
        `is a wide residual net ${depth}-${widening}, trained with full batches at α = 1 on ${n} images of ` +
        (cifar10 === ""
          ? "MNIST by the parity of the digit, because no folder with CIFAR-10 is given"
          : "CIFAR-10 by the parity of the class") +
        ". " +
        "The paper's net is 28-10 on CIFAR-10; its training command is lost. After Fig. 5a and b.",
      figure,
      table: entries,
    },
  ],
})
