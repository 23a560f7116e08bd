// The distributions that the numbers of an array are drawn from, as data. models/draw.ts draws the numbers. Knows
// nothing about random streams.
import { Schema } from "effect"

/**
 * Fan in and fan out include the places of a filter: for a convolution (side, side, channels, outputs), fan in is
 * side^2 channels and fan out is side^2 outputs.
 */
export const Distribution = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("constant"), value: Schema.Finite }),
  Schema.Struct({ kind: Schema.Literal("normal"), deviation: Schema.Finite }),
  /**
   * x| of a normal x.
   */
  Schema.Struct({ kind: Schema.Literal("half-normal"), deviation: Schema.Finite }),
  Schema.Struct({ kind: Schema.Literal("uniform"), from: Schema.Finite, to: Schema.Finite }),
  /** `size` or -`size`, with equal probability. */
  Schema.Struct({ kind: Schema.Literal("sign"), size: Schema.Finite }),
  /** The weights of each unit are uniform on the sphere of this radius. */
  Schema.Struct({ kind: Schema.Literal("sphere"), radius: Schema.Finite }),
  /** PyTorch's default for weights and biases: uniform within 1 / sqrt(fan in). */
  Schema.Struct({ kind: Schema.Literal("pytorch") }),
  /** Glorot and Bengio 2010: variance 2 gain^2 / (fan in + fan out). */
  Schema.Struct({ kind: Schema.Literal("xavier-normal"), gain: Schema.Finite }),
  Schema.Struct({ kind: Schema.Literal("xavier-uniform"), gain: Schema.Finite }),
])
export type Distribution = typeof Distribution.Type

export const standardNormal: Distribution = { kind: "normal", deviation: 1 }
export const zeros: Distribution = { kind: "constant", value: 0 }
