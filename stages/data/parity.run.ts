// Labels the digits by their parity (components.ts does the rest).
import type { Effect } from "effect"
import type { Given, StageError, Tensors } from "../../pipeline/stage.ts"
import { parityOf } from "./balanced.ts"
import { type Inputs, onComponents } from "./components.ts"
import type { ComponentsParams } from "./components-params.ts"

export const run = (
  given: Given<ComponentsParams, Inputs>,
): Effect.Effect<{ train: Tensors; test: Tensors }, StageError> =>
  onComponents(given, (digits) => Float64Array.from(digits, parityOf))
