// Labels the digits by their class (components.ts does the rest).
import type { Effect } from "effect"
import type { Given, StageError, Tensors } from "../../pipeline/stage.ts"
import { type Inputs, onComponents } from "./components.ts"
import type { ComponentsParams } from "./components-params.ts"

export const run = (
  given: Given<ComponentsParams, Inputs>,
): Effect.Effect<{ train: Tensors; test: Tensors }, StageError> =>
  onComponents(given, (digits) => Int32Array.from(digits))
