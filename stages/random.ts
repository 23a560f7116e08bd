// Random numbers with an address: a seed and a name give a stream of numbers. Two names give two streams, so the
// numbers drawn for one array do not change when another array grows. Knows nothing about the use of the numbers.

export interface Stream {
  /** Uniform in [0, 1), 53 bits. */
  readonly uniform: () => number
  /** Standard normal, by the polar method of Marsaglia. */
  readonly normal: () => number
}

/**
 * The stream of a seed (a whole number below 2^53) and a name. The generator is sfc32 (Doty-Humphrey), a counter with
 * chaotic mixing. It has 128 bits of state and a period of at least 2^32 from every seed, and it passes PractRand.
 */
export const stream = (seed: number, name: string): Stream => {
  const next = sfc32(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, fnv1a(name))
  const uniform = (): number => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53
  let spare: number | undefined
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1]
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const scale = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * scale
      return x * scale
    }
  }
  return { uniform, normal }
}

/** The numbers 0 … n-1 in random order (the Fisher-Yates shuffle). */
export const permutation = (n: number, { uniform }: Stream): Int32Array => {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

const sfc32 = (a: number, b: number, c: number): (() => number) => {
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 16; i++) next() // until every bit of the seed has reached every bit of the state
  return next
}

const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
