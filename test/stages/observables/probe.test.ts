// A net before it learns, against the net of plain.ts: gradients of its arrays, velocities of its layers by gradients
// of nets cut off at a unit, and its kernel.
import { beforeAll, expect, test } from "vitest"
import type { Table, Tensors } from "../../../pipeline/stage.ts"
import type { Architecture } from "../../../stages/net/architecture.ts"
import { run as init } from "../../../stages/net/init.run.ts"
import { run } from "../../../stages/observables/probe.run.ts"
import type { ProbeParams } from "../../../stages/observables/probe.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { plainGradient } from "../dynamics/plain.ts"
import { failure, perform } from "../perform.ts"
import { gaussian } from "../net/models/nets.ts"
import { cut, type Name, plainKernel, plainNet, plainOutputs, rowOf, somePoints } from "../net/plain.ts"

const [points, depth, width] = [9, 2, 6]
const x = somePoints(11, points, 4)
const data: Tensors = {
  x,
  y: { shape: [points], data: Float64Array.from({ length: points }, (_, i) => (i % 3 === 0 ? 1 : -1)) },
}
const paramsOf = (activation: Name): ProbeParams => ({
  model: { kind: "fc", inputs: 4, depth, width, activation },
  kernelPoints: 5,
  dtype: "float64",
  backend: "onnx",
})
const probed = (params: ProbeParams) => perform(run({ params, inputs: { data }, seed: 21 }))

const rms = (values: ReadonlyArray<number>): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)

for (const activation of ["softplus", "relu"] as const) {
  let weights: Tensors = {}
  let seen: { readonly arrays: Table; readonly layers: Table; readonly kernel: Tensors }

  beforeAll(async () => {
    // The stage `init` draws the same net with the same seed.
    ;({ weights } = await perform(init({ params: paramsOf(activation), inputs: {}, seed: 21 })))
    seen = await probed(paramsOf(activation))
  })

  test(`${activation}: an array's gradient is the rms of df by its entries, over points`, () => {
    const names = Object.keys(weights).toSorted()
    expect(seen.arrays["array"]!.toSorted()).toEqual(names)
    const gradients = Array.from({ length: points }, (_, i) => plainNet(weights, rowOf(x, i), activation).gradient)
    expectClose(
      "gradient",
      names.map((name) => Number(seen.arrays["gradient"]![seen.arrays["array"]!.indexOf(name)])),
      names.map((name) => rms(gradients.flatMap((gradient) => [...gradient[name]!]))),
      tolerance.float64.net,
    )
  })

  const alongGradient = "a layer's velocity is that of its preactivations along minus the gradient of the hinge loss"
  test(`${activation}: ${alongGradient}`, () => {
    const loss = plainGradient({ low: 0, high: 0, mu: 0, data, initial: weights, alpha: 1, activation }, weights)
    const speed = (layer: number, unit: number, point: number): number => {
      const net = cut(weights, layer, unit)
      const { gradient } = plainNet(net, rowOf(x, point), activation)
      // A column of the layer itself, all of the layers before.
      const along = cut(
        Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, { shape, data: loss[name]! }])),
        layer,
        unit,
      )
      return Object.entries(gradient).reduce(
        (sum, [name, slopes]) => slopes.reduce((part, slope, k) => part - slope * along[name]!.data[k]!, sum),
        0,
      )
    }
    const expected = [width, width, 1].map((units, layer) =>
      rms(Array.from({ length: units * points }, (_, at) => speed(layer, at % units, Math.floor(at / units)))),
    )
    expect(seen.layers["layer"]).toEqual([1, 2, 3])
    expectClose("velocity", seen.layers["velocity"] as ReadonlyArray<number>, expected, tolerance.float64.net)
  })

  test(`${activation}: a layer starts with the rms of its preactivations over points and units`, () => {
    const expected = [width, width, 1].map((units, layer) =>
      rms(
        Array.from({ length: units }, (_, unit) => [...plainOutputs(cut(weights, layer, unit), x, activation)]).flat(),
      ),
    )
    expectClose("start", seen.layers["start"] as ReadonlyArray<number>, expected, tolerance.float64.net)
  })

  test(`${activation}: its kernel is that of the net that init draws, on the first points`, () => {
    const few = { shape: [5, 4], data: x.data.subarray(0, 20) }
    expect(seen.kernel["K"]!.shape).toEqual([5, 5])
    expectClose("K", seen.kernel["K"]!.data, plainKernel(weights, few, few, activation), tolerance.float64.net)
  })
}

test("a last layer moves as a small step of gradient descent moves its outputs", async () => {
  const params = paramsOf("softplus")
  const { weights } = await perform(init({ params, inputs: {}, seed: 21 }))
  const loss = plainGradient(
    { low: 0, high: 0, mu: 0, data, initial: weights, alpha: 1, activation: "softplus" },
    weights,
  )
  const [after, before] = [-1e-5, 1e-5].map((step) =>
    plainOutputs(
      Object.fromEntries(
        Object.entries(weights).map(([name, array]) => [
          name,
          { ...array, data: Float64Array.from(array.data, (w, k) => w + step * loss[name]![k]!) },
        ]),
      ),
      x,
      "softplus",
    ),
  )
  const { layers } = await probed(params)
  expectClose(
    "velocity",
    [layers["velocity"]!.at(-1) as number],
    [rms(Array.from(after!, (f, i) => (f - before![i]!) / 2e-5))],
    tolerance.float64.differences,
  )
})

test("in float32 it sees the same", async () => {
  const [one, other] = [await probed({ ...paramsOf("softplus"), dtype: "float32" }), await probed(paramsOf("softplus"))]
  expectClose(
    "gradient",
    one.arrays["gradient"] as ReadonlyArray<number>,
    other.arrays["gradient"] as ReadonlyArray<number>,
    tolerance.float32.net,
  )
  expectClose(
    "velocity",
    one.layers["velocity"] as ReadonlyArray<number>,
    other.layers["velocity"] as ReadonlyArray<number>,
    tolerance.float32.net,
  )
  expectClose("K", one.kernel["K"]!.data, other.kernel["K"]!.data, tolerance.float32.net)
})

test("a net with layers that are not dense, or without biases, is refused", async () => {
  const twoLayer = {
    kind: "two-layer",
    inputs: 4,
    width: 6,
    outputs: 1,
    activation: "tanh",
    scaling: "ntk",
    first: { kind: "normal", deviation: 1 },
    last: { kind: "normal", deviation: 1 },
    biases: null,
    doubled: false,
  } as const
  const images = { ...data, x: gaussian(1, "x", [points, 24, 24, 2]) }
  const nets: ReadonlyArray<readonly [Architecture, Tensors]> = [
    [twoLayer, data],
    [{ kind: "cnn", channels: 2, filter: 5, width: 3 }, images],
  ]
  for (const [model, given] of nets) {
    expect(
      await failure(run({ params: { ...paramsOf("relu"), model }, inputs: { data: given }, seed: 1 })),
      model.kind,
    ).toMatchObject({
      reason: "Unsupported",
      message: "a net is probed layer by layer, but this net has layers that are not dense or have no bias",
    })
  }
})
