// The compiled loop of `train`, whose step also reports how far outputs and layers have moved from their start.
import { Effect } from "effect"
import * as tf from "@tensorflow/tfjs-core"
import { Progress, type Given, type StageError, type Table, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { jit } from "../../tensor/jit.ts"
import { rms } from "../../tensor/rms.ts"
import { sliceRows } from "../../tensor/rows.ts"
import type { Step } from "../../tensor/step.ts"
import { modelOf } from "../../net/model-of.ts"
import { interpolate, type Point } from "../../statistics/interpolate.ts"
import { forward } from "../../net/forward.ts"
import { grouped, groupOf } from "../../net/group.ts"
import type { Weights } from "../../net/model.ts"
import { followCompiled } from "../compiled-flow.ts"
import type { Bounds, Trial } from "../control.ts"
import { Curve, half, progressOf, rowOf, endAsText, type FlowEnd, type Moment } from "../flow.ts"
import { initial, momentumStep, outputs, type Fixed, type Task } from "../momentum.ts"
import { prepared, rounded } from "../task.ts"
import type { WatchParams } from "./watch.ts"
import { unpack } from "../pack.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors; readonly watched: Tensors }
type Outputs = { readonly curve: Table; readonly layers: Table; readonly end: Table }

/** rms of f - f0 (`moved`) and of f (`output`) on the watched points, and |dW| of each array of weights, by name. */
type Told = Readonly<Record<string, number>>
interface Seen extends Moment {
  readonly told: Told
}
interface WatchedTrial extends Trial<number> {
  readonly told: Told
}

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
}: Given<WatchParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(yield* Progress)
  // Outputs move long before the loss changes, so moments are kept from the start of training.
  const curve = new Curve<Seen>(Infinity)
  const end = yield* attempt(() =>
    watch(params, inputs, (seen) => {
      curve.see(seen)
      tell(seen)
    }),
  )
  yield* Effect.log(endAsText(end))
  const { last, ...tables } = tablesOf(params, Object.keys(inputs.weights), curve.moments())
  return { ...tables, end: { ...rowOf(end), ...last } }
})

const watch = async (
  params: WatchParams,
  { data, weights, watched }: Inputs,
  onSeen: (seen: Seen) => void,
): Promise<FlowEnd> => {
  const { dtype, backend } = params
  const task = prepared(params, data, weights)
  const more = { watched: rounded(sliceRows(watched["x"]!, 0, params.points), dtype) }
  const look = jit("look", (arrays) => reportOf(task.task, groupOf("dw", arrays), arrays), { dtype, backend })
  const sight = await look({ ...task.fixed, x: task.x, y: task.y, ...more, ...grouped("dw", task.still) })
  const nothing = Object.fromEntries(Object.entries(sight).map(([name, { data }]) => [name, data[0]!]))
  const { end } = await followCompiled<string, WatchedTrial>(task, params, {
    name: "watched flow",
    step: watchedStep(task.task, params),
    more,
    trialsOf: (rows) =>
      Array.from(rows["change"]!, (change, i) => ({
        change,
        loss: rows["loss"]![i]!,
        told: Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, values[i]!])),
      })),
    onMoment: (moment, trial) => onSeen({ ...moment, told: trial?.told ?? nothing }),
  })
  return end
}

/** The reported numbers for a movement dw: one scalar each. */
const reportOf = (task: Task, dw: Weights, fixed: Fixed): Readonly<Record<string, tf.Tensor>> => {
  const there = { ...fixed, x: fixed["watched"]! }
  const change = outputs(task, dw, there)
  const layers = Object.entries(unpack(dw, task.shapes)).filter(([name]) => name.startsWith("W"))
  return {
    moved: rms(change),
    output: rms(tf.add(change, forward(task.model, initial(task, there), there.x))),
    ...Object.fromEntries(layers.map(([name, array]) => [name, tf.sqrt(tf.sum(tf.square(array)))])),
  }
}

