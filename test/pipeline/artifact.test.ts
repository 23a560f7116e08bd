// Values to bytes and back, by kind: nothing is lost, equal values are equal bytes, and what is not of the
// kind is refused.
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { codecs, tableIn } from "../../pipeline/artifact.ts"
import type { Kind, Table, Tensor, Tensors } from "../../pipeline/stage.ts"

type Name = Kind<unknown>["kind"]
const again = (kind: Name, value: unknown): unknown => codecs[kind].decode(codecs[kind].encode(value))
const hex = (kind: Name, value: unknown): string => Buffer.from(codecs[kind].encode(value)).toString("hex")
const random = { seed: 1, numRuns: 60 }

const name = fc.string({ unit: "grapheme", maxLength: 6 }).filter((each) => each !== "__proto__" && each !== "__metadata__")
const dataOf = (length: number): fc.Arbitrary<Tensor["data"]> => {
  const exactly = { minLength: length, maxLength: length }
  return fc.oneof(fc.float64Array(exactly), fc.float32Array(exactly), fc.int32Array(exactly), fc.uint8Array(exactly))
}
const tensor: fc.Arbitrary<Tensor> = fc
  .array(fc.nat(3), { maxLength: 3 })
  .chain((shape) => dataOf(shape.reduce((a, b) => a * b, 1)).map((data): Tensor => ({ shape, data })))

