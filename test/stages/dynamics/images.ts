// A few real MNIST images as they are, not projected: pixels with a mean square of 1.
import type { Tensor } from "../../../pipeline/stage.ts"
import { readIdx } from "../../../stages/data/idx.ts"
import { mnist } from "../data/mnist.ts"

/** The first n test images (n, 28, 28, 1), and their digits (n). */
export const imagesOf = (n: number): { readonly x: Tensor; readonly digits: Tensor } => {
  const {
    shape: [, height = 0, width = 0],
    data,
  } = readIdx(mnist.testImages, "images")
  const x = new Float64Array(n * height * width)
  for (let i = 0; i < n; i++) {
    const pixels = Float64Array.from(data.subarray(i * height * width, (i + 1) * height * width))
    const root = Math.sqrt(pixels.reduce((sum, pixel) => sum + pixel ** 2, 0) / pixels.length)
    x.set(
      pixels.map((pixel) => pixel / root),
      i * pixels.length,
    )
  }
  return {
    x: { shape: [n, height, width, 1], data: x },
    digits: { shape: [n], data: readIdx(mnist.testLabels, "labels").data.slice(0, n) },
  }
}

/** +1 for odd digits, -1 for even ones. */
export const parityOfDigits = ({ shape, data }: Tensor): Tensor => ({
  shape,
  data: Float64Array.from(data, (digit) => (digit % 2 === 1 ? 1 : -1)),
})
