// The norm of arrays. Knows nothing about what the numbers are.

/** The root of the sum of all squares, of all numbers of all arrays. */
export const norm = (...arrays: ReadonlyArray<ArrayLike<number>>): number => {
  let sum = 0
  for (const values of arrays) for (let i = 0; i < values.length; i++) sum += values[i]! ** 2
  return Math.sqrt(sum)
}
