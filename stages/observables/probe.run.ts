// Draws a net and computes the gradients of its arrays, the velocities of its preactivations, and its kernel.
import { Effect } from "effect"
import * as tf from "@tensorflow/tfjs-core"
import { StageError, type Given, type Table, type Tensor, type Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../stage-error.ts"
import { initial as initialWeights, outcome } from "../dynamics/momentum.ts"
import { prepared } from "../dynamics/task.ts"
import { unpack } from "../dynamics/pack.ts"
import { jit, type Options } from "../tensor/jit.ts"
import { rms } from "../tensor/rms.ts"
import { sliceRows } from "../tensor/rows.ts"
import { modelOf } from "../net/model-of.ts"
import { preactivations } from "../net/difference.ts"
import { groupOf, grouped, mapped, numbersOf } from "../net/group.ts"
import { kernelOf } from "../net/kernel.ts"
import { initial, type Model } from "../net/model.ts"
import type { ProbeParams } from "./probe.ts"
import { tangentsOf } from "../net/tangents.ts"

type Outputs = { readonly arrays: Table; readonly layers: Table; readonly kernel: Tensors }

export const run = ({
  params,
  inputs,
  seed,
}: Given<ProbeParams, { readonly data: Tensors }>): Effect.Effect<Outputs, StageError> =>
  attempt(async () => {
    const model = modelOf(params.model)
    const weights = initial(model, seed)
    const arrays = await gradients(model, weights, inputs.data["x"]!, params)
    const few = sliceRows(inputs.data["x"]!, 0, params.kernelPoints)
    const K = await kernelOf(model, params)(weights, few, few)
    return { arrays, layers: await velocities(params, inputs.data, weights), kernel: { K } }
  })

/** The squared norms of the rows. */
const norms = (array: tf.Tensor): tf.Tensor => tf.sum(tf.square(array), 1)

/**
 * In a dense layer the gradient of one point is the outer product of z and delta, so its squared norm is the product of
 * their squared norms.
 */
const gradients = async (model: Model, weights: Tensors, x: Tensor, options: Options): Promise<Table> => {
  const squares = jit(
    "squares",
    (arrays) => {
      const tangents = tangentsOf(model, groupOf("w", arrays), arrays["x"]!)
      return Object.fromEntries(
        Object.keys(tangents)
          .filter((key) => key.endsWith(".delta"))
          .flatMap((key) => {
            const layer = key.replace(/\.delta$/, "")
            const [z, delta] = [norms(tangents[`${layer}.z`]!), norms(tangents[key]!)]
            // The last input of a layer belongs to its bias and is 1.
            return [
              [`W${layer}`, tf.mean(tf.mul(tf.sub(z, tf.onesLike(z)), delta))],
              [`B${layer}`, tf.mean(delta)],
            ]
          }),
      ) as Record<string, tf.Tensor>
    },
    options,
  )
  const sums = await squares({ x, ...grouped("w", weights) })
  const names = Object.keys(sums)
  if (names.toSorted().join() !== Object.keys(model.weights).toSorted().join())
    throw new StageError({
      reason: "Unsupported",
      message: "a net is probed layer by layer, but this net has layers that are not dense or have no bias",
    })
  return {
    array: names,
    kind: names.map((name) => kindOf(name, names)),
    gradient: names.map((name) => Math.sqrt(sums[name]!.data[0]! / weights[name]!.data.length)),
  }
}

/** Weights or biases, and the place of their layer: first, inner, or last. */
const kindOf = (name: string, names: ReadonlyArray<string>): string => {
  const [layer, first, last] = [name, names[0]!, names.at(-1)!].map((each) => each.slice(1))
  return `${name[0]}, ${layer === first ? "first" : layer === last ? "last" : "inner"}`
}

const velocities = async ({ model, dtype, backend }: ProbeParams, data: Tensors, weights: Tensors): Promise<Table> => {
  const { task, x, y, fixed, still } = prepared(
    { model, method: "direct", alpha: 1, loss: "hinge", dtype },
    data,
    weights,
  )
  const speeds = jit(
    "velocities",
    (arrays) => {
      const { g } = outcome(task, groupOf("dw", arrays), arrays)
      const seen = preactivations(
        task.model,
        "first",
        initialWeights(task, arrays),
        unpack(mapped(g, tf.neg), task.shapes),
        arrays["x"]!,
      )
      return Object.fromEntries(
        Object.entries(seen).flatMap(([layer, { base, change }]) => [
          [`start.${layer}`, rms(base)],
          [`velocity.${layer}`, rms(change)],
        ]),
      ) as Record<string, tf.Tensor>
    },
    { dtype, backend },
  )
  const made = await speeds({ ...fixed, x, y, ...grouped("dw", still) })
  const velocity = numbersOf("velocity", made)
  return { layer: velocity.map((_, l) => l + 1), velocity, start: numbersOf("start", made) }
}
