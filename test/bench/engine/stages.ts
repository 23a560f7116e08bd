// The cheapest stage there is: what is left is the engine's own cost.
import { Effect, Schema } from "effect"
import { Json, many, stage } from "../../../pipeline/stage.ts"

/** Adds its inputs and its number. */
export const sum = stage(import.meta, "sum", {
  params: Schema.Struct({ number: Schema.Finite }),
  inputs: { terms: many(Json) },
  outputs: { sum: Json },
  run: async () => ({
    run: ({ params, inputs: { terms } }) =>
      Effect.succeed({
        sum: (terms as ReadonlyArray<number>).reduce((total, term) => (total + term) % 9973, params.number),
      }),
  }),
})
