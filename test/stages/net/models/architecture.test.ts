// Which nets can be said: data that names no net is refused with the reason.
import { Schema } from "effect"
import { expect, test } from "vitest"
import { Architecture } from "../../../../stages/net/architecture.ts"
import { small } from "./nets.ts"

const decode = Schema.decodeUnknownSync(Architecture)

test("every small net is what it says", () => {
  for (const { architecture } of Object.values(small))
    expect(decode(JSON.parse(JSON.stringify(architecture)))).toEqual(architecture)
})

test("a depth that is no depth of a wide resnet is refused", () => {
  for (const depth of [4, 12, 27])
    expect(() => decode({ ...small["wide-resnet"].architecture, depth })).toThrow(
      "the depth of a wide resnet is 6 k + 4",
    )
})

test("an odd number of units cannot be doubled", () => {
  expect(() => decode({ ...small.doubled.architecture, width: 7 })).toThrow("a doubled net has an even width")
})

test("an unknown kind and a width of nothing are refused", () => {
  expect(() => decode({ kind: "transformer" })).toThrow()
  expect(() => decode({ ...small.cnn.architecture, width: 0 })).toThrow("width")
})
