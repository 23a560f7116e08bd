// What a node may be called: labels that make one name on one line, which says one thing.
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { node } from "../../../pipeline/node.ts"
import { given } from "../../support/arithmetic.ts"

const sign = "The label 'n' of a node of given holds a character that cannot be printed: "
const form = "Write a number or a text."
const labels: ReadonlyArray<readonly [labels: unknown, says: string]> = [
  [{ n: "a\ud800" }, String.raw`${sign}'a\ud800'. Use others, on one line.`],
  [{ n: "\udc00" }, String.raw`${sign}'\udc00'.`],
  [{ n: "a\nb" }, String.raw`${sign}'a\nb'.`],
  [{ n: "a\tb" }, String.raw`${sign}'a\tb'.`],
  [{ n: "\u001b[31m" }, String.raw`${sign}'\x1B[31m'.`],
  [{ n: "a\u0000" }, String.raw`${sign}'a\x00'.`],
  [{ n: "\u202eab" }, sign],
  [{ n: "\u2028" }, sign],
  [{ "a\nb": 1 }, String.raw`The label 'a\nb' of a node of given holds a character that cannot be printed: 'a\nb'.`],
  [{ n: Number.NaN }, `The label n of given/n=NaN is NaN. ${form}`],
  [{ n: null }, `The label n of given/n=null is null. ${form}`],
  [{ n: undefined }, `The label n of given/n=undefined is undefined. ${form}`],
  [{ n: {} }, `is {}. ${form}`],
  [{ n: Object.create(null) }, `is [Object: null prototype] {}. ${form}`],
  [{ n: [1] }, `is [ 1 ]. ${form}`],
  [{ n: true }, `is true. ${form}`],
  [{ n: 1n }, `is 1n. ${form}`],
  [{ n: Symbol("x") }, `is Symbol(x). ${form}`],
  [{ n: () => 1 }, form],
  [{ n: new Date(0) }, `is 1970-01-01T00:00:00.000Z. ${form}`],
  [null, "The labels of a node of given are null. Write a record, such as { h: 64 }."],
  ["h", "The labels of a node of given are 'h'."],
  [[1], "The labels of a node of given are a list."],
  [new Map([["h", 1]]), "The labels of a node of given are a Map."],
]

const made = (labels: unknown) => () => node(given, { value: 1 }, {}, labels as never)

describe("a label", () => {
  for (const [each, says] of labels)
    it(`is refused with its node and its place in ${inspect(each)}`, () => {
      expect(made(each)).toThrow(says)
      expect(made(each)).toThrow(/ \(test\/pipeline\/node\/label\.test\.ts:\d+:\d+\)$/)
      expect(made(each)).toThrow(expect.objectContaining({ reason: "BadLabel" }))
    })

  it("may be any number but NaN, and any text of whole characters on one line", () => {
    const name = node(given, { value: 1 }, {}, { a: -1.5, b: Infinity, c: "é 🙂 [1] =::", d: "" }).name
    expect(name).toBe("given/a=-1.5,b=Infinity,c=é 🙂 [1] =::,d=")
  })
})
