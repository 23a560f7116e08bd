// Figure 8: real images. A head on frozen features of MNIST: how far do the weights of the head move as it gets wider?
// At the scale of the report the features are those of an EfficientNet-B0 that is trained here; at quick scale they are
// principal components, which take no training.
import { Schema } from "effect"
import { node, type Output } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import type { Table, Tensors } from "../../pipeline/stage.ts"
import { classes } from "../../stages/data/classes.ts"
import { backboneEpoch } from "../../stages/dynamics/backbone/backbone-epoch.ts"
import { backboneFeatures } from "../../stages/dynamics/backbone/backbone-features.ts"
import { backboneStart } from "../../stages/dynamics/backbone/backbone-start.ts"
import { claimsOn } from "../support/claims.ts"
import { mnist } from "../support/data.ts"
import { Count, replicasOf, Widths } from "../support/settings.ts"
import { onKept } from "./claim.ts"
import { backboneClaims, headClaims, ratioClaim, scoreClaims, trendClaim } from "./images-claims.ts"
import { backboneFigure, errorFigure, headFigure } from "./images-figures.ts"
import { type KearnsStudy, layered, type Run, section } from "./study.ts"

/** The units of the classifier on which the backbone is trained, and the side of its images. */
const [HIDDEN, SIDE] = [1000, 32]
const BATCH = 40

interface Settings {
  readonly epochs: number
  readonly images: number | null
}

/** EfficientNet-B0 with a classifier, trained for some epochs: the state after the last one, and the curve. */
const backbone = (study: KearnsStudy, { epochs, images }: Settings) => {
  const { trainImages, trainLabels } = mnist(study)
  const labels = { images: images ?? "all" }
  let { state } = study.once(node(backboneStart, { hidden: HIDDEN }, {})).out
  const curves: Array<readonly [{ readonly set: string }, Output<Table>]> = []
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const { out } = study.once(
      node(
        backboneEpoch,
        { hidden: HIDDEN, epoch, images, batch: BATCH, side: SIDE, rate: study.c.rate },
        { images: trainImages, labels: trainLabels, state },
        { ...labels, epoch },
      ),
    )
    state = out.state
    curves.push([{ set: "training" }, out.curve])
  }
  return { state, curve: study.gather("backbone", curves) }
}

/** The features of the training and of the test images by the backbone, and how well its own classifier does. */
const featuresOf = (study: KearnsStudy, images: number | null, state: Output<Tensors>) => {
  const files = mnist(study)
  const made = (set: "training" | "test", count: number | null) => {
    const pair =
      set === "training"
        ? { images: files.trainImages, labels: files.trainLabels }
        : { images: files.testImages, labels: files.testLabels }
    const params = { hidden: HIDDEN, images: count, side: SIDE }
    return study.once(node(backboneFeatures, params, { ...pair, state }, { set })).out
  }
  return { train: made("training", images), test: made("test", images === null ? null : Math.min(images, 10_000)) }
}

