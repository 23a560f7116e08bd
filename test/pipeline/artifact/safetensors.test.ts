// Named arrays as safetensors: every bit comes back, equal arrays are equal bytes, and what the format would change or
// leave out is refused by name.
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { again, anything, comesBackOrIsRefused, cut, given, growing, hex, shared } from "../../support/codec.ts"

const isKept = (name: string): boolean => name === "__proto__" || name === "__metadata__"
const name = fc.string({ unit: "binary", maxLength: 6 }).filter((each) => !isKept(each))
const dataOf = (length: number): fc.Arbitrary<Tensor["data"]> => {
  const exactly = { minLength: length, maxLength: length }
  return fc.oneof(fc.float64Array(exactly), fc.float32Array(exactly), fc.int32Array(exactly), fc.uint8Array(exactly))
}
const tensor: fc.Arbitrary<Tensor> = fc
  .array(fc.nat(3), { maxLength: 3 })
  .chain((shape) => dataOf(shape.reduce((a, b) => a * b, 1)).map((data): Tensor => ({ shape, data })))

/** A safetensors file of a header alone. */
const withHeader = (text: string): Buffer => Buffer.from(`${String.fromCharCode(text.length)}${"\0".repeat(7)}${text}`)

const one: Tensor = { shape: [1], data: Float32Array.of(1) }
class Weights extends Float32Array {}

