// A package that sets itself up when it is first asked is no fault of the node that asks: functions of its own that it
// installs, getters that become values, what an instance finds out. What the stage brings is.
import { beforeAll, describe, expect, it } from "vitest"
import { sandbox } from "../../../pipeline/world/sandbox.ts"
import { nodeOf, projectWith } from "../../support/nodes.ts"

const root = projectWith({
  "node_modules/lazy/package.json": `{ "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
  "node_modules/lazy/index.js": `
    export const config = { limit: 3 }
    export const set = () => { config.explain ??= (x) => "no " + x; config.memo ??= { get() {}, put() {} }; return 1 }
    export class Complex {}
    Complex.of = (x) => x
    export const create = () => { Complex.of = (x) => x; return 1 }
    class Cached { getter = () => 7; found = undefined; get value() {
      if (this.getter !== undefined) { this.found = this.getter(); this.getter = undefined }
      return this.found
    } }
    export const cached = new Cached()
    export const record = { get value() { Object.defineProperty(this, "value", { value: 8 }); return 8 } }
    export function Thing() {}
    export const make = () => { Thing.prototype.name ??= "thing"; return new Thing().name }
  `,
})
beforeAll(() => sandbox.beginBesideOthers())

const nothing = { error: undefined, changed: undefined }

describe("is no change", () => {
  it.each([
    ["functions that it installs", "m0.set()", 1],
    ["functions that it makes anew", "m0.create()", 1],
    ["what an instance finds out, once", "m0.cached.value", 7],
    ["a getter that becomes what it found", "m0.record.value", 8],
    ["what is put on that by which things are made", "m0.make()", "thing"],
  ])("%s", async (_, code, value) => {
    expect(await nodeOf(code, ["lazy"], root)).toEqual({ value, ...nothing })
    expect(await nodeOf(code, ["lazy"], root)).toEqual({ value, ...nothing })
  })
})

describe("is a change", () => {
  it.each([
    ["a function of the stage", "m0.config.hook = (x) => 'mine ' + x", "lazy.config.hook"],
    ["a function of the stage in place of the package's", "m0.Complex.of = (y) => 2 * y", "lazy.Complex.of"],
    ["a number", "m0.config.limit = 4", "lazy.config.limit"],
    ["a number where there was none", "m0.config.depth = 4", "lazy.config.depth"],
    ["a getter of the stage", "Object.defineProperty(m0.config, 'own', { get: () => 5 })", "lazy.config.own"],
    ["an object of functions of the stage", "m0.config.tools = { one: () => 11 }", "lazy.config.tools"],
  ])("%s", async (_, code, changed) => {
    expect((await nodeOf(code, ["lazy"], root)).changed).toBe(changed)
  })
})
