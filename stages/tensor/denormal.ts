// Sets denormal numbers of float32 arrays to zero. On many processors arithmetic with denormals is slow, and the means
// of units without a gradient fall to the smallest denormal and stay there. ONNX Runtime can compute without denormals
// (`session.set_denormal_as_zero`), but only by a flag of the thread, and only if its first session asks for it: the
// flag would also change the numbers of all JavaScript that runs later in the process. Knows nothing about graphs.
import type { Tensors } from "../../pipeline/stage.ts"

/**
 * These arrays; an array with denormals is replaced by a copy without. No param decides this: it is a part of the code
 * of every stage that iterates, and so of its key.
 */
export const withoutDenormals = (arrays: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      { shape, data: data instanceof Float32Array && data.some(isDenormal) ? data.map(cleared) : data },
    ]),
  )

/** The smallest normal float32. */
const NORMAL = 2 ** -126

const isDenormal = (x: number): boolean => x !== 0 && x < NORMAL && x > -NORMAL
const cleared = (x: number): number => (isDenormal(x) ? 0 : x)
