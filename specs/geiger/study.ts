// The nodes that the sections ask for: data, nets, trainings and measurements. A node that two sections ask for exists
// once.
// Knows nothing about the numbers; the sections give them.
import { node, type Labels, type Output } from "../../pipeline/node.ts"
import type { ConfigOf } from "../../pipeline/spec.ts"
import type { Table, Tensors } from "../../pipeline/stage.ts"
import { ensemble } from "../../stages/statistics/ensemble.ts"
import { measure } from "../../stages/observables/measure.ts"
import { moves } from "../../stages/observables/moves.ts"
import { images } from "../../stages/data/images.ts"
import { parity } from "../../stages/data/parity.ts"
import { linearize } from "../../stages/dynamics/linearize/linearize.ts"
import { linearizeLimit, type LinearizeLimitParams } from "../../stages/dynamics/linearize/linearize-limit.ts"
import { train, type TrainParams } from "../../stages/dynamics/train/train.ts"
import type { Architecture } from "../../stages/net/architecture.ts"
import { init } from "../../stages/net/init.ts"
import { cifar10, mnist } from "../support/data.ts"
import { sectionsOf } from "../support/section.ts"
import { Study, type Jackknifed } from "../support/study.ts"
import { alphaOf, common, commonScales } from "./common.ts"

export type Common = ConfigOf<typeof common>

/** Training and test points, and the labels of the nodes that use them. */
export interface Data {
  readonly train: Output<Tensors>
  readonly test: Output<Tensors>
  readonly labels: Labels
}

/** One training: a net, its data and its scale. */
export interface Run {
  readonly data: Data
  readonly net: Net
  /** sqrt(h) alpha. */
  readonly sqrtHAlpha: number
}
export interface Net {
  readonly model: Architecture
  /** The labels of nodes of this net: the kind of net, its width, its replica. */
  readonly labels: Labels & { readonly net: string; readonly h: number; readonly replica: number }
}

/** The alpha of a run, in the form that the stages take. */
export const alphaIn = ({ net, sqrtHAlpha }: Pick<Run, "net" | "sqrtHAlpha">): number =>
  sqrtHAlpha / Math.sqrt(net.labels.h)

/** The labels of a node on some data and a net, with the replica last. */
export const named = (data: Data, { labels: { replica, ...net } }: Net, more: Labels = {}): Labels => ({
  ...data.labels,
  ...net,
  ...more,
  replica,
})

/** The dynamics of a training. */
export type Flow = Pick<TrainParams, "relaxation" | "low" | "high" | "stop">

export class GeigerStudy extends Study {
  readonly c: Common

  constructor(c: Common) {
    super()
    this.c = c
  }

  /** The flow of the paper: momentum over t / mu, until the loss is exactly zero. */
  get flow(): Flow {
    const { mu, low, high, maxSteps } = this.c
    return { relaxation: { kind: "proportional", mu }, low, high, stop: { loss: 0, steps: maxSteps, time: null } }
  }

  /** How training subtracts the output at the start. Carried differences need only float32. */
  get training() {
    const { method, dtype, backend } = this.c
    return { method, loss: "hinge", backend, dtype: method === "difference" ? "float32" : dtype } as const
  }

  get compute() {
    const { dtype, backend } = this.c
    return { dtype, backend }
  }

  /** MNIST by the parity of the digit, on principal components. */
  parity(n = this.c.n): Data {
    const { nTest, dimension, fitOn } = this.c
    const { out } = this.once(node(parity, { n, nTest, dimension, fitOn }, mnist(this), { n }))
    return { train: out.train, test: out.test, labels: { n } }
  }

  /** Whole MNIST images by the parity of the digit. */
  digits(n: number, shrink: number): Data {
    const { nTest } = this.c
    const labels = { images: "mnist", shrink, n }
    const { trainImages, trainLabels, testImages, testLabels } = mnist(this)
    const files = { images: [trainImages, testImages], labels: [trainLabels, testLabels] }
    const { out } = this.once(node(images, { n, nTest, shrink, format: "idx" }, files, labels))
    return { train: out.train, test: out.test, labels }
  }

  /** CIFAR-10 by the parity of the class, from a folder with its binary version. */
  cifar(folder: string, n: number, shrink: number): Data {
    const { nTest } = this.c
    const labels = { images: "cifar10", shrink, n }
    const { out } = this.once(
      node(images, { n, nTest, shrink, format: "cifar10" }, { images: cifar10(this, folder), labels: [] }, labels),
    )
    return { train: out.train, test: out.test, labels }
  }