/** The step of `train`; it also reports the watched numbers after the step. */
const watchedStep = (task: Task, bounds: Bounds): Step<string, "t" | "dt", string, string> => {
  const step = momentumStep(task, bounds)
  return (given, scalar) => {
    const left = step(given, scalar)
    const seen = Object.entries(reportOf(task, groupOf("dw", left.arrays), given.fixed)).map(([name, value]) => [
      name,
      scalar.read(value),
    ])
    return { ...left, row: { ...left.row, ...Object.fromEntries(seen) } }
  }
}

interface Tables {
  readonly curve: Table
  readonly layers: Table
  readonly last: Table
}

/** Twelve a decade, the same moments for every net, so that nets can be averaged. */
const moments = Array.from({ length: 12 * 5 + 1 }, (_, i) => 10 ** (i / 12 - 3))

const tablesOf = ({ alpha, model }: WatchParams, names: ReadonlyArray<string>, seen: ReadonlyArray<Seen>): Tables => {
  const root = Math.sqrt(modelOf(model).width)
  const turn = seen.find(({ loss }) => loss < half * seen[0]!.loss)
  const columns: Readonly<Record<string, (seen: Seen) => number>> = {
    t: ({ t }) => t,
    loss: ({ loss }) => loss,
    moved: ({ told }) => told["moved"]!,
    scaled: ({ told }) => alpha * told["moved"]!,
    overRoot: ({ told }) => (alpha * told["moved"]!) / root,
    growth: ({ told }) => told["output"]! / (root * seen[0]!.told["output"]!),
  }
  // A logarithmic axis cannot show the moments before the outputs move.
  const points =
    turn === undefined
      ? []
      : seen.filter(({ told }) => told["moved"]! > 0).map((each) => ({ at: each.t / turn.t, each }))
  const covered = moments.filter(
    (moment) => points.length > 0 && moment >= points[0]!.at && moment <= points.at(-1)!.at,
  )
  const sampled = (of: (seen: Seen) => number): ReadonlyArray<number> =>
    interpolated(
      points.map(({ at, each }) => [at, of(each)]),
      covered,
    )
  const arrays = names.filter((name) => name.startsWith("W"))
  const distance = ({ told }: Seen): number => Math.hypot(...arrays.map((name) => told[name]!))
  const last = seen.at(-1)!
  const since = (moment: Seen | undefined): number =>
    moment === undefined ? Number.NaN : distance(last) / distance(moment)
  // While the output blows up, it grows by a lot between two moments.
  const distanceAt = (moved: number): number => {
    const at = seen.findIndex(({ told }) => told["moved"]! >= moved)
    if (at < 1) return Number.NaN
    const [before, after] = [seen[at - 1]!, seen[at]!].map((each): Point => [each.told["moved"]!, distance(each)])
    return before![0] === 0 ? after![1] : interpolate(before!, after!, moved, { x: "log", y: "log" })
  }
  return {
    curve: {
      sinceStart: covered,
      ...Object.fromEntries(Object.entries(columns).map(([name, of]) => [name, sampled(of)])),
    },
    layers: {
      sinceStart: arrays.flatMap(() => covered),
      layer: arrays.flatMap((name) => covered.map(() => name)),
      inflation: arrays.flatMap((name) => sampled(({ told }) => told[name]! / turn!.told[name]!)),
    },
    last: {
      ...Object.fromEntries(["moved", "scaled", "overRoot", "growth"].map((name) => [name, [columns[name]!(last)]])),
      inflation: [since(turn)],
      amplification: [distance(last) / distanceAt(root)],
    },
  }
}

/**
 * Interpolates on straight lines between points, with both axes logarithmic. `at` is in order and within the range of
 * the points.
 */
const interpolated = (
  points: ReadonlyArray<readonly [x: number, y: number]>,
  at: ReadonlyArray<number>,
): ReadonlyArray<number> => {
  let next = 0
  return at.map((x) => {
    while (points[next]![0] < x) next++
    const [x1, y1] = points[next]!
    if (next === 0 || x1 === x || y1 === 0) return y1
    const [x0, y0] = points[next - 1]!
    return interpolate([x0, y0], [x1, y1], x, { x: "log", y: "log" })
  })
}
