// Checks that the inputs of a net fit together: weights of the net's own shapes, as many labels as points, labels that
// the loss accepts. Stages check before they compute, since broadcasting would turn wrong shapes into numbers without
// an error. Knows nothing about what is computed afterwards.
import { StageError, type Tensor, type Tensors } from "../../pipeline/stage.ts"
import { outputShapes } from "../tensor/jit.ts"
import { sliceRows } from "../tensor/rows.ts"
import { groupOf, grouped } from "./group.ts"
import type { LossName } from "./loss-name.ts"
import type { Model } from "./model.ts"
import { forward } from "./forward.ts"

const refuse = (message: string): never => {
  throw new StageError({ reason: "InvalidInput", message })
}
const said = (shape: ReadonlyArray<number>): string => `(${shape.join(", ")})`
const same = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): boolean => said(a) === said(b)

/** Refuses weights whose names or shapes differ from those of the net. */
export const assertWeights = ({ weights: declared }: Model, weights: Tensors): void => {
  for (const name of Object.keys(weights))
    if (!(name in declared)) refuse(`the weights have an array ${name}, but the net has no array of that name`)
  for (const [name, { shape }] of Object.entries(declared)) {
    const given = weights[name] ?? refuse(`the weights lack the array ${name} of the net`)
    if (!same(given.shape, shape))
      refuse(`${name} is ${said(given.shape)} in the weights, but ${said(shape)} in the net`)
  }
}

/**
 * The number of outputs that the net has for each of these points. Throws a TensorError if the net cannot take the
 * points.
 */
const outputsOf = (model: Model, weights: Tensors, x: Tensor): number => {
  const { f } = outputShapes(
    "net",
    (arrays) => ({ f: forward(model, groupOf("w", arrays), arrays["x"]!) }),
    "float32",
    {
      x: sliceRows(x, 0, 1),
      ...grouped("w", weights),
    },
  )
  return f[1] ?? 1
}

/**
 * The points x (n, …) and the labels y of some data, and the number of outputs of the net. The labels are (n); they are
 * (n, outputs) if the net has several outputs, but class numbers (n) for softmax.
 */
export const pointsOf = (
  model: Model,
  weights: Tensors,
  data: Tensors,
  loss: LossName,
): { readonly x: Tensor; readonly y: Tensor; readonly outputs: number } => {
  const { x = refuse("the data lack the points x"), y = refuse("the data lack the labels y") } = data
  const n = x.shape[0] ?? 0
  if (n === 0) refuse("the data have no points")
  const outputs = outputsOf(model, weights, x)
  const wanted = loss === "softmax-cross-entropy" || outputs === 1 ? [n] : [n, outputs]
  if (!same(y.shape, wanted))
    refuse(
      `the labels y are ${said(y.shape)}, but for ${n} points, ${outputs} outputs and the ${loss} loss they ` +
        `must be ${said(wanted)}`,
    )
  if (loss === "softmax-cross-entropy") {
    const stray = Array.from(y.data).find((label) => !Number.isInteger(label) || label < 0 || label >= outputs)
    const many = outputs === 1 ? "there is one output, so 0 is the only class" : `there are ${outputs} outputs`
    if (stray !== undefined) refuse(`the label ${stray} is not a class number: ${many}`)
  }
  return { x, y, outputs }
}
