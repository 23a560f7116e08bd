// The generator MT19937 and the draws that numpy's RandomState makes from it, bit for bit. It serves to make again the
// data of a published program. The draws of our own come from random.ts.
// Sources: Matsumoto and Nishimura 1998; numpy 1.26, `numpy/random/src`.

const [SIZE, SHIFT] = [624, 397]
const [UPPER, LOWER, MATRIX] = [0x80000000, 0x7fffffff, 0x9908b0df]

export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE)
  #next = SIZE

  /** As `numpy.random.seed(seed)`; the seed is a whole number from 0 to 2^32 - 1. */
  constructor(seed: number) {
    this.#state[0] = seed
    for (let i = 1; i < SIZE; i++) {
      const before = this.#state[i - 1]!
      this.#state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i
    }
  }

  #refill(): void {
    const state = this.#state
    for (let i = 0; i < SIZE; i++) {
      const both = (state[i]! & UPPER) | (state[(i + 1) % SIZE]! & LOWER)
      state[i] = state[(i + SHIFT) % SIZE]! ^ (both >>> 1) ^ (both & 1 ? MATRIX : 0)
    }
    this.#next = 0
  }

  /** The next 32 bits, as a whole number from 0. */
  bits(): number {
    if (this.#next === SIZE) this.#refill()
    let x = this.#state[this.#next++]!
    x ^= x >>> 11
    x ^= (x << 7) & 0x9d2c5680
    x ^= (x << 15) & 0xefc60000
    return (x ^ (x >>> 18)) >>> 0
  }

  /** As `numpy.random.rand()`: uniform in [0, 1), with 53 random bits. */
  uniform(): number {
    const [high, low] = [this.bits() >>> 5, this.bits() >>> 6]
    return (high * 2 ** 26 + low) / 2 ** 53
  }

  /** As `numpy.random.randint(count)`, one by one: a whole number from 0 to count - 1, for count from 1 to 2^32 - 1. */
  below(count: number): number {
    if (count === 1) return 0
    const mask = 2 ** (32 - Math.clz32(count - 1)) - 1
    for (;;) {
      const drawn = (this.bits() & mask) >>> 0
      if (drawn < count) return drawn
    }
  }
}
