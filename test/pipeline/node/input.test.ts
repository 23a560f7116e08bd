// What a node takes: what its stage declares, and nothing else. Anything else is told where the node is made, with the
// stage, the input, what was given, what there is, and the place.
import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { checksIn, nodesIn, pageIn } from "../../../pipeline/spec/declared.ts"
import { PlanError, SpecError } from "../../../pipeline/error.ts"
import { map, node, source, type Output } from "../../../pipeline/node.ts"
import { Bytes, Json, many, stage, Table, Tensors, type Kinds } from "../../../pipeline/stage.ts"
import { unloaded } from "../../support/arithmetic.ts"

const declared = <I extends Kinds, O extends Kinds>(name: string, inputs: I, outputs: O) =>
  stage(import.meta, name, { params: Schema.Struct({}), inputs, outputs, run: unloaded })
const none = declared("none", {}, { v: Json, w: Json })
const one = declared("one", { v: Json }, { v: Json })
const lists = declared("lists", { v: many(Json) }, { v: Json })
const bytes = declared("bytes", { y: Bytes }, { y: Bytes })
const train = declared("train", { weights: Tensors, rows: many(Table) }, { table: Table })

const [a, m] = [node(none, {}, {}), node(lists, {}, { v: [] })]
const over = map(one, "v", {}, { v: a.out.v })
const blob = source({ path: "data.bin" })
const rows = { node: m, name: "v", kind: Table } as const

/** What somebody wrote whom no compiler helped. */
const made = (of: unknown, ...inputs: ReadonlyArray<unknown>) =>
  (node as (...given: ReadonlyArray<unknown>) => unknown)(of, {}, ...inputs)
const refusal = (make: () => unknown): readonly [reason: string, says: string] => {
  try {
    make()
  } catch (error) {
    if (error instanceof SpecError || error instanceof PlanError) return [error.reason, error.message]
    throw error
  }
  throw new Error("it was not refused")
}
const mapped = (of: unknown, name: string, inputs: unknown): string =>
  refusal(() => (map as (...given: ReadonlyArray<unknown>) => unknown)(of, name, {}, inputs))[1]
const absent = (of: { readonly out: unknown }): Output => (of.out as { readonly nope: Output }).nope
const here = / \(test\/pipeline\/node\/input\.test\.ts:\d+:\d+\)$/

class Held {
  readonly v = a.out.v
}

