// Carried differences in float32 against subtracted outputs in float64: on the same steps, and with steps of their own.
import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { run as measureRun } from "../../../stages/observables/measure.run.ts"
import { type Clock, begin, judge } from "../../../stages/dynamics/control.ts"
import { momentumStep, outcome, type Task } from "../../../stages/dynamics/momentum.ts"
import type { TrainParams } from "../../../stages/dynamics/train/train.ts"
import { run } from "../../../stages/dynamics/train/train.run.ts"
import { movedBy, packed, shapesOf, zerosLike } from "../../../stages/dynamics/pack.ts"
import { initial } from "../../../stages/net/model.ts"
import { groupOf, grouped, mapped } from "../../../stages/net/group.ts"
import { fc } from "../../../stages/net/models/fc.ts"
import { kernelOf } from "../../../stages/net/kernel.ts"
import { numbers } from "../../../stages/tensor/double.ts"
import { iterate } from "../../../stages/tensor/iterate.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import type { Step } from "../../../stages/tensor/step.ts"
import { agreement, expectClose } from "../../support/tolerance.ts"
import { parityOf } from "../data/mnist.ts"
import { perform } from "../perform.ts"

const width = 16
const bounds = {
  relaxation: { kind: "proportional", mu: 1000 },
  low: 1e-2,
  high: 2e-1,
  stop: { loss: 0, steps: 20_000, time: null },
} as const
const names = ["kernelChange", "weightChange", "t1", "t2"] as const
/** Smaller steps, so that one that is undone on one road only makes little difference. */
const fine = { ...bounds, low: 2e-3, high: 4e-2 }
const scalar = (x: number): Tensor => ({ shape: [], data: Float64Array.of(x) })
let data: { readonly train: Tensors; readonly test: Tensors }

beforeAll(async () => {
  data = await parityOf({ n: 24, nTest: 40 })
})

const netOf = (depth: number, activation: "softplus" | "relu") =>
  ({ kind: "fc", inputs: 10, depth, width, activation }) as const

const atRest = (w0: Tensors): Tensors =>
  Object.assign({}, ...["dw", "v", "g"].map((name) => grouped(name, zerosLike(w0)))) as Tensors

/**
 * The sizes of the steps that direct float64 takes, undone ones left out, from rest to `count` after the loss has
 * moved.
 */
const stepsOf = async (task: Task, given: Tensors, w0: Tensors, count: number): Promise<ReadonlyArray<number>> => {
  const flow = iterate("flow", momentumStep(task, bounds), { dtype: "float64" })
  const f = { shape: given["y"]!.shape, data: new Float64Array(given["y"]!.data.length) }
  const { rows } = await flow({ arrays: { ...atRest(w0), f }, scalars: begin }, given, 1000)
  const sizes: Array<number> = []
  let clock: Clock<number> = begin
  let moved = 0
  for (const [i, change] of rows.change.entries()) {
    const verdict = judge(numbers, bounds, clock, { change, loss: rows.loss[i]! })
    if (!verdict.undone && clock.dt > 1e-30) sizes.push(clock.dt)
    ;({ clock } = verdict)
    if (rows.loss[i]! < 0.999 && ++moved === count) break
  }
  return sizes
}

/** Takes steps of given sizes, whatever comes of them. */
const led =
  (task: Task): Step<string, "i" | "t", string, never> =>
  ({ arrays, scalars: { i, t }, fixed }, s) => {
    const dt = s.read(tf.gather(fixed["sizes"]!, tf.cast(s.float(i), "int32")))
    const decay = s.pow(s.div(t, s.add(t, dt)), 1000)
    const alpha = s.read(fixed["alpha"]!)
    const push = s.float(s.div(s.sub(1, decay), s.mul(alpha, alpha)))
    const g = groupOf("g", arrays)
    const v = mapped(groupOf("v", arrays), (each, name) => tf.sub(tf.mul(s.float(decay), each), tf.mul(push, g[name]!)))
    const dw = mapped(groupOf("dw", arrays), (each, name) => tf.add(each, tf.mul(s.float(dt), v[name]!)))
    return {
      arrays: { ...grouped("dw", dw), ...grouped("v", v), ...grouped("g", outcome(task, dw, fixed).g) },
      scalars: { i: s.add(i, 1), t: s.add(t, dt) },
      more: s.less(s.add(i, 1), fixed["sizes"]!.shape[0]!),
      row: {},
    }
  }

