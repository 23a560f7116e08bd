// A table becomes a Vega-Lite specification that carries its data.
import { expect, test } from "vitest"
import { plot } from "../../../stages/plot/plot.ts"
import { run } from "../../../stages/plot/plot.run.ts"
import { figure } from "../../../report/figure.ts"
import { perform } from "../perform.ts"

const params = {
  description: "Change against scale.",
  x: { field: "x", title: "scale" },
  y: { field: "y", title: "change" },
  color: { field: "h", title: "width" },
}
const table = { h: [64, 64, 128, 128], x: [1, 10, 1, 10], y: [0.125, 0.0125, 0.25, 0.025] }

test("a figure is a Vega-Lite specification with the rows of its table in it", async () => {
  const { figure: made } = await perform(run({ params, inputs: { table }, seed: 0 }))
  expect(made).toMatchObject({ $schema: expect.stringContaining("vega-lite") })
  expect(made).toEqual(figure({ ...params, data: table }))
  const text = JSON.stringify(made)
  for (const value of table.y) expect(text).toContain(String(value))
})

test("a figure is plain data, the same every time", async () => {
  const [one, two] = [
    await perform(run({ params, inputs: { table }, seed: 0 })),
    await perform(run({ params, inputs: { table }, seed: 0 })),
  ]
  expect(JSON.parse(JSON.stringify(one))).toEqual(one)
  expect(two).toEqual(one)
})

test("the declaration loads its body", async () => {
  expect((await plot.load()).run).toBe(run)
})
