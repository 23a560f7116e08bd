// A training step of EfficientNet-B0 with the classifier of Kearns et al. on top, as the stage `backboneEpoch` takes
// it: batch norm by the batch, softmax cross-entropy, drop-connect, Adam.
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { backboneNet, frozenParts } from "../../../stages/dynamics/backbone/net.ts"
import { backboneStep } from "../../../stages/dynamics/backbone/step.ts"
import { optimizerOf, slotsOf } from "../../../stages/dynamics/descend/optimizer.ts"
import { packed, shapesOf, zerosLike } from "../../../stages/dynamics/pack.ts"
import { rounded } from "../../../stages/dynamics/task.ts"
import { grouped, mapped } from "../../../stages/net/group.ts"
import { initial, part } from "../../../stages/net/model.ts"
import { drops } from "../../../stages/net/models/efficientnet.ts"
import { iterate } from "../../../stages/tensor/iterate.ts"
import type { State } from "../../../stages/tensor/step.ts"
import { type Timing, least } from "../timing.ts"
import { drawn } from "./drawn.ts"

const adam = { kind: "adam-keras", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const

const single = (arrays: Tensors): Tensors => mapped(arrays, (array) => rounded(array, "float32"))
/** The same batch for every step of a call. */
const repeated = ({ shape, data }: Tensor, count: number): Tensor => {
  const all = data instanceof Int32Array ? new Int32Array(count * data.length) : new Float32Array(count * data.length)
  for (let i = 0; i < count; i++) all.set(data, i * data.length)
  return { shape: [count, ...shape], data: all }
}

/** Steps of one call. */
const CALL = 5

export const run = async ({ n, side }: { readonly n: number; readonly side: number }): Promise<Timing> => {
  const net = backboneNet(1000)
  const arrays = initial(net, 0)
  const trained = part(net, "trained", arrays)
  const { statistics, fixed } = frozenParts(net, arrays)
  const w = single(packed(trained))
  const given = {
    x: repeated(drawn([n, side, side, 1]), CALL),
    y: repeated({ shape: [n], data: Int32Array.from({ length: n }, (_, i) => i % 10) }, CALL),
    uniforms: repeated(drawn([n, drops]), CALL),
    ...grouped("frozen", single(fixed)),
  }
  const flow = iterate("flow", backboneStep(shapesOf(trained), adam, 1e-3), { dtype: "float32" })
  let state: State<string, "count" | "at"> = {
    arrays: {
      ...grouped("w", w),
      ...grouped("statistics", single(statistics)),
      ...slotsOf(optimizerOf(adam), zerosLike(w)),
    },
    scalars: { count: 0, at: 0 },
  }
  const seconds = await least(async (count) => {
    for (let done = 0; done < count; done += CALL)
      ({ state } = await flow({ ...state, scalars: { ...state.scalars, at: 0 } }, given, Math.min(CALL, count - done)))
  })
  return { seconds }
}
