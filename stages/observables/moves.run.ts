// Computes the changes of arrays and preactivations between two sets of weights of one net.
import type { Effect } from "effect"
import * as tf from "@tensorflow/tfjs-core"
import { StageError, type Given, type Table, type Tensors } from "../../pipeline/stage.ts"
import { preactivations } from "../net/difference.ts"
import { norm } from "../net/norm.ts"
import { groupOf, grouped, numbersOf } from "../net/group.ts"
import { modelOf } from "../net/model-of.ts"
import { moved } from "../net/moved.ts"
import { assertWeights } from "../net/validate.ts"
import { attempt } from "../stage-error.ts"
import { jit } from "../tensor/jit.ts"
import { rms } from "../tensor/rms.ts"
import { sliceRows } from "../tensor/rows.ts"
import type { MovesParams } from "./moves.ts"

type Inputs = { readonly points: Tensors; readonly start: Tensors; readonly end: Tensors }
type Outputs = { readonly arrays: Table; readonly layers: Table }

export const run = ({
  params,
  inputs: { points, start, end },
}: Given<MovesParams, Inputs>): Effect.Effect<Outputs, StageError> =>
  attempt(async () => {
    const { dtype, backend } = params
    const model = modelOf(params.model)
    for (const weights of [start, end]) assertWeights(model, weights)
    if (points["x"]?.shape[0] === 0) throw new StageError({ reason: "InvalidInput", message: "there are no points x" })
    const change = moved(start, end)
    const measure = jit(
      "moves",
      (arrays) => {
        const [w0, dw] = [groupOf("w0", arrays), groupOf("dw", arrays)]
        return Object.fromEntries(
          Object.entries(preactivations(model, "exact", w0, dw, arrays["x"]!)).flatMap(([layer, z]) => [
            [`moved.${layer}`, rms(z.change)],
            [`switched.${layer}`, tf.mean(switches(z.base, tf.add(z.base, z.change)))],
          ]),
        ) as Record<string, tf.Tensor>
      },
      { dtype, backend },
    )
    const made = await measure({
      x: sliceRows(points["x"]!, 0, params.points),
      ...grouped("w0", start),
      ...grouped("dw", change),
    })
    const layers = numbersOf("moved", made)
    const arrays = Object.entries(change)
    return {
      arrays: { array: arrays.map(([name]) => name), moved: arrays.map(([, { data }]) => rmsOf(data)) },
      layers: { layer: layers.map((_, l) => l + 1), moved: layers, switched: numbersOf("switched", made) },
    }
  })

/** 1 where a number is above zero, and 0 elsewhere. */
const isOn = (z: tf.Tensor): tf.Tensor => tf.where(tf.greater(z, tf.zerosLike(z)), tf.onesLike(z), tf.zerosLike(z))
/** 1 where one of two numbers is above zero and the other is not, and 0 elsewhere. */
const switches = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.abs(tf.sub(isOn(a), isOn(b)))

const rmsOf = (values: Tensors[string]["data"]): number => norm(values) / Math.sqrt(values.length)
