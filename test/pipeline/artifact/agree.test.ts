// Whether two values of a kind agree, and where they are furthest apart.
import { describe, expect, it } from "vitest"
import { disagreement, measuredDisagree } from "../../../pipeline/artifact/agree.ts"
import type { Table, Tensors } from "../../../pipeline/stage.ts"

const tables = (first: Table, second: Table, tolerance = 0) => disagreement("table", first, second, tolerance)
const tensors = (first: Tensors, second: Tensors, tolerance = 0) => disagreement("tensors", first, second, tolerance)
const single = (value: number): Tensors => ({ x: { shape: [], data: Float32Array.of(value) } })
const counts = (value: number): Tensors => ({ n: { shape: [1], data: Int32Array.of(value) } })
const array = (...values: ReadonlyArray<number>) => ({ x: { shape: [values.length], data: Float64Array.from(values) } })

describe("tables", () => {
  it("agree with themselves, NaN and infinities included, and zero has no sign", () => {
    const table = { x: [Number.NaN, Infinity, -Infinity, -0], name: ["a", "b", "c", ""], on: [true, false, true, true] }
    expect(tables(table, { ...table, x: [Number.NaN, Infinity, -Infinity, 0] })).toBeUndefined()
  })

  it("differ in the last bit where nothing may differ", () => {
    expect(tables({ x: [1, 0.3] }, { x: [1, 0.1 + 0.2] })).toMatchObject({
      where: "column x, row 1",
      first: 0.3,
      second: 0.1 + 0.2,
    })
    expect(tables({ x: [1e-300] }, { x: [2e-300] })).toMatchObject({ where: "column x, row 0" })
  })

  it("name the number that is furthest apart for its size, whichever column it is in", () => {
    expect(tables({ x: [1, 100], y: [10, 3] }, { x: [1.01, 120], y: [20, 3] }, 1e-3)).toEqual({
      where: "column y, row 0",
      first: 10,
      second: 20,
      relative: expect.closeTo(0.5, 6) as number,
    })
  })

  it("may differ by a tolerance for their size, and no more", () => {
    expect(tables({ x: [1e6, 1e-3] }, { x: [1e6 + 900, 1e-3 + 9e-7] }, 1e-3)).toBeUndefined()
    expect(tables({ x: [1e6, 1e-3] }, { x: [1e6 + 900, 1e-3 + 2e-6] }, 1e-3)).toMatchObject({
      where: "column x, row 1",
    })
  })

  it("count what rounding leaves of zero as near to zero", () => {
    expect(tables({ x: [0] }, { x: [1e-10] }, 1e-3)).toBeUndefined()
    expect(tables({ x: [0] }, { x: [1e-8] }, 1e-3)).toMatchObject({ first: 0, second: 1e-8 })
  })

  it("differ in texts, in truth, and in numbers that are none, whatever the tolerance", () => {
    expect(tables({ x: ["a"] }, { x: ["b"] }, 1)).toEqual({
      where: "column x, row 0",
      first: "a",
      second: "b",
      relative: null,
    })
    expect(tables({ x: [true] }, { x: [false] }, 1)).toMatchObject({ relative: null })
    expect(tables({ x: [1, Number.NaN] }, { x: [1.5, 2] }, 1)).toMatchObject({
      where: "column x, row 1",
      relative: null,
    })
    expect(tables({ x: [Infinity] }, { x: [1e308] }, 1)).toMatchObject({ relative: null })
  })

  it("differ in columns, their order, and rows", () => {
    expect(tables({ x: [1], y: [1] }, { y: [1], x: [1] }, 1)).toMatchObject({
      where: "columns",
      first: "x, y",
      second: "y, x",
    })
    expect(tables({ x: [1] }, { x: [1, 2] }, 1)).toEqual({
      where: "rows of column x",
      first: 1,
      second: 2,
      relative: null,
    })
  })
})

describe("arrays", () => {
  it("may differ in floats, and name the place by its indices", () => {
    expect(tensors(array(1, 2), array(1, 2 + 1e-9), 1e-6)).toBeUndefined()
    expect(tensors(single(1), single(1 + 2 ** -23), 1e-6)).toBeUndefined()
    const first = { w: { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) } }
    const second = { w: { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 6) } }
    expect(tensors(first, second, 1e-3)).toMatchObject({ where: "array w, [1, 2]", first: 5, second: 6 })
  })

  it("of whole numbers are the same or not", () => {
    expect(tensors(counts(1_000_000), counts(1_000_001), 1e-3)).toMatchObject({ where: "array n, [0]" })
  })

  it("differ in names, types and shapes", () => {
    expect(tensors(array(1), {}, 1)).toMatchObject({ where: "arrays", first: "x", second: "" })
    expect(tensors(array(1), { x: { shape: [1], data: Float32Array.of(1) } }, 1)).toMatchObject({
      where: "array x",
      first: "Float64Array [1]",
      second: "Float32Array [1]",
    })
    expect(tensors(array(1, 2), { x: { shape: [2, 1], data: Float64Array.of(1, 2) } }, 1)).toMatchObject({
      first: "Float64Array [2]",
      second: "Float64Array [2, 1]",
    })
  })

  it("agree whatever the order of their names", () => {
    const [a, b] = [array(1).x, array(2).x]
    expect(tensors({ a, b }, { b, a })).toBeUndefined()
  })
})

describe("data and bytes", () => {
  it("of JSON agree whatever the order of names, and differ in anything else, tolerance or not", () => {
    expect(disagreement("json", { a: 1, b: [null, { c: "x" }] }, { b: [null, { c: "x" }], a: 1 }, 0)).toBeUndefined()
    expect(disagreement("json", { a: [1, { b: 0.3 }] }, { a: [1, { b: 0.30000000000000004 }] }, 1)).toEqual({
      where: "$.a[1].b",
      first: "0.3",
      second: "0.30000000000000004",
      relative: null,
    })
    expect(disagreement("json", { a: 1 }, { a: 1, b: null }, 1)).toMatchObject({
      where: "$.b",
      first: "(none)",
      second: "null",
    })
    expect(disagreement("json", [], {}, 1)).toMatchObject({ where: "$" })
  })

  it("of bytes name the first that differs, or the length", () => {
    expect(disagreement("bytes", Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3), 0)).toBeUndefined()
    expect(disagreement("bytes", Uint8Array.of(1, 2, 3), Uint8Array.of(1, 9, 4), 1)).toEqual({
      where: "byte 1",
      first: 2,
      second: 9,
      relative: null,
    })
    expect(disagreement("bytes", Uint8Array.of(1), Uint8Array.of(1, 2), 1)).toMatchObject({
      where: "number of bytes",
      first: 1,
      second: 2,
    })
  })

  it("measured are numbers, or none on both sides", () => {
    expect(measuredDisagree(null, null, 0)).toBe(false)
    expect(measuredDisagree(null, 1, 1)).toBe(true)
    expect(measuredDisagree(-1, -1.0001, 1e-3)).toBe(false)
    expect(measuredDisagree(-1, -1.0001, 0)).toBe(true)
  })
})