describe("an input", () => {
  const forms: ReadonlyArray<readonly [of: unknown, inputs: unknown, says: string]> = [
    [one, {}, "one takes v (json), one output, but got nothing."],
    [one, { v: undefined }, "one takes v (json), one output, but got nothing."],
    [one, { v: null }, "one takes v (json), one output, but got null."],
    [one, { v: 5 }, "one takes v (json), one output, but got 5."],
    [one, { v: "v" }, "one takes v (json), one output, but got 'v'."],
    [one, { v: a }, "one output, but got the node none instead of one of its outputs (v, w)."],
    [one, { v: [a.out.v] }, "one takes v (json), one output, but got a list."],
    [one, { v: over.out.v }, "one takes v (json), one output, but got a list."],
    [one, { v: over.out.v[0] }, "one takes v (json), one output, but got the outputs v (json) of one."],
    [one, { v: a.out }, "one takes v (json), one output, but got a record."],
    [one, { v: () => a.out.v }, "one takes v (json), one output, but got a function."],
    [one, { v: Promise.resolve(a.out.v) }, "one takes v (json), one output, but got a Promise."],
    [
      one,
      { v: blob.out.bytes },
      "one takes v (json), one output, but got the output bytes (bytes) of source/data.bin.",
    ],
    [one, { v: { ...a.out.v, name: "x" } }, "one takes v (json), one output, but got a record."],
    [bytes, { y: rows }, "bytes takes y (bytes), one output, but got the output v (table) of lists."],
    [train, { weights: a.out.v, rows: [] }, "train takes weights (tensors), one output, but got the output v (json)"],
    [train, { weights: [], rows: [] }, "train takes weights (tensors), one output, but got a list."],
    [lists, {}, "lists takes v (json), a list of outputs, but got nothing."],
    [lists, { v: a.out.v }, "lists takes v (json), a list of outputs, but got the output v (json) of none."],
    [lists, { v: new Set([a.out.v]) }, "lists takes v (json), a list of outputs, but got a Set."],
    [lists, { v: [a.out.v, undefined] }, "but got a list whose item [1] is nothing."],
    [lists, { v: Object.assign([a.out.v], { 2: a.out.v }) }, "but got a list whose item [1] is nothing."],
    [lists, { v: [over.out.v] }, "but got a list whose item [0] is a list."],
    [lists, { v: [a.out.v, a] }, "but got a list whose item [1] is the node none instead of one of its outputs"],
    [lists, { v: [rows] }, "but got a list whose item [0] is the output v (table) of lists."],
    [none, { nope: a.out.v }, "none takes no input nope; it takes none."],
    [one, { v: a.out.v, nope: undefined }, "one takes no input nope; it takes v (json)."],
    [train, { weigths: a.out.v }, "train takes no input weigths; it takes weights (tensors), rows (many table)."],
    [one, undefined, "one takes a record of inputs, but got nothing."],
    [none, null, "none takes a record of inputs, but got null."],
    [none, [a.out.v], "none takes a record of inputs, but got a list."],
    [none, new Map([["v", 1]]), "none takes a record of inputs, but got a Map."],
    [one, new Held(), "one takes a record of inputs, but got a Held."],
    [undefined, {}, "node(…) takes a stage, which stage(…) gives, but got nothing."],
    ["one", {}, "node(…) takes a stage, which stage(…) gives, but got 'one'."],
    [a, {}, "node(…) takes a stage, which stage(…) gives, but got the node none"],
  ]
  it.each(forms)("%# is refused: %o", (of, inputs, says) => {
    const [, message] = refusal(() => made(of, inputs))
    expect(message).toContain(says)
    expect(message).toMatch(here)
  })

  it("over whose items a node goes must be JSON, one output, and declared", () => {
    expect(mapped(one, "nope", { v: a.out.v })).toContain("one takes no input nope; it takes v (json).")
    expect(mapped(bytes, "y", { y: blob.out.bytes })).toContain("bytes runs over the items of y, which are JSON, but")
    expect(mapped(lists, "v", { v: a.out.v })).toContain("but its stage takes a list of outputs (json) there.")
    expect(mapped(one, "v", { v: [a.out.v] })).toContain("one takes v (json), one output, but got a list.")
  })

  it("that fits is taken, and stays what it was although somebody goes on with the list", () => {
    const items: Array<Output> = [a.out.v, ...over.out.v]
    const taken = node(lists, {}, { v: items })
    items.push(a.out.w)
    expect(taken.inputs["v"]).toHaveLength(2)
    expect(node(bytes, {}, { y: blob.out.bytes }).inputs["y"]).toBe(blob.out.bytes)
  })
})

describe("an output", () => {
  it("that there is not is told with those there are, and with both places, where it is used", () => {
    const says = (of: { readonly out: unknown }) => refusal(() => made(one, { v: absent(of) }))[1]
    const place = String.raw`\(test/pipeline/node/input\.test\.ts:\d+:\d+\)`
    const given = "^one takes v \\(json\\), one output, but got nope, which is not an output of"
    expect(says(a)).toMatch(new RegExp(`${given} none \\(outputs: v, w\\) ${place}\\. ${place}$`))
    expect(says(over)).toContain("which is not an output of one (outputs: v) (")
    expect(says(blob)).toContain("which is not an output of source/data.bin (outputs: bytes) (")
    expect(refusal(() => made(lists, { v: [a.out.v, absent(a)] }))[1]).toContain(
      "whose item [1] is nope, which is not an output of none",
    )
    expect(() => nodesIn({ x: absent(a) })).toThrow(
      "nodes(…).x is nope, which is not an output of none (outputs: v, w) (",
    )
    const figures = [{ id: "", title: "", caption: "", figure: absent(a) }]
    expect(() => pageIn({ title: "", lead: [], figures })).toThrow(
      "page(…).figures[0].figure is nope, which is not an output of none",
    )
    const value = { output: absent(a), where: {}, column: "" }
    expect(() => checksIn([{ id: "", claim: "", source: "", value }])).toThrow(
      "checks(…)[0].value.output is nope, which",
    )
  })

  it("is no promise, has a text, and can be looked at", async () => {
    expect(await a.out).toBe(a.out)
    expect(String(a.out)).toBe("[object Object]")
    expect(Object.keys(a.out)).toEqual(["v", "w"])
    expect("nope" in a.out).toBe(false)
  })
})

describe("a source", () => {
  const places = [
    undefined,
    "x",
    {},
    { path: 5 },
    { file: "x" },
    { path: "x", package: "y", file: "z" },
    { path: "x", sha: "" },
  ]
  it.each([...places, { path: "x", sha256: 5 }])("%# that is no place is refused: %o", (place) => {
    const [reason, message] = refusal(() => source(place as never))
    expect([reason, message]).toEqual(["BadInput", expect.stringMatching(/^source\(…\) takes \{ path \}.*, but got /)])
    expect(message).toMatch(here)
  })
})
