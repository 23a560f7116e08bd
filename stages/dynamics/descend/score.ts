// How well a trained net does on some points: its loss and its error, a chunk of points at a time. Knows nothing about
// training.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { forward } from "../../net/forward.ts"
import { groupOf, grouped, mapped } from "../../net/group.ts"
import { losses } from "../../net/loss.ts"
import { modelOf } from "../../net/model-of.ts"
import { pointsOf } from "../../net/validate.ts"
import { wrongPoints } from "../../statistics/error.ts"
import { jit } from "../../tensor/jit.ts"
import { sliceRows } from "../../tensor/rows.ts"
import { rounded } from "../task.ts"
import type { DescendParams } from "./descend-params.ts"

/** The activations of so many points fit into memory for every net that does. */
const CHUNK = 1000

/** The loss of alpha f, a mean over points, and the fraction of points that are wrong. Throws a StageError. */
export const scoreOf = async (
  { model: architecture, alpha, loss, dtype, backend }: Omit<DescendParams, "method">,
  weights: Tensors,
  test: Tensors,
): Promise<{ readonly loss: number; readonly error: number }> => {
  const model = modelOf(architecture)
  const { x, y } = pointsOf(model, weights, test, loss)
  const own = (array: Tensor): Tensor => rounded(array, dtype)
  const arrays = grouped("w", mapped(weights, own))
  const score = jit(
    "score",
    (given) => {
      const f = forward(model, groupOf("w", given), given["x"]!)
      return { f, loss: losses[loss](tf.mul(given["alpha"]!, f), given["y"]!) }
    },
    { dtype, backend },
  )
  const n = y.shape[0]!
  let [sum, wrong] = [0, 0]
  for (let from = 0; from < n; from += CHUNK) {
    const [points, labels] = [own(sliceRows(x, from, CHUNK)), sliceRows(y, from, CHUNK)]
    const made = await score({
      ...arrays,
      x: points,
      y: own(labels),
      alpha: { shape: [], data: Float64Array.of(alpha) },
    })
    sum += made.loss.data[0]! * labels.shape[0]!
    wrong += wrongPoints(made.f.data, labels).reduce((total, each) => total + each, 0)
  }
  return { loss: sum / n, error: wrong / n }
}
