// What a node keeps for later nodes: found again under its own key, and dropped when many others were used since.
import { beforeAll, expect, it } from "vitest"
import { nodeOf } from "../../support/nodes.ts"
import { sandbox } from "../../../pipeline/world/sandbox.ts"

// The code of a node is part of the id of what it keeps: only nodes with the same list of keys share values here.
const code = `
  (() => {
    let made = 0
    const use = (key) => pipelineKept("test", key, () => { made++; return key })
    const asked = KEYS
    for (const key of asked) if (use(key) !== key) throw new Error("another key's value")
    return made
  })()`
/** How many of the values of these keys, asked for one after another by one node, had to be made. */
const madeFor = async (keys: string): Promise<unknown> => (await nodeOf(code.replace("KEYS", keys))).value

beforeAll(() => sandbox.beginBesideOthers())

it("a value is made once, and other code finds a value of its own", async () => {
  expect(await madeFor(`["a", "b", "a"]`)).toBe(2)
  expect(await madeFor(`["a", "b", "a"]`)).toBe(0)
  expect(await madeFor(`["a", "b"]`)).toBe(2)
})

it("the values that were used last stay when thousands are made", async () => {
  const many = "Array.from({ length: 3000 }, (_, i) => [`k${i}`, 'often']).flat()"
  expect(await madeFor(many)).toBe(3001)
  expect(await madeFor("['often', 'k0']")).toBe(2)
  // The code that made them finds the last ones, and makes the first ones again.
  expect(await madeFor(many)).toBeGreaterThan(2900)
})