describe("tensors", () => {
  it("come back as they were: every type, any shape, scalars and empty ones", () => {
    fc.assert(
      fc.property(fc.dictionary(name, tensor, { noNullPrototype: true }), (tensors) => {
        expect(again("tensors", tensors)).toEqual(tensors)
      }),
      { seed: 1, numRuns: 60 },
    )
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
    const a = { shape: [1], data: Uint8Array.of(1) }
    const b = { shape: [], data: Float64Array.of(2) }
    expect(hex("tensors", { a, b })).toBe(hex("tensors", { b, a }))
  })

  it("are safetensors to the byte", () => {
    const b = `{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
    const a = `{"dtype":"U8","shape":[1,1],"data_offsets":[8,9]}`
    const text = `{"b":${b},"a":${a}}`
    const length = Math.ceil(text.length / 8) * 8
    // struct.pack("<Q", length) + text padded with spaces + struct.pack("<ffB", 1.5, -2, 7), in Python's words
    const header = Buffer.concat([Buffer.from([length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(text.padEnd(length))])
    const tensors = { a: { shape: [1, 1], data: Uint8Array.of(7) }, b: { shape: [2], data: Float32Array.of(1.5, -2) } }
    expect(hex("tensors", tensors)).toBe(`${header.toString("hex")}0000c03f000000c007`)
  })

  it.each(["__metadata__", "__proto__"])("refuse the name %s, which the format or the language keeps", (kept) => {
    expect(() => hex("tensors", Object.fromEntries([[kept, one]]))).toThrow(`no array can be called ${kept}`)
  })

  it.each<readonly [form: string, tensors: unknown, says: string]>([
    ["no record", null, "value is null, which is not a record of arrays"],
    ["a list", [one], "value is an Array, which is not a record of arrays"],
    ["a Map", new Map([["w", one]]), "value is a Map, which is not a record of arrays"],
    [
      "an array behind a getter",
      {
        get w() {
          return one
        },
      },
      "value.w is a getter or a setter, which is not a record of",
    ],
    ["a name that is a symbol", { [Symbol("w")]: one }, "value[Symbol(w)] is a member named by a symbol"],
    ["data without a shape", { w: one.data }, "w is a Float32Array, which is not an array with its shape"],
    ["a shape alone", { w: { shape: [1] } }, "w is not an array of one of the types F64, F32, I32, U8"],
    ["more than shape and data", { w: { ...one, names: ["x"] } }, "w has the member names, which would be lost"],
  ])("refuse %s", (_, tensors, says) => {
    expect(() => hex("tensors", tensors)).toThrow(says)
  })

  it.each<readonly [form: string, data: unknown]>([
    ["a plain list", [1]],
    ["half floats", new Float16Array(1)],
    ["64-bit integers", new BigInt64Array(1)],
    ["16-bit integers", new Int16Array(1)],
    ["clamped bytes", new Uint8ClampedArray(1)],
    ["a view without a type", new DataView(new ArrayBuffer(8))],
    ["memory alone", new ArrayBuffer(8)],
    ["an array of a class of its own", Weights.of(1)],
  ])("refuse %s, naming the array", (_, data) => {
    const refusal = "w is not an array of one of the types F64, F32, I32, U8"
    expect(() => hex("tensors", { w: { shape: [1], data } })).toThrow(refusal)
  })

  it.each<readonly [form: string, data: Tensor["data"], says: string]>([
    ["numbers that were given away", given(new Float64Array(2)), "the memory of w was transferred or made smaller"],
    ["numbers that were cut off", cut(), "the memory of w was transferred or made smaller"],
    ["an array with a member", Object.assign(Float32Array.of(1), { unit: "s" }), "w has members besides its numbers"],
    ["a long one", Object.assign(new Float32Array(10_000), { unit: "s" }), "w has members besides its numbers"],
  ])("refuse %s, naming the array", (_, data, says) => {
    expect(() => hex("tensors", { w: { shape: [data.length], data } })).toThrow(says)
  })

  it.each<readonly [form: string, shape: unknown, says: string]>([
    ["too few numbers", [3, 2], "w has 4 numbers, but its shape [3, 2] needs 6"],
    ["too many numbers", [], "w has 4 numbers, but its shape [] needs 1"],
    ["sizes below 0", [-2, -2], "w.shape[0] is -2, but a size is a whole number from 0"],
    ["a size below 0 by its sign", [4, -0], "w.shape[1] is 0, but a size"],
    ["half a size", [0.5, 8], "w.shape[0] is 0.5, but a size"],
    ["a size that is a text", ["4"], "w.shape[0] is 4, but a size"],
    ["a size that is a bigint", [4n], "w.shape[0] is 4, but a size"],
    ["a size that is missing", Object.assign(Array(2), { 1: 4 }), "w.shape[0] is undefined, but a size"],
    ["a shape that is a number", 4, "w.shape is a number, which is not a shape"],
    ["a shape that is an array of numbers", Int32Array.of(4), "w.shape is an Int32Array, which is not a shape"],
    ["a shape with a getter", Object.defineProperty([4], 0, { get: () => 4 }), "w.shape is a getter or a setter"],
    ["a shape with a member", Object.assign([4], { unit: 1 }), "w.shape.unit is a member beside the items of a list"],
  ])("refuse %s, naming the array", (_, shape, says) => {
    expect(() => hex("tensors", { w: { shape, data: new Float32Array(4) } })).toThrow(says)
  })

  const bits = new Float64Array(BigUint64Array.of(0x7ff8000000000001n, 0xfff8000000000000n, 0x7ff0000000000001n).buffer)
  it.each<readonly [form: string, data: Tensor["data"]]>([
    ["NaN with a payload and a sign", bits],
    ["a part of some memory", Float64Array.of(1, 2, 3, 4).subarray(1, 3)],
    ["a part that is not aligned", new Uint8Array(Float64Array.of(1, 2).buffer, 3, 5)],
    ["shared memory", shared(1, 255)],
    ["memory that can grow", growing(1, 255)],
    ["a Buffer from the pool", Buffer.from("pool")],
    ["nothing", new Int32Array(0)],
    ["an empty part of some memory", new Float32Array(4).subarray(4)],
  ])("keep every bit of %s, in memory of their own", (_, data) => {
    const { x } = again("tensors", { x: { shape: [data.length], data } }) as { readonly x: Tensor }
    expect(x.data.constructor).toBe(Buffer.isBuffer(data) ? Uint8Array : data.constructor)
    const written = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    expect(Buffer.from(x.data.buffer).toString("hex")).toBe(written.toString("hex"))
  })

  it("may have any other name", () => {
    const names = ["", " ", "1", "a.b", "constructor", "toJSON", "\ud800", "\ufeff", 'é\0"', "dtype", "shape"]
    const tensors = Object.fromEntries(names.map((name, i) => [name, { shape: [1], data: Float64Array.of(i) }]))
    expect(again("tensors", tensors)).toEqual(tensors)
  })

  it("come back as they were, or are refused, whatever they are", () => {
    const shape = fc.oneof(fc.constant([1]), anything)
    const odd = fc.record({ shape, data: fc.oneof(fc.constant(Uint8Array.of(1)), anything) }, { noNullPrototype: true })
    const arrays = fc.dictionary(name, fc.oneof(anything, odd), { noNullPrototype: true })
    fc.assert(fc.property(fc.oneof(anything, arrays), comesBackOrIsRefused("tensors")), { seed: 1, numRuns: 2000 })
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
