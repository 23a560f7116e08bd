// A kernel as a matrix of points. Of units x -> max(0, x) the kernel is x x', so that one of four points is made by
// hand; that of a net is taken from plain.ts, and its summary by products with the centring matrix.
import { expect, test } from "vitest"
import type { Table, Tensor, Tensors } from "../../../pipeline/stage.ts"
import { run } from "../../../stages/observables/gram.run.ts"
import type { GramParams } from "../../../stages/observables/gram.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { plainKernel, somePoints, someWeights } from "../net/plain.ts"
import { failure, perform } from "../perform.ts"

const array = (...rows: ReadonlyArray<ReadonlyArray<number>>): Tensor => ({
  shape: [rows.length, rows[0]!.length],
  data: Float64Array.from(rows.flat()),
})
const vector = (...data: ReadonlyArray<number>): Tensor => ({ shape: [data.length], data: Float64Array.from(data) })

const params: GramParams = {
  model: { kind: "random-features", inputs: 2, width: 2, outputs: 1, activation: "plain-relu" },
  points: 4,
  dtype: "float64",
  backend: "onnx",
}
const units = (W0: Tensor): Tensors => ({ W0, W1: array([0], [0]) })
/** Each unit sees an axis; or both see the first one, and the second sees it twice as large. */
const [axes, first] = [units(array([1, 0], [0, 1])), units(array([1, 2], [0, 0]))]
const seen = (test: Tensors, start: Tensors, end: Tensors, changed: Partial<GramParams> = {}) =>
  perform(run({ params: { ...params, ...changed }, inputs: { test, start, end }, seed: 0 }))
const at = (table: Table, column: string, when: string): ReadonlyArray<number> =>
  table[column]!.filter((_, row) => table["when"]![row] === when).map(Number)
const columns = ["size", "deviation", "contrast", "alignment"]

const four = { x: array([0, 2], [1, 0], [0, 1], [1, 1]), y: vector(-1, 1, -1, 1) }

test("four points by hand: odd ones first, in units of the rms", async () => {
  const { entries, summary } = await seen(four, axes, first)
  const grid = Array.from({ length: 16 }, (_, ij) => ij)
  for (const when of ["start", "end"])
    expect([at(entries, "i", when), at(entries, "j", when)]).toEqual([
      grid.map((ij) => Math.floor(ij / 4)),
      grid.map((ij) => ij % 4),
    ])
  // The points (1, 0), (1, 1), (0, 2), (0, 1): squares sum up to 42; at the end x1 = 1, 1, 0, 0 and 5 x1 x1'.
  const size = Math.sqrt(42) / 4
  expectClose(
    "start",
    at(entries, "value", "start"),
    [1, 1, 0, 0, 1, 2, 2, 1, 0, 2, 4, 2, 0, 1, 2, 1].map((value) => value / size),
    tolerance.float64.op,
  )
  expectClose(
    "end",
    at(entries, "value", "end"),
    [2, 2, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    tolerance.float64.op,
  )
  // Two points of one label: 6 in four pairs; of two labels: 6 in eight pairs; all: 20 in sixteen.
  // Centred, y K y' = 8, and the points' second moments are (1, -1, -1, 2).
  expect(summary["when"]).toEqual(["start", "end"])
  expectClose(
    "start",
    columns.map((column) => at(summary, column, "start")[0]!),
    [size, Math.sqrt(17 / 42), 0.6, 8 / (4 * Math.sqrt(7))],
    tolerance.float64.op,
  )
  // It knows the one label from the other, and so is aligned.
  expectClose(
    "end",
    columns.map((column) => at(summary, column, "end")[0]!),
    [2.5, Math.sqrt(3) / 2, 2, 1],
    tolerance.float64.op,
  )
})

test("within a label points are in order of their classes, which change nothing but the order", async () => {
  const { entries, summary } = await seen(
    { ...four, class: { shape: [4], data: Int32Array.of(2, 3, 0, 1) } },
    axes,
    first,
  )
  // (1, 1), (1, 0), (0, 1), (0, 2)
  expectClose(
    "start",
    at(entries, "value", "start").map((value) => (value * Math.sqrt(42)) / 4),
    [2, 1, 1, 2, 1, 1, 0, 0, 1, 0, 1, 2, 2, 0, 2, 4],
    tolerance.float64.op,
  )
  const without = (await seen(four, axes, first)).summary
  for (const column of columns)
    expectClose(column, at(summary, column, "start"), at(without, column, "start"), tolerance.float64.op)
})

test("a kernel y y' has alignment 1, whatever is added to all its entries", async () => {
  // tanh is odd: 2 y y' of two units, and a third that is the same for all points.
  const y = [1, -1, -1, 1, -1]
  const model = { kind: "random-features", inputs: 3, width: 3, outputs: 1, activation: "tanh" } as const
  const weights = { W0: array([1, 0, 0], [0, 1, 0], [0, 0, 1]), W1: array([0], [0], [0]) }
  const { summary } = await seen(
    { x: array(...y.map((label) => [label, label, 0.7])), y: vector(...y) },
    weights,
    weights,
    { model, points: 5 },
  )
  expectClose("alignment", at(summary, "alignment", "start"), [1], tolerance.float64.op)
})

/** Of two matrices, by rows. */
const product = (a: ReadonlyArray<ReadonlyArray<number>>, b: ReadonlyArray<ReadonlyArray<number>>) =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)))

test("of a net's kernel, labels unbalanced, on the first points", async () => {
  const points = 7
  const x = somePoints(3, 9, 4)
  const weights = [1, 2].map((seed) => someWeights(seed, 4, 2, 5)) as [Tensors, Tensors]
  // In their order already.
  const y = [1, 1, 1, -1, -1, -1, -1]
  const { entries, summary } = await seen({ x, y: vector(...y, 1, 1) }, ...weights, {
    model: { kind: "fc", inputs: 4, depth: 2, width: 5, activation: "softplus" },
    points,
  })
  const few = { shape: [points, 4], data: x.data.subarray(0, 4 * points) }
  const H = Array.from({ length: points }, (_, i) =>
    Array.from({ length: points }, (_, j) => (i === j ? 1 : 0) - 1 / points),
  )
  for (const [k, when] of ["start", "end"].entries()) {
    const K = plainKernel(weights[k]!, few, few, "softplus")
    const size = at(summary, "size", when)[0]!
    expectClose(
      "K",
      at(entries, "value", when).map((value) => value * size),
      K,
      tolerance.float64.net,
    )
    const rows = H.map((_, i) => [...K.subarray(i * points, (i + 1) * points)])
    const [KK, yy] = [
      product(product(H, rows), H).flat(),
      product(
        product(
          H,
          y.map((a) => y.map((b) => a * b)),
        ),
        H,
      ).flat(),
    ]
    const cosine = KK.reduce((sum, value, ij) => sum + value * yy[ij]!, 0) / Math.hypot(...KK) / Math.hypot(...yy)
    expectClose("alignment", at(summary, "alignment", when), [cosine], tolerance.float64.net)
  }
})

test("weights of another net are refused, at the end as well", async () => {
  const wide = units(array([1, 0, 1], [0, 1, 1]))
  for (const [start, end] of [
    [wide, axes],
    [axes, wide],
  ] as const) {
    expect(await failure(run({ params, inputs: { test: four, start, end }, seed: 0 }))).toMatchObject({
      reason: "InvalidInput",
      message: "W0 is (2, 3) in the weights, but (2, 2) in the net",
    })
  }
})
