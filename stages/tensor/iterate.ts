// Compiles a step that is repeated many times into one call, with its control included. The step is a plain TF.js
// function of the values that it carries; float64 scalars are beside the arrays (exchange.ts). Knows nothing about what
// the step computes.
import type { Tensor } from "../../pipeline/stage.ts"
import { withoutDenormals } from "./denormal.ts"
import { TensorError } from "./error.ts"
import { iterateEagerly } from "./iterate.eager.ts"
import { compileStep, fed, reached } from "./iterate.trace.ts"
import type { Options } from "./jit.ts"
import { perForms } from "./program.ts"
import type { Reached, State, Step } from "./step.ts"

/**
 * Runs at most `trips` steps. A later call that starts from the reached state continues as if there was no stop, except
 * that denormals are gone.
 */
export interface Iterated<A extends string, S extends string, F extends string, R extends string> {
  (state: State<A, S>, fixed: Readonly<Record<F, Tensor>>, trips: number): Promise<Reached<A, S, R>>
}

/**
 * Compiles `step` for each set of input shapes and types that occurs, into one graph that repeats the step until the
 * step wants no other. Arrays and their dtype are as with `jit`, but denormals of float32 are zero after a call (see
 * denormal.ts). Values that depend only on `fixed` are computed once a call. The promise fails with TensorError.
 * @example iterate("halve", ({ arrays, scalars }, s) => ({
 *   arrays: { x: tf.mul(arrays.x, 0.5) }, scalars: { n: s.add(scalars.n, 1) }, more: s.less(scalars.n, 9), row: {} }),
 * { dtype: "float64" })
 */
export const iterate = <A extends string, S extends string, F extends string, R extends string>(
  name: string,
  step: Step<A, S, F, R>,
  options: Options,
): Iterated<A, S, F, R> => {
  const { dtype, backend = "onnx", threads = 1, blocked = true } = options
  const plain = step as unknown as Step
  const program = perForms((forms) => compileStep(name, plain, { dtype, threads, blocked }, forms))
  return async (state, fixed, trips) => {
    if (!Number.isInteger(trips) || trips < 0)
      throw new TensorError({ reason: "Shape", message: `in ${name}: ${trips} is not a number of trips` })
    const made =
      backend === "onnx"
        ? reached(await program(fed(state, fixed, trips)))
        : await iterateEagerly(name, plain, dtype, backend, state, fixed, trips)
    const { arrays, scalars } = made.state
    return { ...made, state: { arrays: withoutDenormals(arrays), scalars } } as Reached<A, S, R>
  }
}
