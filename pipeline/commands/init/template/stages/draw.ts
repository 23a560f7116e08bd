// Random nets with one hidden layer, and the kernel of each net at one point. This file declares the stage: the types
// of its inputs and outputs. The body of the stage is in a separate file, which only a worker loads.
import { Schema } from "effect"
import { stage, Table } from "#pipeline/stage.ts"

export const DrawParams = Schema.Struct({ width: Schema.Int, nets: Schema.Int })
export type DrawParams = typeof DrawParams.Type

/** Output `kernels`: one row per net, with its `width` and its `kernel`. */
export const draw = stage(import.meta, "draw", {
  params: DrawParams,
  inputs: {},
  outputs: { kernels: Table },
  random: true,
  run: () => import("./draw.run.ts"),
})
