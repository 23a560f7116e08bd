// Images that are resized: against numbers of tf.image.resize, and what bilinear interpolation keeps.
import { expect, test } from "vitest"
import { digitsIn, resizer } from "../../../stages/data/digits.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { mnist } from "./mnist.ts"

// Half-pixel centres: the new pixels of 2 -> 4 lie at -1/4, 1/4, 3/4 and 5/4 of the old ones.
test("new pixels lie between old ones by their centres, and edges continue", () => {
  expect([...resizer(2, 4)([0, 4, 8, 12])]).toEqual([0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12])
})

/** Where the new pixel i lies among 28 old ones. */
const at = (i: number): number => (i + 0.5) * (28 / 32) - 0.5

test("a plane stays a plane, and a constant image a constant", () => {
  const plane = Array.from({ length: 784 }, (_, k) => 3 * (k % 28) - 2 * Math.floor(k / 28))
  const made = resizer(28, 32)(plane)
  for (let i = 1; i < 31; i++)
    for (let j = 1; j < 31; j++)
      expectClose(`${i}, ${j}`, [made[32 * i + j]!], [3 * at(j) - 2 * at(i)], tolerance.float32.net)
  expect(new Set(resizer(28, 32)(new Uint8Array(784).fill(7)))).toEqual(new Set([7]))
})

test("the same size gives the same image", () => {
  const { pixels } = digitsIn(mnist.trainImages, mnist.trainLabels, 1)
  expect([...resizer(28, 28)(pixels)]).toEqual([...pixels])
})

test("the first images come with their classes, and files that do not fit are refused", () => {
  const { labels, side } = digitsIn(mnist.trainImages, mnist.trainLabels, 5)
  expect([[...labels], side]).toEqual([[5, 0, 4, 1, 9], 28])
  expect(() => digitsIn(mnist.trainImages, mnist.testLabels, 5)).toThrow("there are 60000 images, but 10000 labels")
})
