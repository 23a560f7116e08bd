// What a stage gives and what the next one gets, by whole processes on a real store: the same, or a failure that names
// the place.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Project } from "../support/project.ts"

const text = `
import { Effect, Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { grid, map, node } from "../pipeline/node.ts"
import { spec } from "../pipeline/spec.ts"
import { Bytes, Json, many, stage, Table, Tensors } from "../pipeline/stage.ts"

const list = [1, { a: 1 }]
const odd = {
  NaN: { rows: [{}, { loss: NaN }] },
  undefined: { rows: [{ loss: undefined }] },
  Map: { "by name": new Map([["a", 1]]) },
  Date: [new Date(0)],
  class: new (class Net { weights = 1 })(),
  hole: [1, , 3],
  bigint: { n: 1n },
  circle: (() => { const it = { list }; it.self = it; return it })(),
}
export const write = stage(import.meta, "write", {
  params: Schema.Struct({ odd: Schema.String }), inputs: {}, outputs: { value: Json },
  run: async () => ({ run: ({ params }) => Effect.succeed({ value: odd[params.odd] }) }),
})
export const writeTable = stage(import.meta, "writeTable", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Table },
  run: async () => ({ run: () => Effect.succeed({ value: { step: [1, 2], loss: [0.5, null] } }) }),
})

const half = "\\ud800"
const json = () => [-0, half, JSON.parse('{"__proto__": 1}'), 2 ** 53 + 2, null, "\\ufeff"]
const table = () => ({ z: [-0, NaN, Infinity], a: ["", "é", "\\0"], constructor: [true, false, true] })
const tensors = () => ({ w: { shape: [2], data: Float64Array.of(0, NaN, -0, 4).subarray(1, 3) } })
const bytes = () => Uint8Array.of(1, 2, 3).subarray(1)
export const give = stage(import.meta, "give", {
  params: Schema.Struct({}), inputs: {}, outputs: { json: Json, table: Table, tensors: Tensors, bytes: Bytes },
  run: async () => ({ run: () => {
    return Effect.succeed({ json: json(), table: table(), tensors: tensors(), bytes: bytes() })
  } }),
})
const same = (a, b) => {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b)
  const [some, others] = [Object.keys(a), Object.keys(b)]
  return a.constructor.name === b.constructor.name && some.length === others.length
    && some.every((name, i) => name === others[i] && same(a[name], b[name]))
}
export const take = stage(import.meta, "take", {
  params: Schema.Struct({ alpha: Schema.Number, zero: Schema.Number }),
  inputs: { json: Json, table: Table, tensors: Tensors, bytes: Bytes }, outputs: { same: Table },
  run: async () => ({ run: ({ params, inputs }) => Effect.succeed({ same: {
    json: [Number(same(inputs.json, json()))],
    table: [Number(same(inputs.table, table()))],
    tensors: [Number(same(inputs.tensors, tensors()))],
    bytes: [Number(same(inputs.bytes, bytes()) && inputs.bytes.buffer.byteLength === 2)],
    params: [Number(Object.is(params.alpha, Infinity) && Object.is(params.zero, -0))],
  } }) }),
})
export const each = stage(import.meta, "each", {
  params: Schema.Struct({}), inputs: { item: Json }, outputs: { found: Table },
  run: async () => ({ run: ({ inputs }) => {
    const at = json().findIndex((other) => same(inputs.item, other))
    return Effect.succeed({ found: { at: [at] } })
  } }),
})
export const inOrder = stage(import.meta, "inOrder", {
  params: Schema.Struct({}), inputs: { found: many(Table) }, outputs: { same: Table },
  run: async () => ({ run: ({ inputs }) => {
    const found = inputs.found.map(({ at }) => at[0])
    return Effect.succeed({ same: { map: [Number(same(found, [0, 1, 2, 3, 4, 5]))] } })
  } }),
})

const holds = (of, column) =>
  check({ id: column, claim: "It is kept.", source: "here", value: cell(of.out.same, {}, column), expect: atLeast(1) })
export default spec({
  config: {},
  nodes: () => {
    const given = node(give, {}, {})
    return {
      odd: [...grid({ odd: Object.keys(odd) }).map((at) => node(write, at, {}, at)), node(writeTable, {}, {})],
      taken: node(take, { alpha: Infinity, zero: -0 }, given.out),
      ordered: node(inOrder, {}, { found: map(each, "item", {}, { item: given.out.json }).out.found }),
    }
  },
  checks: ({ taken, ordered }) =>
    [...["json", "table", "tensors", "bytes", "params"].map((column) => holds(taken, column)), holds(ordered, "map")],
  page: () => ({
    title: "Values", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", "<title>Values</title>"]]) }),
  }),
})
`

let project: Project
beforeAll(() => {
  project = new Project()
  project.write("specs/values.ts", text)
})
afterAll(() => project[Symbol.dispose]())

describe.each(["inline", "pool"])("with the executor %s", (executor) => {
  it("a reader gets what was written, or the writer fails and says where", async () => {
    const { code, out, err } = await project.run("run", "specs/values.ts", "--executor", executor, "--store", executor)
    const said = out + err
    expect(code, said).toBe(1)
    const refusals = [
      "value.rows[1].loss is NaN, which JSON cannot hold; give null or a text, or keep numbers in a Table",
      "value.rows[0].loss is undefined, which JSON cannot hold; leave it out, or give null",
      `value["by name"] is a Map, which JSON cannot hold; give Object.fromEntries(it) or [...it]`,
      "value[0] is a Date, which JSON cannot hold; give its toISOString() or its getTime()",
      "value is a Net, which JSON cannot hold",
      "value[1] is undefined, which JSON cannot hold",
      "value.n is a bigint, which JSON cannot hold",
      "value.self is value again, a circle, which JSON cannot hold",
    ]
    for (const refusal of refusals) expect(said).toContain(`write declares the output value (json): ${refusal}`)
    expect(said).toContain("the output value (table): value.loss[1] is null, which a table cannot hold")
    const kept = ["json", "table", "tensors", "bytes", "params", "map"]
    for (const id of kept) expect(said).toContain(`✓ ${id}: agrees`)
    expect(said).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
    expect(said).toContain("9 failed")
  })
})
