// A toy science: stages over single numbers, whose bodies are plain functions beside them. For tests of the
// engine, with a fake executor that computes them without loading any file.
import { Schema } from "effect"
import type { Data } from "../../cache/digest.ts"
import { Json, many, stage } from "../../pipeline/stage.ts"

/** The body of a stage that only a fake executor runs. */
export const unloaded = (): Promise<never> => Promise.reject(new Error("the fake executor loads no body"))
const whole = Schema.Int

/** A number out of nothing. */
export const given = stage(import.meta, "given", {
  params: Schema.Struct({ value: whole }),
  inputs: {},
  outputs: { value: Json },
  run: unloaded,
})

/** The sum of any numbers and a param. */
export const sum = stage(import.meta, "sum", {
  params: Schema.Struct({ plus: whole }),
  inputs: { terms: many(Json) },
  outputs: { value: Json },
  run: unloaded,
})

/** A number, or the limit where it is beyond: different inputs may give the same output. */
export const cap = stage(import.meta, "cap", {
  params: Schema.Struct({ limit: whole }),
  inputs: { term: Json },
  outputs: { value: Json },
  run: unloaded,
})

/** Two outputs. */
export const divide = stage(import.meta, "divide", {
  params: Schema.Struct({ by: whole }),
  inputs: { term: Json },
  outputs: { quotient: Json, remainder: Json },
  run: unloaded,
})

/** A number by two threads, in little memory. */
export const wide = stage(import.meta, "wide", {
  params: Schema.Struct({ value: whole }),
  inputs: {},
  outputs: { value: Json },
  resources: { threads: 2, memory: "1.5 MB" },
  run: unloaded,
})

/** The whole numbers from a first one to a last one. */
export const range = stage(import.meta, "range", {
  params: Schema.Struct({ from: whole, to: whole }),
  inputs: {},
  outputs: { numbers: Json },
  run: unloaded,
})

/** A number out of a seed, and of another one. */
export const shake = stage(import.meta, "shake", {
  params: Schema.Struct({ sides: whole }),
  inputs: { term: Json },
  outputs: { value: Json },
  random: true,
  run: unloaded,
})

/** A number out of a seed. */
export const draw = stage(import.meta, "draw", {
  params: Schema.Struct({ sides: whole }),
  inputs: {},
  outputs: { value: Json },
  random: true,
  run: unloaded,
})

/** Another number every time it runs, as a body that does not repeat itself gives. */
export const toss = stage(import.meta, "toss", {
  params: Schema.Struct({ sides: whole }),
  inputs: {},
  outputs: { value: Json },
  run: unloaded,
})

/** The same on top of a number, and beside it a part that repeats itself. */
export const blur = stage(import.meta, "blur", {
  params: Schema.Struct({ sides: whole }),
  inputs: { term: Json },
  outputs: { value: Json, sharp: Json },
  run: unloaded,
})

/** A number and its mirror image. */
export const mirror = stage(import.meta, "mirror", {
  params: Schema.Struct({ by: whole }),
  inputs: { term: Json },
  outputs: { value: Json, image: Json },
  run: unloaded,
})

/** What is thrown next; to be set where a test wants to know. */
export const dice = { next: 0 }
const thrown = (sides: number): number => dice.next++ % sides

type Numbers = { readonly [name: string]: number }
type Body = (
  params: Numbers,
  inputs: { readonly [name: string]: Data },
  seed: number,
) => { readonly [output: string]: Data }

/** What each stage computes. */
export const bodies: { readonly [stage: string]: Body } = {
  given: ({ value }) => ({ value: value! }),
  sum: ({ plus }, { terms }) => ({
    value: (terms as ReadonlyArray<number>).reduce((total, term) => total + term, plus!),
  }),
  cap: ({ limit }, { term }) => ({ value: Math.min(limit!, term as number) }),
  divide: ({ by }, { term }) => ({ quotient: Math.floor((term as number) / by!), remainder: (term as number) % by! }),
  range: ({ from, to }) => ({ numbers: Array.from({ length: to! - from! + 1 }, (_, i) => from! + i) }),
  wide: ({ value }) => ({ value: value! }),
  shake: ({ sides }, { term }, seed) => ({ value: (seed + (term as number)) % sides! }),
  draw: ({ sides }, _, seed) => ({ value: seed % sides! }),
  // Numbers that no other stage gives of the same terms, so that equal bytes have one origin.
  mirror: ({ by }, { term }) => ({ value: (term as number) + by! / 1000, image: -(term as number) - by! / 1000 }),
  toss: ({ sides }) => ({ value: 10 * sides! + thrown(sides!) + 0.5 }),
  blur: ({ sides }, { term }) => ({
    value: (term as number) + 1e4 * sides! + 1e3 * (1 + thrown(sides!)),
    sharp: (term as number) + sides! / 1e5,
  }),
}
