// Learning with the kernel of infinite width: the flow of the kernel itself, and the limit of wide nets.
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import { frozenFlow, run as linearize } from "../../../../stages/dynamics/linearize/linearize.run.ts"
import type { LinearizeLimitParams } from "../../../../stages/dynamics/linearize/linearize-limit.ts"
import { run } from "../../../../stages/dynamics/linearize/linearize-limit.run.ts"
import { infiniteKernel, quadrature, reluExpectations } from "../../../../stages/net/infinite.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { agreement, expectClose } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { sigma } from "../../net/plain.ts"
import { perform, failure } from "../../perform.ts"

const data = await parityOf({ n: 20, nTest: 10 })
const flow = {
  relaxation: { kind: "proportional", mu: 1000 },
  low: 1e-2,
  high: 2e-1,
  stop: { loss: 0, steps: 50_000, time: null },
} as const
const learned = (params: Pick<LinearizeLimitParams, "depth" | "activation">) =>
  perform(run({ params: { ...params, ...flow }, inputs: { train: data.train, test: data.test }, seed: 0 }))

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))

for (const [activation, expectations] of [
  ["relu", reluExpectations],
  ["softplus", quadrature(sigma.softplus.value, sigma.softplus.slope, 161)],
] as const) {
  test(`${activation}: the flow is that of the kernel on all points, by the other road`, async () => {
    const { x, y } = data.train
    const all = Float64Array.from([...x!.data, ...data.test["x"]!.data])
    const whole = infiniteKernel(all, 10, 2, expectations)
    const rows = (from: number, to: number) => ({
      shape: [to - from, 20],
      data: Float64Array.from(
        { length: (to - from) * 20 },
        (_, k) => whole[(from + Math.floor(k / 20)) * 30 + (k % 20)]!,
      ),
    })
    const { c } = await frozenFlow(rows(0, 20), y!, flow, () => {})
    const across = rows(20, 30)
    const expected = Array.from({ length: 10 }, (_, i) =>
      c.reduce((sum, each, j) => sum + each * across.data[i * 20 + j]!, 0),
    )
    const { outputs, end } = await learned({ depth: 2, activation })
    expect(end["converged"]).toEqual([true])
    expectClose("F", outputs["F"]!.data, expected, agreement.series)
  })
}

test("nets with frozen kernels come near the net of infinite width as they get wider", async () => {
  const { outputs } = await learned({ depth: 2, activation: "relu" })
  const limit = outputs["F"]!.data
  const away = async (width: number): Promise<number> => {
    const model = { kind: "fc", inputs: 10, depth: 2, width, activation: "relu" } as const
    const { weights } = await perform(init({ params: { model }, inputs: {}, seed: 5 }))
    const params = { model, ...flow, dtype: "float64", backend: "onnx" } as const
    const frozen = await perform(linearize({ params, inputs: { ...data, weights }, seed: 0 }))
    return norm(limit.map((value, i) => value - frozen.outputs["F"]!.data[i]!)) / norm(limit)
  }
  const [narrow, wide] = [await away(32), await away(2048)]
  expect(wide).toBeLessThan(0.1)
  expect(wide).toBeLessThan(narrow / 2)
})

const { x, y } = data.train as { readonly x: Tensor; readonly y: Tensor }
const cases: Readonly<Record<string, { readonly train?: Tensors; readonly test?: Tensors }>> = {
  images: { train: { x: { ...x, shape: [20, 2, 5] }, y } },
  "fewer labels than points": { train: { x, y: { shape: [4], data: y.data.subarray(0, 4) } } },
  "several outputs": { train: { x, y: { shape: [10, 2], data: y.data } } },
  "no points": {
    train: { x: { shape: [0, 10], data: new Float64Array() }, y: { shape: [0], data: new Float64Array() } },
  },
  "test points of another dimension": { test: { x: { shape: [20, 5], data: x.data.subarray(0, 100) }, y } },
  "fewer test labels": { test: { x, y: { shape: [2], data: y.data.subarray(0, 2) } } },
}
for (const [what, given] of Object.entries(cases)) {
  test(`${what}: refused, with the shapes`, async () => {
    const inputs = { train: data.train, test: data.test, ...given }
    expect(await failure(run({ params: { depth: 2, activation: "relu", ...flow }, inputs, seed: 0 }))).toMatchObject({
      reason: "InvalidInput",
      message: expect.stringMatching(/^the (train|test) points x are \(\d/),
    })
  })
}
