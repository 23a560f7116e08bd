// Detects constants that TF.js has rounded: TF.js stores every constant as float32, whatever dtype the graph has. Knows
// nothing about graphs.
import { Refusal } from "./error.ts"

// Of arbitrary numbers rounded to the 24 bits of float32, one in 4096 ends with twelve zeros.
const SHORT = 2 ** 12

const exact = (x: number): boolean => {
  if (!Number.isFinite(x) || (Number.isInteger(x) && Math.abs(x) <= 2 ** 24)) return true
  const exponent = Math.floor(Math.log2(Math.abs(x)))
  return Number.isInteger((x / 2 ** exponent) * SHORT)
}

/** Refuses floats that were probably rounded: numbers that are neither integers nor fractions of at most 13 bits. */
export const assertExact = (floats: ArrayLike<number>): void => {
  for (let i = 0; i < floats.length; i++) {
    if (exact(floats[i]!)) continue
    throw new Refusal(
      "Dtype",
      `the constant ${floats[i]} was rounded to float32 by TF.js: write constant(…), or pass it as an input`,
    )
  }
}
