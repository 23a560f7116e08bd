import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { canonical, digestOf, digestOfValue, type Data } from "../../cache/digest.ts"

const data: fc.Arbitrary<Data> = fc.letrec<{ data: Data }>((tie) => ({
  data: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    // Few letters, and those that an encoding could confuse with its own.
    fc.string({ unit: fc.constantFrom("a", "1", ":", ";", "s", ",", "é", "𝒳"), maxLength: 4 }),
    fc.array(tie("data"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "1", "a:", "s1"), tie("data"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).data

/** Equality that knows nothing of the encoding: -0 is not 0, NaN is NaN, order of names does not matter. */
const same = (a: Data, b: Data): boolean => {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [one, other] = [a, b] as unknown as [Record<string, Data>, Record<string, Data>]
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && same(one[name]!, other[name]!))
}

const reversed = (value: Data): Data => {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(reversed)
  return Object.fromEntries(Object.entries(value).reverse().map(([name, part]) => [name, reversed(part as Data)]))
}

describe("the canonical encoding", () => {
  it("gives two values one text exactly when they are the same", () => {
    fc.assert(fc.property(data, data, (a, b) => same(a, b) === (canonical(a) === canonical(b))), { numRuns: 3000 })
  })

  it("gives two lists of texts two encodings although their joined texts agree", () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom(",", "a", "1", ":"), maxLength: 3 }), { maxLength: 3 })
    fc.assert(fc.property(texts, texts, (a, b) => same(a, b) === (canonical(a) === canonical(b))), { numRuns: 3000 })
  })

  it("does not show in which order a record was built", () => {
    fc.assert(fc.property(data, (value) => canonical(reversed(value)) === canonical(value)))
  })

  it("is what it was when the first key was made", () => {
    const value = { b: [1, -0, 0.1, 1e21], a: { text: "é,:", none: null }, yes: true }
    assert.strictEqual(canonical(value), "r3:s1:ar2:s4:nonezs4:texts3:é,:s1:bl4:n1;n-0;n0.1;n1e+21;s3:yest")
    // printf '%s' 's4:testr3:s1:ar2:s4:nonezs4:texts3:é,:s1:bl4:n1;n-0;n0.1;n1e+21;s3:yest' | sha256sum
    assert.strictEqual(digestOfValue("test", value), "e11c449b471a3ff91893783eb75de3aad51d82de74777c792000123c11fb92c9")
  })

  it("refuses half a character, which has no bytes of its own", () => {
    assert.throws(() => canonical({ a: ["\ud800"] }), "value.a[0] is a text with half a character, which is not plain data")
    assert.throws(() => canonical({ "\udc00": 1 }), "text with half a character")
  })

  it("names the path of what is not plain data", () => {
    const bad = { list: [1, new Map()] } as unknown as Data
    assert.throws(() => canonical(bad), "value.list[1] is a Map")
    assert.throws(() => canonical({ f: undefined } as unknown as Data), "value.f is a undefined")
  })
})

describe("a digest", () => {
  it("is the sha256 that others compute", () => {
    // printf '' | sha256sum
    assert.strictEqual(digestOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  })

  it("differs for equal values of two kinds", () => {
    assert.notStrictEqual(digestOfValue("node", 1), digestOfValue("seed", 1))
  })
})
