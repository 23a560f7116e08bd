// The nodes that the sections ask for: the random data, the nets, their trainings and the metrics of their movement.
// Knows nothing about the numbers; the sections give them.
import { node, type Labels, type Output } from "../../pipeline/node.ts"
import type { ConfigOf } from "../../pipeline/spec.ts"
import type { Table, Tensors } from "../../pipeline/stage.ts"
import { numpyPoints } from "../../stages/data/numpy-points.ts"
import type { DescendParams } from "../../stages/dynamics/descend/descend-params.ts"
import { movement } from "../../stages/dynamics/descend/movement.ts"
import type { Architecture } from "../../stages/net/architecture.ts"
import type { Distribution } from "../../stages/net/distribution.ts"
import { weightMovement } from "../../stages/observables/weight-movement.ts"
import { sectionsOf } from "../support/section.ts"
import { Study } from "../support/study.ts"
import { common, commonScales } from "./common.ts"

type Common = ConfigOf<typeof common>

/** One training. */
export interface Run {
  /** Columns of the tables. */
  readonly labels: Labels & { readonly replica: number }
  /** The number of units by which the report divides the movement. */
  readonly units: number
  readonly trained: ReturnType<KearnsStudy["train"]>
}

const zeros = { kind: "constant", value: 0 } as const

/** How the weights are drawn: as in figures 4 to 6, or by the default of Keras. */
const draws = {
  narrow: { kind: "uniform", from: -0.05, to: 0.05 },
  glorot: { kind: "xavier-uniform", gain: 1 },
} as const satisfies { readonly [name: string]: Distribution }

/** A net with hidden layers of some widths and zero biases, and the labels of its nodes. */
export interface Layered {
  readonly model: Architecture
  readonly labels: Labels
}

/** If `shared`, all layers take their weights from the same random numbers. */
export const layered = (
  inputs: number,
  hidden: ReadonlyArray<number>,
  draw: keyof typeof draws,
  { outputs = 1, shared = false }: { readonly outputs?: number; readonly shared?: boolean } = {},
): Layered => ({
  model: {
    kind: "mlp",
    inputs,
    hidden,
    outputs,
    activation: "plain-relu",
    weights: draws[draw],
    biases: zeros,
    ...(shared && { sharedDraw: true }),
  },
  labels: { inputs, hidden: hidden.join("-"), outputs, draw: shared ? `${draw}-shared` : draw },
})

export class KearnsStudy extends Study {
  readonly c: Common

  constructor(c: Common) {
    super()
    this.c = c
  }

  /** Uniform random points with random labels of `classes` classes, as numpy draws them. */
  random(inputs = this.c.inputs, classes = 2): Output<Tensors> {
    const { points, dataSeed: seed } = this.c
    return this.once(node(numpyPoints, { seed, points, inputs, classes }, {}, { inputs, classes })).out.data
  }

  /** The rules of the report's trainings: Adam, one point a step, until the mean loss of an epoch is low. */
  rules(program: "pytorch" | "keras", epochs: number, loss: DescendParams["loss"] = "logistic") {
    const { rate, threshold, dtype, backend, points } = this.c
    return {
      method: "uncentred",
      alpha: 1,
      loss,
      optimizer: { kind: `adam-${program}` },
      schedule: { kind: "constant", rate },
      batch: 1,
      stop: { loss: threshold, steps: epochs * points },
      dtype,
      backend,
    } as const
  }

  /** Draws and trains a net. */
  train(
    { model, labels }: Layered,
    rules: Omit<ReturnType<KearnsStudy["rules"]>, "batch"> & { readonly batch: number },
    data: Output<Tensors>,
    replica: number,
    tests: ReadonlyArray<Output<Tensors>> = [],
  ) {
    return this.once(node(movement, { model, ...rules }, { data, tests }, { ...labels, replica }))
  }

  /** A table of the whole sweep, which is kept beside the spec. */
  sweep(of: string): Output<Table> {
    return this.kept(`specs/kearns/kept/${of}.csv`)
  }

  /** A table of the whole sweep, and one table of it and of the table of this run. */
  beside(of: string, here: Output<Table>): { readonly kept: Output<Table>; readonly both: Output<Table> } {
    const kept = this.sweep(of)
    const both = this.gather(`${of}-both`, [
      [{ origin: "whole sweep, kept" }, kept],
      [{ origin: "this run" }, here],
    ])
    return { kept, both }
  }

  /** How far the weights of these nets have moved: a row for each net, and a row for each of its layers. */
  moved(of: string, runs: ReadonlyArray<Run>): { readonly nets: Output<Table>; readonly layers: Output<Table> } {
    const nets = runs.map(({ labels, units }) => ({ labels, units }))
    return this.once(
      node(
        weightMovement,
        { nets },
        { arrays: runs.map(({ trained }) => trained.out.arrays), ends: runs.map(({ trained }) => trained.out.end) },
        { of },
      ),
    ).out
  }
}

/** The sections of this document. */
export const { section, composed } = sectionsOf(
  { settings: common, scales: commonScales },
  (c: Common) => new KearnsStudy(c),
)
