// Draws the initial weights of a net from the seed.
import { Effect } from "effect"
import type { Given, StageError, Tensors } from "../../pipeline/stage.ts"
import { modelOf } from "./model-of.ts"
import type { InitParams } from "./init.ts"
import { initial } from "./model.ts"

export const run = ({ params, seed }: Given<InitParams, object>): Effect.Effect<{ weights: Tensors }, StageError> =>
  Effect.succeed({ weights: initial(modelOf(params.model), seed) })
