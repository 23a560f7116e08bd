// How f(w) - f(w0) is found, by name. Apart from the ways (changes.ts): a declaration that names one must not load
// TF.js.
import { Schema } from "effect"

/**
 * `direct`: two outputs, subtracted: in the lazy regime that needs float64. `difference`: carried from layer to layer,
 * which float32 is enough for at any alpha. `tangent`: to first order in w - w0, another model, the linearised one.
 * `uncentred`: f(w) itself, nothing subtracted.
 */
export const Method = Schema.Literals(["direct", "difference", "tangent", "uncentred"])
export type Method = typeof Method.Type
