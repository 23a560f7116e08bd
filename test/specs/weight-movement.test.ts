// The spec on Kearns et al.: its widths, its scales, and the kept sweeps, by which its claims are judged here as well.
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { Effect } from "effect"
import { describe, expect, test } from "vitest"
import { judge } from "../../pipeline/check.ts"
import { seedOf } from "../../pipeline/key/key.ts"
import type { Output, SourceNode, StageNode } from "../../pipeline/node.ts"
import { load } from "../../pipeline/plan/load.ts"
import type { Table } from "../../pipeline/stage.ts"
import { widthsOf } from "../../specs/kearns/deep.ts"
import { run as csvTable } from "../../stages/data/csv-table.run.ts"
import { run as numpyPoints } from "../../stages/data/numpy-points.run.ts"
import type { DescendParams } from "../../stages/dynamics/descend/descend-params.ts"
import { run as movement } from "../../stages/dynamics/descend/movement.run.ts"
import { run as weightMovement } from "../../stages/observables/weight-movement.run.ts"
import { summaryOf, estimateOf } from "../../stages/statistics/quantities.ts"
import type { SummarizeParams } from "../../stages/statistics/summarize.ts"
import { perform } from "../stages/perform.ts"

const root = resolve(import.meta.dirname, "../..")
const loaded = (settings: { readonly [name: string]: string }) =>
  Effect.runPromise(load(resolve(root, "specs/weight-movement.ts"), settings))
const { built, plan } = await loaded({})

const kept = async (file: string): Promise<Table> => {
  const bytes = new Uint8Array(readFileSync(resolve(root, `specs/kearns/kept/${file}.csv`)))
  return (await perform(csvTable({ params: {}, inputs: { bytes }, seed: 0 }))).table
}
const numbers = (table: Table, column: string): ReadonlyArray<number> => table[column] as ReadonlyArray<number>

test("matched nets have as many hidden weights as one layer, at the sizes of the report", () => {
  expect([200, 1000, 2000, 6000].map((n) => widthsOf(2, "matched", n, 10))).toEqual([
    [100, 10],
    [270, 27],
    [400, 40],
    [726, 73],
  ])
  expect([300, 1000, 3000, 6000].map((n) => widthsOf(3, "matched", n, 10)[0])).toEqual([100, 200, 363, 523])
  expect(widthsOf(3, "published", 300, 10)).toEqual([100, 10, 100])
  for (const n of [600, 2400, 6000]) {
    for (const depth of [2, 3] as const) {
      const widths = [10, ...widthsOf(depth, "matched", n, 10)]
      const weights = widths.slice(1).reduce((sum, width, l) => sum + width * widths[l]!, 0)
      expect(Math.abs(weights / (10 * n) - 1)).toBeLessThan(0.03)
    }
  }
})

const figures = "2 3 4 4-layers 5 6 7 7-rate 8 8-backbone 8-errors criterion equal-units random-labels".split(" ")
test.each(["quick", "paper"])("at %s scale it plans every figure of the report", async (scale) => {
  const spec = await loaded({ scale })
  expect(spec.built.page.figures.map(({ id }) => id).sort()).toEqual(figures)
  for (const { figure } of spec.built.page.figures)
    expect(spec.plan.byName.get(figure.node.name), figure.node.name).toBe(figure.node)
})

test("at the scale of the paper it has the widths of the report", async () => {
  const config = Object.fromEntries(
    (await loaded({ scale: "paper" })).built.config.map(({ name, value }) => [name, value]),
  )
  const lengths = ["2.widths", "4.sizes", "5.sizes"].map((name) => (config[name] as ReadonlyArray<number>).length)
  expect(lengths).toEqual([995, 30, 20])
  expect([(config["2.widths"] as ReadonlyArray<number>).at(-1), config["8.images"], config["8.epochs"]]).toEqual([
    10_040,
    null,
    10,
  ])
})

describe("the kept sweeps", () => {
  const sweeps = built.checks.filter(({ id }) => id.startsWith("sweep-"))

  test.each(sweeps.map((check) => [check.id, check] as const))("%s comes out as declared", async (id, check) => {
    const { params, inputs } = check.value.output.node as StageNode
    const file = ((inputs["table"] as Output).node as StageNode).inputs["bytes"] as Output
    const { path } = (file.node as SourceNode).place as { readonly path: string }
    const quantity = (params as unknown as SummarizeParams).quantities.find(({ name }) => name === id)!
    const table = await kept(path.replace(/^.*\/(.*)\.csv$/, "$1"))
    const { measured, asDeclared } = judge(
      check,
      summaryOf([quantity], (each) => estimateOf(each, table)),
      "paper",
    )
    expect(measured).not.toBeNull()
    expect(asDeclared, `${id}: ${measured}`).toBe(true)
  })

  test("one hidden layer: the metric times h is within 20.5 and 27.5 at all 995 widths; every net fits", async () => {
    const table = await kept("one-layer")
    expect(numbers(table, "h")).toEqual(Array.from({ length: 995 }, (_, i) => 100 + 10 * i))
    for (const [i, h] of numbers(table, "h").entries()) {
      expect(Math.abs(numbers(table, "perUnit")[i]! * h - 24), `h = ${h}`).toBeLessThanOrEqual(3.5)
      expect(table["converged"]![i]).toBe(true)
    }
  })

  test("a net of the sweep comes out the same again, within what other processors round differently", async () => {
    const node = plan.byName.get("movement/inputs=10,h=100,draw=pytorch,replica=0") as StageNode
    const points = ((node.inputs["data"] as Output).node as StageNode).params as never
    const { data } = await perform(numpyPoints({ params: points, inputs: {}, seed: 0 }))
    const params = node.params as unknown as DescendParams
    const made = await perform(movement({ params, inputs: { data, tests: [] }, seed: seedOf(node, built.seed) }))
    const nets = [{ labels: { h: 100 }, units: 100 }]
    const measured = await perform(
      weightMovement({ params: { nets }, inputs: { arrays: [made.arrays], ends: [made.end] }, seed: 0 }),
    )
    const table = await kept("one-layer")
    for (const [column, margin] of [
      ["norm", 0.02],
      ["relative", 0.02],
      ["epoch", 0.05],
    ] as const) {
      const [now, then] = [numbers(measured.nets, column)[0]!, numbers(table, column)[0]!]
      expect(Math.abs(now / then - 1), column).toBeLessThan(margin)
    }
  })
})