  /** A fully connected net. Its initial weights are the same for every alpha. */
  fc(activation: "softplus" | "relu", depth: number, width: number, replica: number): Net {
    return {
      model: { kind: "fc", inputs: this.c.dimension, depth, width, activation },
      labels: { net: `${activation}${depth}`, h: width, replica },
    }
  }

  start({ model, labels }: Net) {
    return this.once(node(init, { model }, {}, labels))
  }

  /** A training, and the measurements at its end. */
  run({ data, net, sqrtHAlpha }: Run, variant: Partial<Flow & Pick<TrainParams, "method">> = {}, more: Labels = {}) {
    const at = named(data, net, { sqrtHAlpha, ...more })
    const start = this.start(net)
    const trained = this.once(
      node(
        train,
        { model: net.model, alpha: alphaIn({ net, sqrtHAlpha }), ...this.training, ...this.flow, ...variant },
        { data: data.train, weights: start.out.weights },
        at,
      ),
    )
    return { ...this.measured({ data, net, sqrtHAlpha }, trained.out, at), trained }
  }

  /** The measurements of a training that has ended. */
  measured(
    { data, net, sqrtHAlpha }: Run,
    trained: { readonly weights: Output<Tensors>; readonly curve: Output<Table>; readonly end: Output<Table> },
    at: Labels,
    kernelPoints = this.c.kernelPoints,
  ) {
    const { h } = net.labels
    const measured = this.once(
      node(
        measure,
        { model: net.model, method: this.c.method, alpha: alphaIn({ net, sqrtHAlpha }), kernelPoints, ...this.compute },
        {
          test: data.test,
          start: this.start(net).out.weights,
          end: trained.weights,
          curve: trained.curve,
          finish: trained.end,
        },
        at,
      ),
    )
    return { cell: { h, alpha: alphaOf(sqrtHAlpha, h), sqrtHAlpha, replica: net.labels.replica }, measured }
  }

  /** How far single arrays and layers have moved, on test points. */
  moves({ data, net }: Run, end: Output<Tensors>, at: Labels) {
    const inputs = { points: data.test, start: this.start(net).out.weights, end }
    const params = { model: net.model, points: this.c.kernelPoints, ...this.compute }
    return this.once(node(moves, params, inputs, named(data, net, at)))
  }

  /** Learning with a frozen kernel. The default is the kernel of the weights at the start. */
  frozen(
    { data, net }: Omit<Run, "sqrtHAlpha">,
    variant: Partial<Flow> = {},
    of: { readonly weights: Output<Tensors>; readonly labels: Labels } = {
      weights: this.start(net).out.weights,
      labels: {},
    },
  ) {
    return this.once(
      node(
        linearize,
        { model: net.model, ...this.flow, ...variant, ...this.compute },
        { train: data.train, test: data.test, weights: of.weights },
        named(data, net, of.labels),
      ),
    )
  }

  /** Learning with the kernel of infinite width. */
  limit(data: Data, net: Pick<LinearizeLimitParams, "depth" | "activation">) {
    return this.once(
      node(
        linearizeLimit,
        { ...net, ...this.flow },
        { train: data.train, test: data.test },
        { ...data.labels, ...net },
      ),
    )
  }

  /** The mean output and the variance of several replicas. */
  ensemble(data: Data, outputs: ReadonlyArray<Output<Tensors>>, labels: Labels) {
    return this.once(node(ensemble, {}, { replicas: outputs, test: data.test }, { ...data.labels, ...labels }))
  }

  /** One output of several ensembles as a table: from all replicas together, and without each replica in turn. */
  ensembles(
    of: string,
    groups: ReadonlyArray<{ readonly at: Labels; readonly taken: ReturnType<GeigerStudy["ensemble"]> }>,
    output: "errors" | "summary",
  ): Jackknifed {
    return {
      whole: this.gather(
        of,
        groups.map(({ at, taken }) => [at, taken.out[output]]),
      ),
      without: this.gather(
        `${of}-without`,
        groups.map(({ at, taken }) => [at, taken.out[`${output}Without`]]),
      ),
    }
  }
}

/** The sections of this document. */
export const { section, composed } = sectionsOf(
  { settings: common, scales: commonScales },
  (c: Common) => new GeigerStudy(c),
)
