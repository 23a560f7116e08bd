// Batches and epochs: which points come next, and what is counted of their losses.
import { expect, test } from "vitest"
import { beginning, counted, upcoming, type Position } from "../../../../stages/dynamics/descend/epoch.ts"
import { permutation, stream } from "../../../../stages/random.ts"
import { numbers } from "../../../../stages/tensor/double.ts"

const order = (seed: number, epoch: number, n: number): ReadonlyArray<number> => [
  ...permutation(n, stream(seed, `epoch ${epoch}`)),
]

/** The batches of so many steps, when at most `most` are asked for at a time; their sizes and what was handed over. */
const taken = (n: number, size: number, most: number, steps: number) => {
  const next = upcoming({ n, size, seed: 1 }, most)
  let position: Position<number> = beginning
  const batches: Array<{ readonly epoch: number; readonly points: ReadonlyArray<number> }> = []
  const handed: Array<number> = []
  while (batches.length < steps) {
    const ahead = next(position)
    handed.push(ahead.points.length / ahead.size)
    for (let at = 0; at < ahead.points.length; at += ahead.size) {
      batches.push({ epoch: position.epoch, points: [...ahead.points.subarray(at, at + ahead.size)] })
      position = counted(numbers, Math.ceil(n / size), position, 1).next
    }
  }
  return { batches: batches.slice(0, steps), handed }
}

test("every epoch takes every point once, in an order of its own", () => {
  for (const [n, size] of [
    [12, 4],
    [13, 4],
    [3, 2],
    [5, 1],
  ] as const) {
    const perEpoch = Math.ceil(n / size)
    const { batches } = taken(n, size, 3, 4 * perEpoch)
    for (const epoch of [0, 1, 2, 3])
      expect(batches.filter((batch) => batch.epoch === epoch).flatMap(({ points }) => points)).toEqual(
        order(1, epoch, n),
      )
  }
  expect(order(1, 0, 12)).not.toEqual(order(1, 1, 12))
})

test("the last batch of an epoch has what is left over, and comes alone", () => {
  const { batches, handed } = taken(13, 4, 100, 8)
  expect(batches.map(({ points }) => points.length)).toEqual([4, 4, 4, 1, 4, 4, 4, 1])
  expect(handed).toEqual([3, 1, 3, 1])
})

test("where nothing is left over batches come over the ends of epochs", () => {
  expect(taken(12, 4, 5, 10).handed).toEqual([5, 5])
})

test("the batches are the same, however many come at a time", () => {
  for (const n of [12, 13])
    for (const most of [1, 2, 50]) expect(taken(n, 4, most, 20).batches).toEqual(taken(n, 4, 3, 20).batches)
})

test("the loss of an epoch is the mean over its batches, and the next one begins from nothing", () => {
  const first = counted(numbers, 2, beginning, 3)
  expect(first).toEqual({ mean: 3, over: false, next: { epoch: 0, batch: 1, sum: 3 } })
  expect(counted(numbers, 2, first.next, 1)).toEqual({ mean: 2, over: true, next: { epoch: 1, batch: 0, sum: 0 } })
})
