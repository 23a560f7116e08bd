// Training at a temperature on images, as in figure 1b of the paper but small.
import { expect, test } from "vitest"
import { run } from "../../../../stages/dynamics/temperature/train-at-temperature.run.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { perform } from "../../perform.ts"
import { imagesOf, parityOfDigits } from "../images.ts"

test("a convolutional net learns real images at the temperature of the paper", async () => {
  const model = { kind: "cnn", channels: 1, filter: 5, width: 4 } as const
  const { x, digits } = imagesOf(24)
  const { weights } = await perform(init({ params: { model }, inputs: {}, seed: 3 }))
  const params = {
    model,
    method: "difference",
    alpha: 1 / Math.sqrt(4),
    loss: "hinge",
    temperature: 3e-4,
    batches: "paper-code",
    largestBatch: 64,
    smallestBatch: 1,
    relaxation: { kind: "constant", tau: 10 },
    low: 1e-2,
    high: 2e-1,
    stop: { loss: 0, steps: 20_000, time: null },
    dtype: "float32",
    backend: "onnx",
  } as const
  const { end, curve } = await perform(
    run({ params, inputs: { data: { x, y: parityOfDigits(digits) }, weights }, seed: 4 }),
  )
  expect([end["converged"], end["loss"]]).toEqual([[true], [0]])
  expect(Math.max(...(curve["batch"] as ReadonlyArray<number>))).toBeGreaterThan(1)
})
