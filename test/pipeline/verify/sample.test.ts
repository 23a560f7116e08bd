// Which of many are looked at: as many as asked for, the same every time, others with another seed.
import { expect, it } from "vitest"
import { digestOf, type Key } from "../../../cache/digest.ts"
import { all, sample } from "../../../pipeline/verify/sample.ts"

const keyed = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, key: digestOf(String(id)) as string as Key }))
const hundred = keyed(100)
const idsOf = (drawn: ReadonlyArray<{ readonly id: number }>): ReadonlyArray<number> => drawn.map(({ id }) => id)

it("all are all, and a share of few is at least one", () => {
  expect(sample(hundred, all, 0)).toEqual(hundred)
  expect(sample(hundred, { _tag: "Share", share: 0.05 }, 0)).toHaveLength(5)
  expect(sample(keyed(3), { _tag: "Share", share: 0.05 }, 0)).toHaveLength(1)
  expect(sample(keyed(3), { _tag: "Count", count: 20 }, 0)).toHaveLength(3)
  expect(sample(hundred, { _tag: "Count", count: 0 }, 0)).toEqual([])
})

it("a sample is in the order of all, the same every time, another with another seed", () => {
  const drawn = idsOf(sample(hundred, { _tag: "Count", count: 10 }, 1))
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b))
  expect(idsOf(sample(hundred.toReversed(), { _tag: "Count", count: 10 }, 1)).toReversed()).toEqual(drawn)
  expect(idsOf(sample(hundred, { _tag: "Count", count: 10 }, 2))).not.toEqual(drawn)
})

it("one node more leaves the others of a sample in their place", () => {
  const [before, after] = [hundred, keyed(101)].map(
    (from) => new Set(idsOf(sample(from, { _tag: "Count", count: 10 }, 1))),
  )
  expect([...before!].filter((id) => after!.has(id)).length).toBeGreaterThanOrEqual(9)
})
