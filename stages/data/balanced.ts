// Orders labelled points so that every prefix has as many points of each class. Knows nothing about the points
// themselves.
import { permutation, stream } from "../random.ts"

/**
 * Shuffles the rows within each of `classes` classes, then takes rows of class 0, 1, …, 0, 1, … in turn until the
 * rarest class is used up. The seed orders the rows within a class; `what` is part of the names of the classes' random
 * streams.
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

/** +1 for odd classes and -1 for even classes. */
export const parityOf = (label: number): number => (label % 2 === 1 ? 1 : -1)
