import { assert, describe, it } from "@effect/vitest"
import { isDeepStrictEqual } from "node:util"
import * as fc from "fast-check"
import { canonical, digestOf, digestOfValue, type Data } from "../../cache/digest.ts"
import { anything } from "../support/codec.ts"
import { endless, foreignForms, plainForms } from "../support/forms.ts"

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

/** Equality that knows nothing about the encoding: -0 is not 0, NaN is NaN, order of names does not matter. */
const same = (a: Data, b: Data): boolean => {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [one, other] = [a, b] as unknown as [Record<string, Data>, Record<string, Data>]
  const names = Object.keys(one)
  const isSame = (name: string): boolean => Object.hasOwn(other, name) && same(one[name]!, other[name]!)
  return names.length === Object.keys(other).length && names.every(isSame)
}

const reversed = (value: Data): Data => {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(reversed)
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part as Data)]),
  )
}

describe("the canonical encoding", () => {
  it("gives two values one text exactly when they are the same", () => {
    fc.assert(
      fc.property(data, data, (a, b) => same(a, b) === (canonical(a) === canonical(b))),
      { numRuns: 3000 },
    )
  })

  it("gives two lists of texts two encodings although their joined texts agree", () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom(",", "a", "1", ":"), maxLength: 3 }), { maxLength: 3 })
    fc.assert(
      fc.property(texts, texts, (a, b) => same(a, b) === (canonical(a) === canonical(b))),
      { numRuns: 3000 },
    )
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
    const refusal = "is a text with half a character, which is not plain data; give whole characters"
    assert.throws(() => canonical({ a: ["\ud800"] }), `value.a[0] ${refusal}`)
    assert.throws(() => canonical({ "\udc00": 1 }), `value["\\udc00"] ${refusal}`)
  })

  it.each(foreignForms)("refuses $form with its path", ({ make, says, further = "" }) => {
    const refusal = `${further} ${says}, which is not plain data; `
    const rows = [1, { "a b": make() }] as Data
    assert.throws(() => canonical({ rows }, "params"), `params.rows[1]["a b"]${refusal}`)
    assert.throws(() => canonical(make() as Data), `value${refusal}`)
  })

  it.each(endless)("refuses $form", ({ make, says }) => {
    assert.throws(() => canonical(make() as Data), says)
    assert.throws(() => canonical(make() as Data), "which is not plain data; ")
  })

  it("gives no two forms of plain data one text", () => {
    const forms = [...plainForms.map(([, value]) => value as Data), Number.NaN, Infinity, -Infinity]
    const texts = forms.map((value) => canonical(value))
    assert.strictEqual(new Set(texts).size, texts.length)
  })

  it("gives any two values two texts, or refuses one of them, unless they are equal", () => {
    const twice = fc.oneof(
      fc.tuple(anything, anything),
      anything.map((value) => [value, value] as const),
    )
    fc.assert(
      fc.property(twice, ([a, b]) => {
        const texts = [a, b].map((value) => {
          try {
            return canonical(value as Data)
          } catch (error) {
            assert.instanceOf(error, TypeError)
            return undefined
          }
        })
        return texts.includes(undefined) || isDeepStrictEqual(a, b) === (texts[0] === texts[1])
      }),
      { numRuns: 3000 },
    )
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
