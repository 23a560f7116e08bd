// Which rule turns gradients into steps, apart from the rules: a declaration that names one must not load TF.js.
import { Effect, Schema } from "effect"

const unless = (value: number) => Schema.Finite.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))
const decays = { beta1: unless(0.9), beta2: unless(0.999) }

export const Optimizer = Schema.Union([
  /** Gradient descent; `momentum` is the share of the velocity that stays. */
  Schema.Struct({ kind: Schema.Literal("sgd"), momentum: unless(0) }),
  /** Adam; `epsilon` is beside the root of the mean square after its bias is corrected. */
  Schema.Struct({ kind: Schema.Literal("adam-pytorch"), ...decays, epsilon: unless(1e-8) }),
  /** Adam; `epsilon` is beside the root before: in the first steps it weighs thirty times as much. */
  Schema.Struct({ kind: Schema.Literal("adam-keras"), ...decays, epsilon: unless(1e-7) }),
])
export type Optimizer = typeof Optimizer.Type