for (const depth of [2, 5])
  for (const activation of ["softplus", "relu"] as const) {
    test(
      `${activation}, ${depth} hidden layers: on the same steps outputs, weights and kernel change alike, from ` +
        "alpha = 1e-3 to 1e6",
      async () => {
        const model = fc(netOf(depth, activation))
        const weights = initial(model, 5)
        const w0 = packed(weights)
        const kernel = kernelOf(model, { dtype: "float64" })
        const x = data.test["x"]!
        const before = await kernel(weights, x, x)
        for (const alpha of [1e-3, 1e-1, 10, 1e3, 1e6]) {
          const task = (method: Task["method"]): Task => ({ model, shapes: shapesOf(weights), method, loss: "hinge" })
          const given = { x: data.train["x"]!, y: data.train["y"]!, alpha: scalar(alpha), ...grouped("w0", w0) }
          const sizes = await stepsOf(task("direct"), given, w0, 40)
          const end = async (method: Task["method"], dtype: "float32" | "float64") => {
            const fixed = { ...given, sizes: { shape: [sizes.length], data: Float64Array.from(sizes) } }
            const { state } = await iterate("led", led(task(method)), { dtype })(
              { arrays: atRest(w0), scalars: { i: 0, t: 0 } },
              fixed,
              sizes.length,
            )
            const dw = groupOf("dw", state.arrays)
            const moved = movedBy(weights, dw)
            const after = await kernel(moved, x, x)
            const F = jit(
              "outputs",
              (arrays) => ({ F: tf.mul(arrays["alpha"]!, outcome(task(method), groupOf("dw", arrays), arrays).f) }),
              { dtype },
            )
            return {
              F: (await F({ ...given, ...grouped("dw", dw) })).F.data,
              dw: Object.values(dw).flatMap(({ data }) => [...data]),
              dK: Float64Array.from(after.data, (value, i) => value - before.data[i]!),
            }
          }
          const [carried, direct] = [await end("difference", "float32"), await end("direct", "float64")]
          for (const what of ["F", "dw", "dK"] as const)
            expectClose(`${what} at alpha = ${alpha}`, carried[what], direct[what], agreement.carried, 0)
        }
      },
    )
  }

for (const depth of [2, 5])
  for (const activation of ["softplus", "relu"] as const) {
    const everyObservable = "with steps of its own every observable is within one per cent"
    test(`${activation}, ${depth} hidden layers: ${everyObservable}`, async () => {
      const model = netOf(depth, activation)
      const weights = initial(fc(model), 5)
      for (const sqrtHAlpha of depth === 2 ? [0.1, 10, 1e5] : [0.1, 1e5]) {
        const observed = async (method: TrainParams["method"], dtype: TrainParams["dtype"]) => {
          const trained = await perform(
            run({
              params: {
                model,
                method,
                alpha: sqrtHAlpha / Math.sqrt(width),
                loss: "hinge",
                ...fine,
                dtype,
                backend: "onnx",
              },
              inputs: { data: data.train, weights },
              seed: 0,
            }),
          )
          const inputs = {
            test: data.test,
            start: weights,
            end: trained.weights,
            curve: trained.curve,
            finish: trained.end,
          }
          const { observables, outputs } = await perform(
            measureRun({
              params: {
                model,
                method: "direct",
                alpha: sqrtHAlpha / Math.sqrt(width),
                kernelPoints: 40,
                dtype: "float64",
                backend: "onnx",
              },
              inputs,
              seed: 0,
            }),
          )
          expect(observables["converged"]).toEqual([true])
          return { numbers: names.map((name) => observables[name]![0] as number), F: outputs["F"]!.data }
        }
        const [carried, direct] = [await observed("difference", "float32"), await observed("direct", "float64")]
        carried.numbers.forEach((value, i) =>
          expectClose(`${names[i]} at ${sqrtHAlpha}`, [value / direct.numbers[i]!], [1], agreement.ownSteps),
        )
        expectClose(`F at ${sqrtHAlpha}`, carried.F, direct.F, agreement.ownSteps, 0)
      }
    })
  }
