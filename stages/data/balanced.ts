// In which order are labelled points taken, so that every prefix has as many of each class?
import { permutation, stream } from "../random.ts"

/**
 * Rows shuffled within each of `classes` classes, then taken in turns 0, 1, …, 0, 1, … up to the rarest class. The seed
 * orders the rows within a class; `what` names the classes' streams.
 * Source: Geiger et al. 2019, its program.
 */
export const interleaved = (labels: Uint8Array, classes: number, seed: number, what: string): Int32Array => {
  const byClass = Array.from({ length: classes }, (_, k) => {
    const members = Int32Array.from(labels.keys()).filter((i) => labels[i] === k)
    return permutation(members.length, stream(seed, `${what} ${k}`)).map((i) => members[i]!)
  })
  const rarest = Math.min(...byClass.map((members) => members.length))
  return Int32Array.from({ length: classes * rarest }, (_, i) => byClass[i % classes]![Math.floor(i / classes)]!)
}

/** +1 for odd classes and -1 for even ones. */
export const parityOf = (label: number): number => (label % 2 === 1 ? 1 : -1)
