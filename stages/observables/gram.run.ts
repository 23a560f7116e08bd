// Computes the tangent kernel at the start and at the end of a training, and its entries and summary by class.
import { Effect } from "effect"
import type { Given, StageError, Table, Tensor, Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../stage-error.ts"
import { modelOf } from "../net/model-of.ts"
import { assertWeights } from "../net/validate.ts"
import { kernelOf } from "../net/kernel.ts"
import { sliceRows } from "../tensor/rows.ts"
import type { GramParams } from "./gram.ts"
import { mean } from "../statistics/scaling.ts"

type Inputs = { readonly test: Tensors; readonly start: Tensors; readonly end: Tensors }

export const run = ({
  params,
  inputs,
}: Given<GramParams, Inputs>): Effect.Effect<{ entries: Table; summary: Table }, StageError> =>
  attempt(async () => {
    const model = modelOf(params.model)
    for (const weights of [inputs.start, inputs.end]) assertWeights(model, weights)
    const x = sliceRows(inputs.test["x"]!, 0, params.points)
    const order = orderOf(inputs.test, x.shape[0]!)
    const y = order.map((i) => inputs.test["y"]!.data[i]!)
    const kernel = kernelOf(model, params)
    const times = [
      { when: "start", weights: inputs.start },
      { when: "end", weights: inputs.end },
    ]
    const seen = []
    for (const { when, weights } of times)
      seen.push({ when, ...normalised(sorted(await kernel(weights, x, x), order)) })
    const n = order.length
    return {
      entries: {
        i: seen.flatMap(({ K }) => K.map((_, ij) => Math.floor(ij / n))),
        j: seen.flatMap(({ K }) => K.map((_, ij) => ij % n)),
        when: seen.flatMap(({ when, K }) => K.map(() => when)),
        value: seen.flatMap(({ K }) => K),
      },
      summary: {
        when: seen.map(({ when }) => when),
        deviation: seen.map(({ K }) => deviation(K)),
        contrast: seen.map(({ K }) => contrast(K, y)),
        alignment: seen.map(({ K }) => alignment(K, y)),
        size: seen.map(({ size }) => size),
      },
    }
  })

/** Points of odd classes first; within each label, points in order of their class. */
const orderOf = (test: Tensors, count: number): ReadonlyArray<number> => {
  const [y, of] = [test["y"]!.data, (test["class"] ?? test["y"]!).data]
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => y[b]! - y[a]! || of[a]! - of[b]!)
}

const sorted = ({ shape: [n = 0], data }: Tensor, order: ReadonlyArray<number>): ReadonlyArray<number> =>
  order.flatMap((i) => order.map((j) => data[i * n + j]!))

const normalised = (K: ReadonlyArray<number>): { readonly K: ReadonlyArray<number>; readonly size: number } => {
  const size = Math.sqrt(mean(K.map((value) => value * value)))
  return { K: K.map((value) => value / size), size }
}

const deviation = (K: ReadonlyArray<number>): number => {
  const centre = mean(K)
  return Math.sqrt(mean(K.map((value) => (value - centre) ** 2)))
}

/** Over pairs of different points: a point and itself say nothing about classes. */
const contrast = (K: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  const n = y.length
  const of = (same: boolean): number =>
    mean(K.filter((_, ij) => ij % (n + 1) !== 0 && (y[Math.floor(ij / n)] === y[ij % n]) === same))
  return (of(true) - of(false)) / mean(K)
}

/** The cosine between the two matrices after centring: rows and columns have mean zero. */
const alignment = (K: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  const n = y.length
  const rows = y.map((_, i) => mean(K.slice(i * n, (i + 1) * n)))
  const [all, centre] = [mean(rows), mean(y)]
  const z = y.map((value) => value - centre)
  let [product, square] = [0, 0]
  for (const [ij, value] of K.entries()) {
    const [i, j] = [Math.floor(ij / n), ij % n]
    const centred = value - rows[i]! - rows[j]! + all
    product += centred * z[i]! * z[j]!
    square += centred * centred
  }
  return product / Math.sqrt(square) / z.reduce((sum, value) => sum + value * value, 0)
}
