// One pass through nets: outputs, gradients and tangent kernels are PyTorch's.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../pipeline/stage.ts"
import { modelOf } from "../../stages/net/model-of.ts"
import { grouped, groupOf } from "../../stages/net/group.ts"
import { kernelOf } from "../../stages/net/kernel.ts"
import { initial } from "../../stages/net/model.ts"
import { forward } from "../../stages/net/forward.ts"
import { stream } from "../../stages/random.ts"
import { jit } from "../../stages/tensor/jit.ts"
import { expectClose } from "../support/tolerance.ts"
import { ask, peerTest } from "./ask.ts"
import { agreement } from "./tolerance.ts"

const drawn = (...shape: ReadonlyArray<number>): Tensor => ({
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, stream(7, shape.join()).normal),
})

peerTest("the convolutional net and its gradient are those of torch.nn.functional.conv2d", async () => {
  const model = modelOf({ kind: "cnn", channels: 1, filter: 5, width: 8 })
  const weights = initial(model, 1)
  const names = Object.keys(weights)
  const given = { x: drawn(6, 28, 28, 1), c: drawn(6) }
  const pass = jit<string, string>(
    "pass",
    (arrays) => {
      const w = groupOf("w", arrays)
      const sum = (...each: Array<tf.Tensor>) =>
        tf.sum(
          tf.mul(
            arrays["c"]!,
            forward(model, Object.fromEntries(names.map((name, i) => [name, each[i]!])), arrays["x"]!),
          ),
        )
      return {
        f: forward(model, w, arrays["x"]!),
        ...grouped(
          "g",
          Object.fromEntries(
            tf
              .grads(sum)(names.map((name) => w[name]!))
              .map((g, i) => [names[i]!, g]),
          ),
        ),
      }
    },
    { dtype: "float64" },
  )
  const ours = await pass({ ...given, ...grouped("w", weights) })
  const theirs = await ask("cnn", {}, { ...given, ...weights })
  for (const [name, { data }] of Object.entries(theirs)) expectClose(name, ours[name]!.data, data, agreement.pass, 0)
})

peerTest("the layer-wise tangent kernel is that of gradients point by point, and of torch.func", async () => {
  const model = modelOf({ kind: "fc", inputs: 10, depth: 4, width: 30, activation: "softplus" })
  const weights = initial(model, 2)
  const x = drawn(20, 10)
  const { data } = await kernelOf(model, { dtype: "float64" })(weights, x, x)
  const theirs = await ask("kernel", {}, { x, ...weights })
  expectClose("point by point", data, theirs["K"]!.data, agreement.pass, 0)
  expectClose("torch.func", data, theirs["batched"]!.data, agreement.pass, 0)
})
