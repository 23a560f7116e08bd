// Plain data and bytes, written and read: nothing is lost, equal values are equal bytes, and whatever would come back
// changed is refused with its path. (Tensors and tables have tests of their own.)
import { isDeepStrictEqual } from "node:util"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import { again, anything, comesBack, comesBackOrIsRefused, given, growing, hex, shared } from "../../support/codec.ts"
import { endless, foreignForms, plainForms } from "../../support/forms.ts"

// Half characters and marks of byte order among them.
const text = fc.string({ unit: "binary", maxLength: 4 })
const memberName = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "toJSON", "10", "9"))
const data = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false, -0),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie("data"), { maxLength: 4 }),
    fc.dictionary(memberName, tie("data"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).data

describe("json", () => {
  it("comes back as it was", () => {
    fc.assert(fc.property(data, comesBack("json")), { seed: 1, numRuns: 2000 })
  })

  it.each(plainForms)("keeps %s", (_, value, same = value) => {
    expect(isDeepStrictEqual(again("json", value), same)).toBe(true)
  })

  it.each(["\ud800", "\udc00\ud800", "a\ud83d", "\ude00b"])("keeps %j, where a character is cut in half", (half) => {
    expect(again("json", { [half]: [half] })).toEqual({ [half]: [half] })
  })

  it.each(foreignForms)("refuses $form with its path", ({ make, says, further = "" }) => {
    const refusal = `${further} ${says}, which JSON cannot hold; `
    expect(() => hex("json", { rows: [1, { "a b": make() }] })).toThrow(`value.rows[1]["a b"]${refusal}`)
    expect(() => hex("json", make())).toThrow(`value${refusal}`)
  })

  it.each([Number.NaN, Infinity, -Infinity])("refuses %d with its path", (number) => {
    const refusal = ` is ${number}, which JSON cannot hold; give null or a text, or keep numbers in a Table`
    expect(() => hex("json", { rows: [{}, { loss: number }] })).toThrow(`value.rows[1].loss${refusal}`)
    expect(() => hex("json", number)).toThrow(`value${refusal}`)
  })

  it.each(endless)("refuses $form", ({ make, says }) => {
    expect(() => hex("json", make())).toThrow(says)
  })

  it("comes back as it was, or is refused, whatever it is", () => {
    fc.assert(fc.property(anything, comesBackOrIsRefused("json")), { seed: 1, numRuns: 2000 })
  })

  it("of equal data is equal bytes, whatever the order of names", () => {
    expect(hex("json", { "10": 1, "9": { b: 1, a: -0 } })).toBe(hex("json", JSON.parse(`{"9":{"a":-0,"b":1},"10":1}`)))
  })

  it("sorts names at every depth and keeps the order of lists", () => {
    const bytes = codecs.json.encode({ b: [{ z: 1, a: 2 }, 1], a: { d: null, c: "é" } })
    expect(new TextDecoder().decode(bytes)).toBe(`{"a":{"c":"é","d":null},"b":[{"a":2,"z":1},1]}`)
  })
})

class Packet extends Uint8Array {}

describe("bytes", () => {
  it.each<readonly [form: string, bytes: Uint8Array]>([
    ["an array", Uint8Array.of(0, 255)],
    ["nothing", new Uint8Array()],
    ["a part of an array", Uint8Array.of(1, 2, 3, 4).subarray(1, 3)],
    ["an empty part of an array", Uint8Array.of(1, 2).subarray(2)],
    ["a Buffer from the pool", Buffer.from("pool")],
    ["a part of a Buffer", Buffer.from("0123456789").subarray(2, 5)],
    ["shared memory", shared(1, 2)],
    ["memory that can grow", growing(1, 2)],
  ])("of %s come back as an array with memory of its own", (_, value) => {
    const read = again("bytes", value) as Uint8Array
    expect(Object.getPrototypeOf(read)).toBe(Uint8Array.prototype)
    expect([...read]).toEqual([...value])
    expect([read.byteOffset, read.buffer.byteLength]).toEqual([0, value.length])
  })

  it("are what they were when they were given, although another thread writes to them", () => {
    const bytes = shared(1, 2)
    const encoded = codecs.bytes.encode(bytes)
    bytes.fill(9)
    expect([...encoded]).toEqual([1, 2])
  })

  it.each<readonly [form: string, value: unknown, says?: string]>([
    ["a text", "text"],
    ["nothing", undefined],
    ["a list", [1]],
    ["other numbers", Float64Array.of(1)],
    ["clamped bytes", new Uint8ClampedArray(1)],
    ["signed bytes", new Int8Array(1)],
    ["memory alone", new ArrayBuffer(1)],
    ["a view without a type", new DataView(new ArrayBuffer(1))],
    ["an array of a class of its own", Packet.of(1)],
    ["bytes that were given away", given(new Uint8Array(2)), "the memory of the array was transferred or made smaller"],
    ["an array with a member", Object.assign(Uint8Array.of(1), { mime: 1 }), "the array has members besides its"],
  ])("refuse %s", (_, value, says = "it is not a Uint8Array") => {
    expect(() => hex("bytes", value)).toThrow(says)
  })
})

describe("JSON", () => {
  it("that no text can hold says what can", () => {
    const text = "x".repeat(2 ** 27)
    const says = "it is more than 512 MB as JSON; keep it as Bytes, or its numbers as Tensors"
    expect(() => codecs.json.encode([text, text, text, text])).toThrow(says)
  })
})
