// The rule that turns gradients into steps, as data. The rules are in optimizer.ts: a declaration that names a rule
// must not load TF.js. Knows nothing about how a step is computed.
import { Effect, Schema } from "effect"

const unless = (value: number) => Schema.Finite.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))
const decays = { beta1: unless(0.9), beta2: unless(0.999) }

export const Optimizer = Schema.Union([
  /** Gradient descent; `momentum` is the fraction of the velocity that is kept. */
  Schema.Struct({ kind: Schema.Literal("sgd"), momentum: unless(0) }),
  /** Adam; `epsilon` is added to the root of the mean square after bias correction. */
  Schema.Struct({ kind: Schema.Literal("adam-pytorch"), ...decays, epsilon: unless(1e-8) }),
  /** Adam; `epsilon` is added to the root before bias correction: in the first steps it weighs thirty times as much. */
  Schema.Struct({ kind: Schema.Literal("adam-keras"), ...decays, epsilon: unless(1e-7) }),
])
export type Optimizer = typeof Optimizer.Type
