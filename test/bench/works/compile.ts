// How long `jit` takes for a function it has not met: traced, turned into a graph, loaded. What it computes is next to
// nothing; each time another constant makes it another function.
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../../../stages/tensor/constant.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { type Timing, now } from "../timing.ts"
import { drawn } from "./drawn.ts"

/** Five nodes for each layer. */
const layered =
  (layers: number, slope: number) =>
  ({ x, W, b }: Readonly<Record<"x" | "W" | "b", tf.Tensor>>) => {
    let z = x
    for (let l = 0; l < layers; l++) {
      const u = tf.add(tf.matMul(z as tf.Tensor2D, W as tf.Tensor2D), b)
      z = tf.sub(tf.tanh(u), tf.mul(constant(slope + l), z))
    }
    return { z }
  }

export const run = async ({ nodes }: { readonly nodes: number }): Promise<Timing> => {
  const inputs = { x: drawn([2, 4]), W: drawn([4, 4]), b: drawn([4]) }
  const times: Array<number> = []
  for (let i = 0; i < 20; i++) {
    const from = now()
    await jit("layered", layered(nodes / 5, i / 100), { dtype: "float32" })(inputs)
    times.push(now() - from)
  }
  return { seconds: Math.min(...times), first: times[0]! }
}