/** A safetensors file of a header alone. */
const withHeader = (text: string): Buffer => Buffer.concat([Buffer.from([text.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(text)])

describe("tensors", () => {
  it("come back as they were: every type, any shape, scalars and empty ones", () => {
    fc.assert(fc.property(fc.dictionary(name, tensor, { noNullPrototype: true }), (tensors) => {
      expect(again("tensors", tensors)).toEqual(tensors)
    }), random)
  })

  it("keep the bits of NaN, infinities and -0", () => {
    const data = Float64Array.of(Number.NaN, Infinity, -Infinity, -0)
    const { x } = again("tensors", { x: { shape: [4], data } }) as { readonly x: Tensor }
    expect(new Uint8Array(x.data.buffer)).toEqual(new Uint8Array(data.buffer))
  })

  it("are read from the middle of a larger buffer, and own what they give", () => {
    const bytes = codecs.tensors.encode({ x: { shape: [2], data: Float64Array.of(1, 2) } })
    const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3)
    const { x } = codecs.tensors.decode(shifted) as { readonly x: Tensor }
    shifted.fill(0)
    expect(x.data).toEqual(Float64Array.of(1, 2))
  })

  it("of equal arrays are equal bytes, whatever the order of names", () => {
    const [a, b]: readonly [Tensor, Tensor] = [{ shape: [1], data: Uint8Array.of(1) }, { shape: [], data: Float64Array.of(2) }]
    expect(hex("tensors", { a, b })).toBe(hex("tensors", { b, a }))
  })

  it("are safetensors to the byte", () => {
    const text = `{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[1,1],"data_offsets":[8,9]}}`
    const length = Math.ceil(text.length / 8) * 8
    // struct.pack("<Q", length) + text padded with spaces + struct.pack("<ffB", 1.5, -2, 7), in Python's words
    const expected = Buffer.concat([Buffer.from([length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(text.padEnd(length)), Buffer.from("0000c03f000000c007", "hex")])
    expect(hex("tensors", { a: { shape: [1, 1], data: Uint8Array.of(7) }, b: { shape: [2], data: Float32Array.of(1.5, -2) } })).toBe(expected.toString("hex"))
  })

  it("refuse a shape that does not fit, a foreign type and a kept name, naming the array", () => {
    expect(() => hex("tensors", { w: { shape: [3], data: Float32Array.of(1) } })).toThrow("w has 1 numbers, and its shape [3] asks for 3")
    expect(() => hex("tensors", { w: { shape: [1], data: new BigInt64Array(1) } })).toThrow(/w is not an array of one of the types/)
    for (const kept of ["__metadata__", "__proto__"]) expect(() => hex("tensors", Object.fromEntries([[kept, { shape: [0], data: new Uint8Array() }]]))).toThrow(`no array can be called ${kept}`)
  })

  it("refuse bytes that are something else", () => {
    const good = Buffer.from(codecs.tensors.encode({ x: { shape: [2], data: Float64Array.of(1, 2) } }))
    const bad = [
      Buffer.alloc(0),
      Buffer.alloc(7),
      good.subarray(0, -1),
      good.subarray(0, 20),
      Buffer.concat([Buffer.alloc(8, 0xff), good.subarray(8)]),
      withHeader("no json"),
      withHeader(`{"x":{"dtype":"BF16","shape":[0],"data_offsets":[0,0]}}`),
      withHeader(`{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`),
      withHeader(`{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}`),
    ]
    for (const bytes of bad) expect(() => codecs.tensors.decode(bytes), bytes.toString("latin1")).toThrow()
  })

  it("pass over the metadata of others", () => {
    const text = `{"__metadata__":{"by":"python"},"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`
    const bytes = Buffer.concat([withHeader(text), Buffer.of(9)])
    expect(codecs.tensors.decode(bytes)).toEqual({ x: { shape: [1], data: Uint8Array.of(9) } } satisfies Tensors)
  })
})

const text = fc.string({ unit: "grapheme", maxLength: 5 })
const columnOf = (rows: number): fc.Arbitrary<ReadonlyArray<number | string | boolean>> => {
  const exactly = { minLength: rows, maxLength: rows }
  return fc.oneof(fc.array(fc.double(), exactly), fc.array(text, exactly), fc.array(fc.boolean(), exactly))
}
const table: fc.Arbitrary<Table> = fc.nat(9).chain((rows) => fc.dictionary(name, columnOf(rows), { noNullPrototype: true }))

describe("a table", () => {
  it("comes back as it was: numbers with NaN and infinities, any text, booleans, no rows", () => {
    fc.assert(fc.property(table, (columns) => { expect(again("table", columns)).toEqual(columns) }), random)
  })

  it("keeps the order of its columns", () => {
    expect(Object.keys(again("table", { b: [1], a: ["x"] }) as Table)).toEqual(["b", "a"])
  })

  it("of equal columns is equal bytes, whatever was encoded before", () => {
    const columns = { h: [64, 128], name: ["ü", "ü"], done: [true, false] }
    const first = hex("table", columns)
    hex("table", { other: ["a", "b", "c"] })
    expect(hex("table", columns)).toBe(first)
  })

  it("refuses columns of several lengths, and one that mixes types, by name", () => {
    expect(() => hex("table", { a: [1, 2], b: [1] })).toThrow("the columns of a table differ in length: a 2, b 1")
    for (const mixed of [[1, "x"], ["x", 1], [true, 0]]) expect(() => hex("table", { a: [1, 2], odd: mixed })).toThrow("the column odd mixes numbers, texts or booleans")
  })
})

describe("json", () => {
  it("comes back as it was", () => {
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => { expect(again("json", value)).toEqual(JSON.parse(JSON.stringify(value))) }), random)
  })

  it("sorts names at every depth and keeps the order of lists", () => {
    const bytes = codecs.json.encode({ b: [{ z: 1, a: 2 }, 1], a: { d: null, c: "é" } })
    expect(new TextDecoder().decode(bytes)).toBe(`{"a":{"c":"é","d":null},"b":[{"a":2,"z":1},1]}`)
  })
})

describe("bytes", () => {
  it("are what they are", () => {
    const bytes = Uint8Array.of(0, 255)
    expect(again("bytes", bytes)).toEqual(bytes)
    expect(again("bytes", new Uint8Array())).toEqual(new Uint8Array())
  })

  it("refuse what is not bytes", () => {
    for (const value of ["text", [1], Float64Array.of(1)]) expect(() => hex("bytes", value)).toThrow("it is not a Uint8Array")
  })
})

it("a table is known by its bytes, and nothing else passes for one", () => {
  const columns = { x: [1, 2], of: ["a", "b"] }
  expect(tableIn(codecs.table.encode(columns))).toEqual(columns)
  expect([codecs.json.encode([1]), codecs.tensors.encode({ w: { shape: [1], data: new Float64Array(1) } }), new Uint8Array(0), Uint8Array.of(255, 255, 255, 255, 1)].map(tableIn)).toEqual([undefined, undefined, undefined, undefined])
})
