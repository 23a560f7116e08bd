// The order of labelled points: classes in turns, and within each class as the seed says.
import { expect, test } from "vitest"
import { interleaved, parityOf } from "../../../stages/data/balanced.ts"
import { stream } from "../../../stages/random.ts"

/** 300 labels of four classes, and some of a fifth that no one asks for. */
const { uniform } = stream(1, "labels")
const labels = Uint8Array.from({ length: 300 }, () => Math.floor(5 * uniform()))
const count = (k: number): number => labels.filter((label) => label === k).length
const rarest = Math.min(...[0, 1, 2, 3].map(count))
const order = interleaved(labels, 4, 7, "class")

test("classes come in turns, up to the rarest", () => {
  expect(Array.from(order, (row) => labels[row])).toEqual(Array.from({ length: 4 * rarest }, (_, i) => i % 4))
})

test("no row comes twice, and all of the rarest class come", () => {
  expect(new Set(order).size).toBe(order.length)
  const k = [0, 1, 2, 3].find((each) => count(each) === rarest)!
  expect(order.filter((row) => labels[row] === k).toSorted()).toEqual(
    Int32Array.from(labels.keys()).filter((row) => labels[row] === k),
  )
})

test("a class is not in the order of its rows, and another seed or name has another order", () => {
  const first = order.filter((row) => labels[row] === 0)
  expect(first).not.toEqual(first.toSorted())
  expect(interleaved(labels, 4, 7, "class")).toEqual(order)
  expect(interleaved(labels, 4, 8, "class")).not.toEqual(order)
  expect(interleaved(labels, 4, 7, "digit")).not.toEqual(order)
})

test("a class orders itself, whatever the others have", () => {
  // Without the last row, which is of one class only.
  const without = interleaved(labels.subarray(0, -1), 4, 7, "class")
  for (const k of [0, 1, 2, 3].filter((each) => each !== labels.at(-1))) {
    const [some, all] = [without, order].map((rows) => rows.filter((row) => labels[row] === k)) as [
      Int32Array,
      Int32Array,
    ]
    const both = Math.min(some.length, all.length)
    expect(some.subarray(0, both)).toEqual(all.subarray(0, both))
  }
})

test("a class without images leaves nothing to balance", () => {
  expect(interleaved(Uint8Array.of(0, 1, 1, 0), 3, 0, "class")).toEqual(new Int32Array(0))
})

test("odd classes are +1, even ones -1", () => {
  expect([0, 1, 2, 9].map(parityOf)).toEqual([-1, 1, -1, 1])
})
