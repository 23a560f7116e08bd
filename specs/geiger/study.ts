// What the sections ask for: data, nets, trainings and what is measured of them. What two of them ask for is there
// once. The numbers are the sections' own.
import { node, type Labels, type Output } from "../../pipeline/node.ts"
import type { ConfigOf } from "../../pipeline/spec.ts"
import type { Table, Tensors } from "../../pipeline/stage.ts"
import { ensemble } from "../../stages/statistics/ensemble.ts"
import { measure } from "../../stages/observables/measure.ts"
import { images } from "../../stages/data/images.ts"
import { parity } from "../../stages/data/parity.ts"
import { linearize } from "../../stages/dynamics/linearize/linearize.ts"
import { train, type TrainParams } from "../../stages/dynamics/train/train.ts"
import type { Architecture } from "../../stages/net/architecture.ts"
import { init } from "../../stages/net/init.ts"
import { cifar10, mnist } from "../support/data.ts"
import { documentOf } from "../support/section.ts"
import { Study, type Jackknifed } from "../support/study.ts"
import { alphaOf, common } from "./common.ts"

export type Common = ConfigOf<typeof common>

/** Training and test points, and what the names of nodes on them say. */
export interface Data {
  readonly train: Output<Tensors>
  readonly test: Output<Tensors>
  readonly labels: Labels
}

/** One net on some data, as it is trained. */
export interface Run {
  readonly data: Data
  readonly net: Net
  /** sqrt(h) alpha. */
  readonly sqrtHAlpha: number
}
export interface Net {
  readonly model: Architecture
  /** What names say of it: the kind of net, its width, its replica. */
  readonly labels: Labels & { readonly net: string; readonly h: number; readonly replica: number }
}

/** The alpha of a run, as its stages take it. */
export const alphaIn = ({ net, sqrtHAlpha }: Pick<Run, "net" | "sqrtHAlpha">): number =>
  sqrtHAlpha / Math.sqrt(net.labels.h)

/** What a node on some data and a net is called: the replica last. */
export const named = (data: Data, { labels: { replica, ...net } }: Net, more: Labels = {}): Labels => ({
  ...data.labels,
  ...net,
  ...more,
  replica,
})

/** How nets move. */
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

  /** How outputs are compared with those at the start; carried differences are what float32 is enough for. */
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

  /** A fully connected net, the same initial weights for every alpha. */
  fc(activation: "softplus" | "relu", depth: number, width: number, replica: number): Net {
    return {
      model: { kind: "fc", inputs: this.c.dimension, depth, width, activation },
      labels: { net: `${activation}${depth}`, h: width, replica },
    }
  }

  start({ model, labels }: Net) {
    return this.once(node(init, { model }, {}, labels))
  }

  /** A training, and what is measured of it at its end. */
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

  /** What is measured of a training that has ended. */
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

  /** Learning with the kernel of some weights frozen: of those at the start unless told otherwise. */
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

  /** Replicas taken together. */
  ensemble(data: Data, outputs: ReadonlyArray<Output<Tensors>>, labels: Labels) {
    return this.once(node(ensemble, {}, { replicas: outputs, test: data.test }, { ...data.labels, ...labels }))
  }

  /** One output of ensembles, of all together. */
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
export const { section, composed } = documentOf(common, (c: Common) => new GeigerStudy(c))
