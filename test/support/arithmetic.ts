// A toy science: stages over single numbers, whose bodies are plain functions beside them. For tests of the
// engine, with a fake executor that computes them without loading any file.
import { Schema } from "effect"
import type { Data } from "../../cache/digest.ts"
import { Json, many, stage } from "../../pipeline/stage.ts"

/** The body of a stage that only a fake executor runs. */
export const unloaded = (): Promise<never> => Promise.reject(new Error("the fake executor loads no body"))
const whole = Schema.Int

/** A number out of nothing. */
export const given = stage(import.meta, "given", { params: Schema.Struct({ value: whole }), inputs: {}, outputs: { value: Json }, run: unloaded })

/** The sum of any numbers and a param. */
export const sum = stage(import.meta, "sum", {
  params: Schema.Struct({ plus: whole }),
  inputs: { terms: many(Json) },
  outputs: { value: Json },
  run: unloaded,
})

/** A number, or the limit where it is beyond: different inputs may give the same output. */
export const cap = stage(import.meta, "cap", { params: Schema.Struct({ limit: whole }), inputs: { term: Json }, outputs: { value: Json }, run: unloaded })

/** Two outputs. */
export const divide = stage(import.meta, "divide", {
  params: Schema.Struct({ by: whole }),
  inputs: { term: Json },
  outputs: { quotient: Json, remainder: Json },
  run: unloaded,
})

/** A number by two threads. */
export const wide = stage(import.meta, "wide", {
  params: Schema.Struct({ value: whole }),
  inputs: {},
  outputs: { value: Json },
  resources: { threads: 2 },
  run: unloaded,
})

/** A number out of a seed. */
export const draw = stage(import.meta, "draw", { params: Schema.Struct({ sides: whole }), inputs: {}, outputs: { value: Json }, random: true, run: unloaded })

type Numbers = { readonly [name: string]: number }
type Body = (params: Numbers, inputs: { readonly [name: string]: Data }, seed: number) => Numbers

/** What each stage computes. */
export const bodies: { readonly [stage: string]: Body } = {
  given: ({ value }) => ({ value: value! }),
  sum: ({ plus }, { terms }) => ({ value: (terms as ReadonlyArray<number>).reduce((total, term) => total + term, plus!) }),
  cap: ({ limit }, { term }) => ({ value: Math.min(limit!, term as number) }),
  divide: ({ by }, { term }) => ({ quotient: Math.floor((term as number) / by!), remainder: (term as number) % by! }),
  wide: ({ value }) => ({ value: value! }),
  draw: ({ sides }, _, seed) => ({ value: seed % sides! }),
}
