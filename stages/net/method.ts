// The methods to compute f(w) - f(w0), by name. difference.ts has the methods themselves: a declaration that names a
// method must not load TF.js. Knows nothing about how a method is computed.
import { Schema } from "effect"

/**
 * - `direct`: two outputs, subtracted; in the lazy regime this needs float64.
 * - `difference`: the change is carried from layer to layer; float32 is enough at any alpha.
 * - `tangent`: to first order in w - w0. This is another model, the linearised model.
 * - `uncentred`: f(w) itself; nothing is subtracted.
 */
export const Method = Schema.Literals(["direct", "difference", "tangent", "uncentred"])
export type Method = typeof Method.Type
