// MNIST parity from the real files: the order of the points, their labels, and that the seed decides.
import { expect, test } from "vitest"
import { StageError, type Tensor } from "../../../pipeline/stage.ts"
import { run } from "../../../stages/data/parity.run.ts"
import { agreement, expectClose } from "../../support/tolerance.ts"
import { failure } from "../perform.ts"
import { mnist, parityOf } from "./mnist.ts"

const rowsOf = ({ shape: [count = 0, width = 0], data }: Tensor): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width).join())

test("labels go -1, +1 in turns, since digits go 0 to 9 in turns", async () => {
  const { train, test } = await parityOf({ n: 25, nTest: 40 })
  expect(Array.from(train["y"]!.data)).toEqual(Array.from({ length: 25 }, (_, i) => (i % 2 === 1 ? 1 : -1)))
  // The test points follow the 25 training points, so they begin with a 5.
  expect(Array.from(test["y"]!.data)).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1)))
  expect([train["x"]!.shape, train["y"]!.shape, test["x"]!.shape, test["y"]!.shape]).toEqual([
    [25, 10],
    [25],
    [40, 10],
    [40],
  ])
})

test("the components have mean 0, variance 1 and no correlation over the images they are fitted on", async () => {
  const [n, dimension] = [5000, 10]
  const { train } = await parityOf({ n, fitOn: n })
  const x = train["x"]!.data
  const moments = Array.from({ length: dimension * (dimension + 1) }, (_, at) => {
    const [j, k] = [Math.floor(at / (dimension + 1)), at % (dimension + 1)]
    let sum = 0
    for (let i = 0; i < n; i++) sum += x[i * dimension + j]! * (k === dimension ? 1 : x[i * dimension + k]!)
    return sum / n
  })
  expectClose(
    "moments",
    moments,
    Array.from({ length: dimension * (dimension + 1) }, (_, at) => (at % (dimension + 2) === 0 ? 1 : 0)),
    agreement.whitened,
  )
})

test("a smaller cut is a prefix of a larger one, and the test points follow the training points", async () => {
  const small = await parityOf({ n: 20, nTest: 30 })
  const large = await parityOf({ n: 50, nTest: 10 })
  expect([...rowsOf(small.train["x"]!), ...rowsOf(small.test["x"]!)]).toEqual(rowsOf(large.train["x"]!))
})

test("no test point is a training point", async () => {
  const { train, test } = await parityOf({ n: 500, nTest: 500 })
  expect(new Set([...rowsOf(train["x"]!), ...rowsOf(test["x"]!)]).size).toBe(1000)
})

test("the same seed gives the same bits, another seed other images of the same digits", async () => {
  const [first, again, other] = [await parityOf({}), await parityOf({}), await parityOf({}, 1)]
  expect(again).toEqual(first)
  expect(other.train["y"]).toEqual(first.train["y"])
  expect(other.train["x"]!.data).not.toEqual(first.train["x"]!.data)
})

test("every balanced image can be had: 6,313 of each digit, and not one more", async () => {
  const asked = { n: 63_100, nTest: 31, dimension: 10, fitOn: 1000 }
  const error = await failure(run({ params: asked, inputs: mnist, seed: 0 }))
  expect(error).toBeInstanceOf(StageError)
  expect(error).toMatchObject({
    reason: "InvalidInput",
    message: "63100 training and 31 test points were asked for, but there are 63130 balanced images",
  })
})

test("a damaged file is refused by name", async () => {
  const inputs = { ...mnist, testLabels: mnist.testLabels.subarray(0, 500) }
  const error = await failure(run({ params: { n: 10, nTest: 10, dimension: 10, fitOn: 100 }, inputs, seed: 0 }))
  expect(error).toMatchObject({
    reason: "InvalidInput",
    message: "the test labels: 492 bytes of data, but the sizes 10000 need 10000",
  })
})
