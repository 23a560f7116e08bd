// What is made of images as bytes: sets joined, squares of pixels averaged, one length for all.
import { expect, test } from "vitest"
import { normalised, shrunk, together, type Pictures } from "../../../stages/data/pictures.ts"
import { stream } from "../../../stages/random.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"

const pictures = (seed: number, count: number, side: number, channels: number): Pictures => {
  const { uniform } = stream(seed, "pixels")
  return {
    side,
    channels,
    pixels: Uint8Array.from({ length: count * side * side * channels }, () => Math.floor(256 * uniform())),
    labels: Uint8Array.from({ length: count }, (_, i) => seed + i),
  }
}

test("sets become one, one after the other", () => {
  const parts = [pictures(1, 2, 3, 2), pictures(2, 1, 3, 2)]
  const all = together(parts)
  expect([all.side, all.channels, Array.from(all.labels)]).toEqual([3, 2, [1, 2, 2]])
  expect(Array.from(all.pixels)).toEqual(parts.flatMap(({ pixels }) => Array.from(pixels)))
})

test("an image that is not made smaller is its bytes over 255", () => {
  const all = pictures(3, 2, 4, 3)
  expectClose(
    "image",
    shrunk(all, 1, 1),
    Array.from(all.pixels.subarray(48), (byte) => byte / 255),
    tolerance.float64.element,
  )
})

test("a smaller image holds means of squares of each channel, and a rest that fills no square is left out", () => {
  const all = pictures(4, 2, 7, 2)
  const byte = (i: number, j: number, c: number): number => all.pixels[7 * 7 * 2 + (i * 7 + j) * 2 + c]!
  const expected = [0, 1, 2].flatMap((i) =>
    [0, 1, 2].flatMap((j) =>
      [0, 1].map(
        (c) =>
          (byte(2 * i, 2 * j, c) +
            byte(2 * i + 1, 2 * j, c) +
            byte(2 * i, 2 * j + 1, c) +
            byte(2 * i + 1, 2 * j + 1, c)) /
          4 /
          255,
      ),
    ),
  )
  expectClose("image", shrunk(all, 1, 2), expected, tolerance.float64.element)
})

test("an image less the mean has the length of as many ones, and the direction it had", () => {
  // (3, 1, 0, 1) less (1, 1, 1, -1) is (2, 0, -1, 2), of length 3; four ones have length 2.
  expectClose(
    "image",
    normalised(Float64Array.of(3, 1, 0, 1), Float64Array.of(1, 1, 1, -1)),
    [4 / 3, 0, -2 / 3, 4 / 3],
    tolerance.float64.element,
  )
})
