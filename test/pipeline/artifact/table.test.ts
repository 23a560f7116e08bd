// Tables as Arrow: cells, columns and their order come back, equal tables are equal bytes, and what the format would
// change is refused by column and row.
import { isDeepStrictEqual } from "node:util"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { codecs, tableIn } from "../../../pipeline/artifact/artifact.ts"
import type { Table } from "../../../pipeline/stage.ts"
import { again, anything, comesBackOrIsRefused, hex } from "../../support/codec.ts"

const isKept = (text: string): boolean => text.isWellFormed() && !text.startsWith("\ufeff")
const text = fc.string({ unit: "binary", maxLength: 5 }).filter(isKept)
const name = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "toString", "length", "10", "9", ""))
const columnOf = (rows: number): fc.Arbitrary<ReadonlyArray<number | string | boolean>> => {
  const exactly = { minLength: rows, maxLength: rows }
  return fc.oneof(fc.array(fc.double(), exactly), fc.array(text, exactly), fc.array(fc.boolean(), exactly))
}
const table: fc.Arbitrary<Table> = fc
  .nat(9)
  .chain((rows) => fc.dictionary(name, columnOf(rows), { noNullPrototype: true, maxKeys: 5 }))

const comesBack = (columns: Table): void => {
  const read = again("table", columns) as Table
  expect(isDeepStrictEqual(read, columns)).toBe(true)
  expect(Object.keys(read)).toEqual(Object.keys(columns))
}