export const images = section({
  prefix: "8",
  settings: {
    epochs: setting(Count, 2, "epochs for which the backbone is trained (figure 8)"),
    images: setting(Schema.NullOr(Count), 2000, "images on which the backbone is trained; null means all (figure 8)"),
    features: setting(
      Schema.Literals(["components", "backbone"]),
      "components",
      "the features of the heads: principal components of the images, or the backbone's features (figure 8)",
    ),
    components: setting(Count, 64, "number of principal components (figure 8)"),
    points: setting(Count, 4000, "training points of heads on principal components (figure 8)"),
    widths: setting(Widths, [64, 128, 256, 512, 1024, 2048, 4096], "widths of the heads (figure 8)"),
    headEpochs: setting(Count, 5, "epochs for which heads are trained (figure 8)"),
    replicas: setting(Count, 3, "number of initial heads (figure 8)"),
  },
  scales: {
    paper: {
      epochs: 10,
      images: null,
      features: "backbone",
      widths: [1000, 2000, 5000, 10_000, 20_000, 40_000],
      replicas: 1,
    },
  },
  nodes: (study, c) => {
    const trained = backbone(study, c)
    const features = featuresOf(study, c.images, trained.state)
    const { out: components } = study.once(
      node(classes, { n: c.points, nTest: 2000, dimension: c.components, fitOn: null }, mnist(study), {
        n: c.points,
        dimension: c.components,
      }),
    )
    const [train, test, inputs, n] =
      c.features === "backbone"
        ? [features.train.data, features.test.data, 1280, c.images ?? 60_000]
        : [components.train, components.test, c.components, c.points]
    const rules = {
      ...study.rules("keras", 1, "softmax-cross-entropy"),
      batch: BATCH,
      stop: { loss: -1, steps: c.headEpochs * Math.ceil(n / BATCH) },
    }
    const runs = c.widths.flatMap((h) =>
      replicasOf(c.replicas).map((replica): Run => {
        const net = layered(inputs, [h], "glorot", { outputs: 10 })
        return { labels: { h, replica }, units: h, trained: study.train(net, rules, train, replica, [train, test]) }
      }),
    )
    const { layers } = study.moved("heads", runs)
    const scores = study.gather(
      "head-scores",
      runs.map(({ labels, trained }) => [labels, trained.out.scores]),
    )
    const backboneScores = study.gather("backbone-scores", [
      [{ set: "training" }, features.train.scores],
      [{ set: "test" }, features.test.scores],
    ])
    const tables = {
      heads: { here: layers, ...study.beside("heads", layers) },
      scores: { here: scores, ...study.beside("head-scores", scores) },
      curve: { here: trained.curve, ...study.beside("backbone", trained.curve) },
      ends: { here: backboneScores, kept: study.sweep("backbone-scores") },
    }
    const plots = {
      heads: study.plot("8", headFigure, tables.heads.both),
      errors: study.plot("8-errors", errorFigure, tables.scores.both),
      curves: study.plot("8-backbone", backboneFigure, tables.curve.both),
    }
    return { tables, plots }
  },
  claims: ({ tables: { heads, scores, curve, ends } }, c) =>
    claimsOn(
      {
        heads: heads.here,
        "heads-kept": heads.kept,
        "head-scores-kept": scores.kept,
        "backbone-kept": curve.kept,
        "backbone-scores-kept": ends.kept,
      },
      [
        ...headClaims("heads", Math.max(...c.widths), 0.5),
        ...onKept([
          ...headClaims("heads-kept", 10_000, 1),
          ratioClaim("heads-kept"),
          trendClaim("heads-kept"),
          ...scoreClaims("head-scores-kept"),
          ...backboneClaims("backbone-kept", "backbone-scores-kept"),
        ]),
      ],
    ),
  figures: ({ tables, plots }, c) => [
    {
      id: "8",
      title: "Heads on frozen features of MNIST",
      caption:
        "Panel (a) shows the mean absolute change of the weights of a head with one hidden layer, summed over both " +
        "layers, against its width h; panel (b) shows the change relative to the start, for both layers together. " +
        `Heads are trained for ${c.headEpochs} epochs in batches of ${BATCH} and never reach a threshold. ` +
        (c.features === "components"
          ? `The heads of this run learn from ${c.components} principal components of ${c.points} images, which need ` +
            "no training: compare their trend, not their level. "
          : "") +
        "The kept heads learn from 1,280 features of all 60,000 images by an EfficientNet-B0 that was trained here " +
        "from random weights; their widths go up to 10,000, those of the report to 40,000. They move 18 to 25 % less " +
        "than those of the report at equal widths. Keras' default draws both layers. After Fig. 8.",
      figure: plots.heads,
      table: tables.heads.both,
    },
    {
      id: "8-errors",
      title: "Errors of the heads",
      caption:
        "The fraction of wrong images at the end of training, on training images (0) and on test images (1), against " +
        "the width of the head. The report gives training accuracies only, as means over the last epoch. After Sec. 5.",
      figure: plots.errors,
      table: tables.scores.both,
    },
    {
      id: "8-backbone",
      title: "Training the backbone",
      caption:
        "The accuracy over each epoch while the backbone is trained, as Keras reports it: a mean over batches, each " +
        "before its step, with drop-connect. An epoch of the report has 60,000 images; this run uses " +
        `${c.images ?? "all"} of them for ${c.epochs} epochs, to show that the stage works. The ` +
        "backbone has 4,048,991 parameters for one channel; images are resized from 28 to 32 pixels. In the kept " +
        "training the accuracy over the last epoch is .985, and that on test images at its end is .986. After Sec. 5.",
      figure: plots.curves,
      table: tables.curve.both,
    },
  ],
})
