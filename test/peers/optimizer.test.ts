// Optimisers move the survey's MLP, small, as those of torch.optim do.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../pipeline/stage.ts"
import type { Optimizer } from "../../stages/dynamics/descend/optimizer-params.ts"
import { optimizerOf } from "../../stages/dynamics/descend/optimizer.ts"
import { packed, shapesOf, unpack } from "../../stages/dynamics/pack.ts"
import { modelOf } from "../../stages/net/model-of.ts"
import { grouped, groupOf } from "../../stages/net/group.ts"
import { losses } from "../../stages/net/loss.ts"
import { initial } from "../../stages/net/model.ts"
import { forward } from "../../stages/net/forward.ts"
import { stream } from "../../stages/random.ts"
import { constant } from "../../stages/tensor/constant.ts"
import { iterate } from "../../stages/tensor/iterate.ts"
import { expectClose } from "../support/tolerance.ts"
import { ask, peerTest } from "./ask.ts"
import { agreement } from "./tolerance.ts"

const steps = 100
const model = modelOf({
  kind: "mlp",
  inputs: 20,
  hidden: [16, 16, 16],
  outputs: 10,
  activation: "plain-relu",
  weights: { kind: "pytorch" },
  biases: { kind: "pytorch" },
})
const weights = initial(model, 4)
const shapes = shapesOf(weights)
/** The only pack: this net has no large arrays. */
const [vector] = Object.keys(packed(weights)) as [string]
const { normal } = stream(9, "points")
const x: Tensor = { shape: [40, 20], data: Float64Array.from({ length: 800 }, normal) }
const y: Tensor = { shape: [40], data: Int32Array.from({ length: 40 }, (_, i) => i % 10) }

/** How far the weights, as one vector, are from their start after a hundred steps. */
const trained = async (params: Optimizer, lr: number): Promise<Float64Array> => {
  const rule = optimizerOf(params)
  const flow = iterate(
    "flow",
    ({ arrays, scalars, fixed }, scalar) => {
      const count = scalar.add(scalars["count"]!, 1)
      const g = tf.grad((w: tf.Tensor) =>
        losses["softmax-cross-entropy"](forward(model, unpack({ [vector]: w }, shapes), fixed["x"]!), fixed["y"]!),
      )(arrays["w"]!)
      const moved = rule.step({
        w: arrays["w"]!,
        g,
        slots: groupOf("slots", arrays),
        lr: constant(lr) as tf.Scalar,
        count: scalar.float(count),
      })
      return {
        arrays: { w: moved.w, ...grouped("slots", moved.slots) },
        scalars: { count },
        more: scalar.less(0, count),
        row: {},
      }
    },
    { dtype: "float64" },
  )
  const w = packed(weights)[vector]!
  const slots = Object.fromEntries(rule.slots.map((slot) => [slot, { ...w, data: new Float64Array(w.data.length) }]))
  const { state } = await flow({ arrays: { w, ...grouped("slots", slots) }, scalars: { count: 0 } }, { x, y }, steps)
  return Float64Array.from(state.arrays["w"]!.data, (value, i) => value - w.data[i]!)
}

const adam = { kind: "adam-pytorch", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
for (const [name, ours, kind, options] of [
  ["Adam", adam, "Adam", { lr: 1e-3 }],
  [
    "Adam with other rates and epsilon",
    { ...adam, beta1: 0.8, beta2: 0.99, epsilon: 1e-3 },
    "Adam",
    { lr: 1e-2, betas: [0.8, 0.99], eps: 1e-3 },
  ],
  ["gradient descent", { kind: "sgd", momentum: 0 }, "SGD", { lr: 0.1 }],
  ["gradient descent with momentum", { kind: "sgd", momentum: 0.9 }, "SGD", { lr: 0.1, momentum: 0.9 }],
] as const) {
  peerTest(`a hundred steps of ${name} are those of torch.optim.${kind}`, async () => {
    const movement = await trained(ours, options.lr)
    const theirs = await ask("optimizer", { kind, options, steps }, { x, y, ...weights })
    expectClose(
      "movement",
      movement,
      packed(Object.fromEntries(Object.keys(weights).map((each) => [each, theirs[each]!])))[vector]!.data,
      agreement.optimizer,
      0,
    )
  })
}
