// A table becomes a Vega-Lite specification that carries its data.
import { expect, test } from "vitest"
import { plot } from "../../../stages/plot/plot.ts"
import { run } from "../../../stages/plot/plot.run.ts"
import { node, type Output } from "../../../pipeline/node.ts"
import { plotMatrix } from "../../../stages/plot/plot-matrix.ts"
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

const given = { node: {}, name: "table", kind: { kind: "table", many: false } } as unknown as Output
const wrong: ReadonlyArray<readonly [what: string, params: object, path: RegExp]> = [
  ["a field that is misspelled", { ...params, x: { feild: "x", title: "scale" } }, /\["x"\]\["feild"\]/],
  ["an option that there is not", { ...params, colour: { field: "h", title: "width" } }, /\["colour"\]/],
  ["a scale that there is not", { ...params, y: { ...params.y, scale: "sqrt" } }, /\["y"\]\["scale"\]/],
  ["an axis without a title", { ...params, x: { field: "x" } }, /\["x"\]\["title"\]/],
  ["a guide of no kind", { ...params, guides: [{ kind: "slop", slope: 1, through: [1, 1] }] }, /\["guides"\]\[0\]/],
  ["a domain of one number", { ...params, x: { ...params.x, domain: [1] } }, /\["x"\]\["domain"\]/],
  ["a domain that falls", { ...params, x: { ...params.x, domain: [2, 1] } }, /\["x"\]\["domain"\]/],
  ["a domain from zero on a log axis", { ...params, x: { ...params.x, domain: [0, 1] } }, /\["x"\]/],
  ["a level that is text", { ...params, guides: [{ kind: "level", y: "1" }] }, /\["guides"\]\[0\]/],
  ["no description", { x: params.x, y: params.y }, /\["description"\]/],
]
test.each(wrong)("%s is refused when the spec is loaded, with its path", (_what, wrongParams, path) => {
  expect(() => node(plot, wrongParams as never, { table: given } as never, {})).toThrow(path)
})

test("a matrix is refused without its domain", () => {
  const matrix = { description: "", row: "i", column: "j", value: { field: "k", title: "k" }, title: "", panels: [] }
  expect(() => node(plotMatrix, matrix as never, { table: given } as never, {})).toThrow(/\["value"\]\["domain"\]/)
})
