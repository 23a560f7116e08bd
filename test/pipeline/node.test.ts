// What params a node takes: plain data that its key and its stage see alike, whatever is done to them afterwards.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { keyOf, keyParts } from "../../pipeline/key/key.ts"
import { node } from "../../pipeline/node.ts"
import { Json, stage } from "../../pipeline/stage.ts"
import { unloaded } from "../support/arithmetic.ts"
import { foreignForms, plainForms } from "../support/forms.ts"

const declared = <S extends Schema.Codec<unknown, unknown>>(params: S) =>
  stage(import.meta, "made", { params, inputs: {}, outputs: { value: Json }, run: unloaded })
const free = declared(Schema.Unknown)
const numbers = declared(Schema.Record(Schema.String, Schema.Number))
const optional = declared(Schema.Struct({ a: Schema.Number.pipe(Schema.withDecodingDefault(Effect.succeed(3))) }))

const key = (params: unknown) => {
  const ground = { seed: 0, node: "24", platform: "here", conditions: [], environment: {} }
  return keyOf(keyParts(node(free, params, {}), { digest: "code" as never, imports: [], packages: {} }, {}, ground))
}

describe("the params of a node", () => {
  it.each(foreignForms)("are refused with the path of $form", ({ make, says, further = "" }) => {
    const refusal = `params.list[0]${further} ${says}, which is not plain data; `
    assert.throws(() => node(free, { list: [make()] }, {}), `The params of made do not fit the stage made: ${refusal}`)
  })

  it("are refused where their key would be too deep", () => {
    let params: unknown = 1
    for (let i = 0; i < 1000; i++) params = [params]
    assert.throws(() => node(free, params, {}), /: params\[0\]\[0\]\[0\]… goes deeper than 999 levels, /)
  })

  it("are refused where a schema would see nothing in them", () => {
    const of = "The params of made do not fit the stage made: params is a"
    assert.throws(() => node(numbers, new Map([["a", 1]]) as never, {}), `${of} Map, which is not plain data; `)
    assert.throws(() => node(numbers, new Date(0) as never, {}), `${of} Date, which is not plain data; `)
  })

  it("may leave to a default what is undefined", () => {
    assert.deepStrictEqual(node(optional, { a: undefined }, {}).params, { a: 3 })
  })

  it("are what they were when the node was made, although somebody goes on with them", () => {
    const params = { h: 64, list: [{ x: 1 }] }
    const made = node(free, params, {})
    params.h = 128
    params.list[0]!.x = 2
    params.list.push({ x: 3 })
    assert.deepStrictEqual(made.params, { h: 64, list: [{ x: 1 }] })
  })

  it.each(plainForms)("are kept: %s", (_, value, same = value) => {
    assert.deepStrictEqual(node(free, value, {}).params, same as never)
  })

  it("that differ in any way give keys that differ", () => {
    const odd = [Number.NaN, Infinity, -Infinity, 0, -0, "0", "", [], {}, [null], [[]], { "": null }, "NaN", 1, true]
    const keys = [...plainForms.map(([, value]) => value), ...odd].map(key)
    assert.strictEqual(new Set(keys).size, keys.length)
  })
})
