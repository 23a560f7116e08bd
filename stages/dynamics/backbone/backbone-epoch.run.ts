// Takes the batches of an epoch to the compiled step, some batches a call.
import { Effect } from "effect"
import { Progress, StageError, type Given, type Table, type Tensor, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { digitsIn, resized, type Digits } from "../../data/digits.ts"
import { groupOf, grouped, mapped } from "../../net/group.ts"
import { part } from "../../net/model.ts"
import { drops } from "../../net/models/efficientnet.ts"
import { permutation, stream } from "../../random.ts"
import { iterate } from "../../tensor/iterate.ts"
import { packed, shapesOf, unpacked } from "../pack.ts"
import { rounded } from "../task.ts"
import type { BackboneEpochParams } from "./backbone-epoch.ts"
import { backboneNet, frozenParts } from "./net.ts"
import { backboneStep } from "./step.ts"

type Inputs = { readonly images: Uint8Array; readonly labels: Uint8Array; readonly state: Tensors }
type Outputs = { readonly state: Tensors; readonly curve: Table }

/** So many steps take a few seconds. */
const CALL = 25

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
  seed,
}: Given<BackboneEpochParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const onProgress = yield* Progress
  const { state, loss, accuracy } = yield* attempt(() => trained(params, inputs, seed, onProgress))
  const { epoch } = params
  const steps = state["steps"]!.data[0]!
  yield* Effect.log(`epoch ${epoch}: loss ${loss.toPrecision(4)}, accuracy ${accuracy.toPrecision(5)}`)
  return { state, curve: { epoch: [epoch], steps: [steps], loss: [loss], accuracy: [accuracy] } }
})

const trained = async (
  { hidden, images: count, batch, side, rate, epoch }: BackboneEpochParams,
  { images, labels, state }: Inputs,
  seed: number,
  onProgress: (fraction: number) => void,
): Promise<{ readonly state: Tensors; readonly loss: number; readonly accuracy: number }> => {
  const digits = digitsIn(images, labels, count)
  const n = digits.labels.length
  if (n % batch !== 0)
    throw new StageError({ reason: "InvalidInput", message: `${n} images are not whole batches of ${batch}` })
  const before = state["steps"]!.data[0]!
  if (before !== ((epoch - 1) * n) / batch)
    throw new StageError({
      reason: "InvalidInput",
      message: `epoch ${epoch} must begin after ${((epoch - 1) * n) / batch} steps, but the state has ${before}`,
    })
  const net = backboneNet(hidden)
  const arrays = groupOf("w", state)
  const weights = part(net, "trained", arrays)
  const shapes = shapesOf(weights)
  const { statistics, fixed } = frozenParts(net, arrays)
  const slots = ["mean", "square"] as const
  const step = backboneStep(shapes, { kind: "adam-keras", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }, rate)
  const descent = iterate("backbone", step, { dtype: "float32" })
  const order = permutation(n, stream(seed, "order"))
  const { uniform } = stream(seed, "drop-connect")
  const given = batchesOf(digits, side, batch, order, uniform)
  let reached = {
    arrays: {
      ...grouped("w", packs(weights)),
      ...grouped("statistics", statistics),
      ...Object.assign({}, ...slots.map((slot) => grouped(slot, packs(groupOf(slot, state))))),
    } as Tensors,
    scalars: { count: before, at: 0 },
  }
  let [loss, right] = [0, 0]
  const steps = n / batch
  for (let from = 0; from < steps; from += CALL) {
    const trips = Math.min(CALL, steps - from)
    const made = await descent(
      { ...reached, scalars: { ...reached.scalars, at: 0 } },
      { ...given(from, trips, CALL), ...grouped("frozen", fixed) },
      trips,
    )
    reached = made.state
    for (const [i, each] of made.rows.loss.entries()) {
      if (!Number.isFinite(each))
        throw new StageError({
          reason: "Diverged",
          message: `The loss is ${each} at step ${from + i + 1} of epoch ${epoch}.`,
        })
      loss += each / steps
      right += made.rows.right[i]! / steps
    }
    onProgress((from + trips) / steps)
  }
  const named = (group: string): Tensors => unpacked(groupOf(group, reached.arrays), shapes)
  const after = { ...arrays, ...named("w"), ...groupOf("statistics", reached.arrays) }
  return {
    state: {
      ...grouped("w", after),
      ...Object.assign({}, ...slots.map((slot) => grouped(slot, named(slot)))),
      steps: { shape: [], data: Float64Array.of(reached.scalars.count) },
    } as Tensors,
    loss,
    accuracy: right,
  }
}

const packs = (arrays: Tensors): Tensors => mapped(packed(arrays), (array) => rounded(array, "float32"))

/** The batches of `trips` steps from step `from` on, padded to `most` steps, so that each call has the same shape. */
const batchesOf = (
  digits: Digits,
  side: number,
  batch: number,
  order: Int32Array,
  uniform: () => number,
): ((from: number, trips: number, most: number) => Record<"x" | "y" | "uniforms", Tensor>) => {
  const imagesAt = resized(digits, side)
  return (first, trips, most) => {
    const x = new Float32Array(most * batch * side * side)
    const y = new Int32Array(most * batch)
    const rows = order.subarray(first * batch, (first + trips) * batch)
    x.set(imagesAt(rows))
    y.set(rows.map((row) => digits.labels[row]!))
    const chances = new Float32Array(most * batch * drops)
    for (let i = 0; i < trips * batch * drops; i++) chances[i] = uniform()
    return {
      x: { shape: [most, batch, side, side, 1], data: x },
      y: { shape: [most, batch], data: y },
      uniforms: { shape: [most, batch, drops], data: chances },
    }
  }
}
