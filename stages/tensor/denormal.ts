// Sets denormal numbers of float32 arrays to zero. On many processors arithmetic with denormals is slow, and the means
// of units without a gradient fall to the smallest denormal and stay there. ONNX Runtime can compute without denormals
// (`session.set_denormal_as_zero`), but only by a flag of the thread, and only if its first session asks for it: the
// flag would also change the numbers of all JavaScript that runs later in the process. Knows nothing about graphs.
import type { Tensors } from "../../pipeline/stage.ts"

const EXPONENT = 0x7f800000

/** Replaces the denormals in these arrays, in place. */
export const clearDenormals = (arrays: Tensors): void => {
  for (const { data } of Object.values(arrays)) {
    if (!(data instanceof Float32Array)) continue
    const bits = new Uint32Array(data.buffer, data.byteOffset, data.length)
    for (let i = 0; i < bits.length; i++) if ((bits[i]! & EXPONENT) === 0) bits[i] = bits[i]! & 0x80000000
  }
}