describe("a table", () => {
  it("comes back as it was, its columns in their order", () => {
    fc.assert(fc.property(table, comesBack), { seed: 1, numRuns: 300 })
  })

  it.each<readonly [form: string, columns: Table]>([
    ["no columns", {}],
    ["columns without rows", { a: [], b: [] }],
    ["the order of columns; those called by a number come first in any record", { b: [1], a: ["x"], "10": [true] }],
    ["zeros with their sign, NaN and infinities", { x: [0, -0, Number.NaN, Infinity, -Infinity] }],
    ["the smallest and the largest numbers", { x: [5e-324, Number.MAX_VALUE, 0.1 + 0.2] }],
    ["numbers beyond 2 ** 53", { x: [2 ** 53, 2 ** 53 + 2, 123456789012345680000] }],
    ["texts that say nothing, or the name of nothing", { x: ["", "null", "undefined", "NaN", "0", "", "\0"] }],
    ["texts that are alike", { x: ["é", "e\u0301", "E", "a\ufeff", "𝒳", "👩‍🚀"] }],
    ["names of methods", { constructor: [1], toString: ["x"], hasOwnProperty: [true], length: [2] }],
    ["a column called __proto__", JSON.parse(`{"a":[1],"__proto__":["x"],"b":[true]}`) as Table],
    ["odd names", { "": [1], " ": [2], "a.b[0]": [3], "\0": [4], "é\n": [5] }],
    ["many rows of many texts", { x: Array.from({ length: 70_000 }, (_, i) => `row ${i}`) }],
    ["many rows of booleans", { x: Array.from({ length: 70_000 }, (_, i) => i % 3 === 0) }],
  ])("keeps %s", (_, columns) => comesBack(columns))

  it.each<readonly [form: string, table: unknown, says: string]>([
    ["no record", null, "value is null"],
    ["a text", "a,b", "value is a string"],
    ["a list of rows", [{ a: 1 }], "value is an Array"],
    ["a Map of columns", new Map([["a", [1]]]), "value is a Map"],
    [
      "a column behind a getter",
      {
        get a() {
          return [1]
        },
      },
      "value.a is a getter or a setter",
    ],
    ["a column named by a symbol", { [Symbol("a")]: [1] }, "value[Symbol(a)] is a member named by a symbol"],
    ["a hidden column", Object.defineProperty({}, "a", { value: [1] }), "value.a is a member that is not enumerable"],
    ["a column that is an array of numbers", { a: Float64Array.of(1) }, "value.a is a Float64Array"],
    ["a column that is a text", { a: "xyz" }, "value.a is a string"],
    ["a column that is a Set", { a: new Set([1]) }, "value.a is a Set"],
    ["a column that is missing", { a: undefined }, "value.a is undefined"],
    ["a column with a member", { a: Object.assign([1], { b: 1 }) }, "value.a.b is a member beside the items of a list"],
    ["a name with half a character", { "\ud800": [1] }, `value["\\ud800"] is a text with half a character`],
    ["a name with a mark of byte order", { "\ufeffa": [1] }, `value["\ufeffa"] is a text that begins with U+FEFF`],
    [
      "a getter as the first cell",
      { a: Object.defineProperty([1, 2], 0, { get: () => 1 }) },
      "value.a[0] is a getter or a setter",
    ],
    [
      "a getter as any cell",
      { a: Object.defineProperty(["x", "y"], 1, { get: () => "y" }) },
      "value.a[1] is a getter or a setter",
    ],
    ["a hole", { a: Object.assign(Array(2), { 1: 1 }) }, "value.a[0] is undefined"],
  ])("refuses %s", (_, columns, says) => {
    expect(() => hex("table", columns)).toThrow(`${says}, which a table cannot hold; `)
  })

  it.each<readonly [form: string, cell: unknown, says: string]>([
    ["null", null, "null"],
    ["undefined", undefined, "undefined"],
    ["a bigint", 1n, "a bigint"],
    ["a Date", new Date(0), "a Date"],
    ["a list", [1], "an Array"],
    ["a record", {}, "an Object"],
    ["a boxed number", Object(1), "a Number"],
    ["a function", () => 1, "a function"],
    ["a symbol", Symbol("x"), "a symbol"],
    ["half a character", "a\ud800", "a text with half a character"],
    ["a text with a mark of byte order", "\ufeffa", "a text that begins with U+FEFF"],
  ])("refuses %s in any row", (_, cell, says) => {
    const refusal = `is ${says}, which a table cannot hold; `
    expect(() => hex("table", { fine: [1, 2], "the loss": ["a", cell] })).toThrow(`value["the loss"][1] ${refusal}`)
    expect(() => hex("table", { loss: [cell, cell] })).toThrow(`value.loss[0] ${refusal}`)
  })

  it.each<readonly [column: ReadonlyArray<unknown>, says: string]>([
    [[1, "x"], "row 1 is a string, but row 0 is a number"],
    [["x", "y", 1], "row 2 is a number, but row 0 is a string"],
    [[true, 0], "row 1 is a number, but row 0 is a boolean"],
    [[Number.NaN, false], "row 1 is a boolean, but row 0 is a number"],
  ])("refuses the column %j, which mixes types", (odd, says) => {
    const refusal = `the column odd mixes numbers, texts or booleans: ${says}`
    expect(() => hex("table", { a: odd.map(() => 1), odd })).toThrow(refusal)
  })

  it("refuses columns of several lengths, by name", () => {
    expect(() => hex("table", { a: [1, 2], b: [1] })).toThrow("the columns of a table differ in length: a 2, b 1")
  })

  it("comes back as it was, or is refused, whatever it is", () => {
    const odd = fc.array(fc.oneof(anything, fc.double(), fc.string({ unit: "binary" })), { maxLength: 2 })
    const columns = fc.dictionary(name, fc.oneof(anything, odd), { noNullPrototype: true })
    fc.assert(fc.property(fc.oneof(anything, columns), comesBackOrIsRefused("table")), { seed: 1, numRuns: 2000 })
  })

  it("of equal numbers is equal bytes: there are many NaNs, and nobody can tell them apart", () => {
    const [odd] = new Float64Array(BigUint64Array.of(0xfff8000000000001n).buffer)
    expect(hex("table", { x: [odd, 0] })).toBe(hex("table", { x: [Number.NaN, 0] }))
  })

  it("of equal columns is equal bytes, whatever was encoded before", () => {
    const columns = { h: [64, 128], name: ["ü", "ü"], done: [true, false] }
    const first = hex("table", columns)
    hex("table", { other: ["a", "b", "c"] })
    expect(hex("table", columns)).toBe(first)
  })

  it("is known by its bytes, and nothing else passes for one", () => {
    const columns = { x: [1, 2], of: ["a", "b"] }
    expect(tableIn(codecs.table.encode(columns))).toEqual(columns)
    const tensors = codecs.tensors.encode({ w: { shape: [1], data: new Float64Array(1) } })
    const others = [codecs.json.encode([1]), tensors, new Uint8Array(0), Uint8Array.of(255, 255, 255, 255, 1)]
    expect(others.map(tableIn)).toEqual(others.map(() => undefined))
  })
})
