// A stage that never gives the same twice, as a sum on a GPU does: a little apart in its table and its array, one
// apart in its whole numbers.
import { Effect, Schema } from "effect"
import { Json, kept, stage, Table, Tensors } from "../../pipeline/stage.ts"

export const noise = stage(import.meta, "noise", {
  params: Schema.Struct({ of: Schema.Literals(["fractions", "whole numbers"]) }),
  inputs: {},
  outputs: { table: Table, tensors: Tensors, json: Json },
  run: async () => ({
    run: ({ params }) =>
      Effect.sync(() => {
        // What a key does not say of a value that is kept: for once on purpose.
        const clock = kept("clock", "", () => ({ time: 0 }))
        const time = ++clock.time
        const [little, whole] = params.of === "fractions" ? [time * 1e-7, 0] : [0, time]
        return {
          table: { name: ["a", "b"], value: [1, 2 + little] },
          tensors: {
            x: { shape: [2], data: Float64Array.of(0.5, 3 + little) },
            n: { shape: [1], data: Int32Array.of(whole) },
          },
          json: { whole },
        }
      }),
  }),
})
