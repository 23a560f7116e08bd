// What packages export is watched as deep as a stage could reasonably reach: each of these nodes changes some of it, is
// found by name, and is undone. What a package does to itself while it works is no change.
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { nodeOf, projectWith } from "../../support/nodes.ts"
import { sandbox } from "../../../pipeline/world/sandbox.ts"

let root: string
beforeAll(() => {
  root = projectWith({
    "node_modules/lib/package.json": `{ "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
    "node_modules/lib/index.js": `
      export const map = new Map([["a", { b: 1 }]]), set = new Set([1]), date = new Date(5), bytes = Uint8Array.of(1, 2)
      export const buffer = new ArrayBuffer(4), keyed = new Map([[{ k: 1 }, 1]])
      export const list = [1, 2], config = { deep: { more: 1, list: [{ x: 1 }] } }, pattern = /a/g
      export const blank = { none: undefined }
      export class Big { static DP = 20; static nested = { a: 1 }; #n = 1
        get n() { return this.#n } double() { return 2 } }
      export class Counted { static next = 0; static step = 1; id = (Counted.next += Counted.step) }
      export function Old() {}
      Old.prototype.one = () => 1
      Old.prototype.two = () => 2
      export const fn = () => 1
      fn.defaults = { a: 1 }
      class Settings { opts = { a: 1 }; found = {}; cache = new Map(); count = 0
        ask(name) { this.cache.set(name, 1); return this.found[name] = 1 } }
      export const settings = new Settings()
      export default { nested: { a: { b: 1 } } }
    `,
    "node_modules/old/package.json": `{ "version": "1.0.0" }`,
    "node_modules/old/index.js": `class C { constructor() { this.opts = { a: 1 } } }\nmodule.exports = new C()`,
    "node_modules/plain/package.json": `{ "version": "1.0.0" }`,
    "node_modules/plain/index.js": `exports.opts = { a: 1 }; exports.f = function () {}; exports.list = []`,
  })
})
// What came before cannot be put back in one of these.
beforeEach(() => sandbox.beginBesideOthers())

const forms: ReadonlyArray<readonly [sets: string, name: string, reads: string, lib?: string]> = [
  ["m0.map.set('b', 2)", "what lib.map holds", "[...m0.map.keys()].join()"],
  ["m0.map.delete('a')", "what lib.map holds", "m0.map.size"],
  ["m0.map.get('a').b = 2", "lib.map.a.b", "m0.map.get('a').b"],
  ["m0.set.clear()", "what lib.set holds", "m0.set.size"],
  ["m0.set.add(3)", "what lib.set holds", "m0.set.size"],
  ["m0.date.setTime(7)", "what lib.date holds", "m0.date.getTime()"],
  ["m0.bytes[0] = 9", "what lib.bytes holds", "m0.bytes[0]"],
  ["new Uint8Array(m0.buffer)[0] = 1", "what lib.buffer holds", "new Uint8Array(m0.buffer)[0]"],
  ["[...m0.keyed.keys()][0].k = 2", "lib.keyed.keys.k", "[...m0.keyed.keys()][0].k"],
  ["m0.list.push(1)", "lib.list.length", "m0.list.join()"],
  ["m0.list.length = 0", "lib.list.0", "m0.list.join()"],
  ["m0.list.reverse()", "lib.list.0", "m0.list.join()"],
  ["m0.pattern.exec('aaa')", "lib.pattern.lastIndex", "m0.pattern.lastIndex"],
  ["m0.config.deep.more = 2", "lib.config.deep.more", "m0.config.deep.more"],
  ["m0.config.deep.extra = 2", "lib.config.deep.extra", "m0.config.deep.extra"],
  ["delete m0.blank.none; m0.blank.one = 1; var value = 1", "lib.blank.one", "m0.blank.one"],
  ["delete m0.config.deep", "lib.config.deep", "m0.config.deep?.more"],
  ["m0.config.deep.list[0].x = 2", "lib.config.deep.list.0.x", "m0.config.deep.list[0].x"],
  ["Object.setPrototypeOf(m0.config, { y: 1 })", "the prototype of lib.config", "m0.config.y"],
  ["Object.defineProperty(m0.config, 'deep', { get: () => 1 })", "lib.config.deep", "typeof m0.config.deep"],
  ["m0.Big.DP = 50", "lib.Big.DP", "m0.Big.DP"],
  ["m0.Big.nested.a = 2", "lib.Big.nested.a", "m0.Big.nested.a"],
  ["m0.Big.prototype.double = () => 3", "lib.Big.prototype.double", "new m0.Big().double()"],
  ["Object.defineProperty(m0.Big.prototype, 'n', { get: () => 5 })", "lib.Big.prototype.n", "new m0.Big().n"],
  ["m0.Old.prototype.three = 3", "lib.Old.prototype.three", "new m0.Old().three"],
  ["m0.fn.calls = 1", "lib.fn.calls", "m0.fn.calls"],
  ["m0.fn.defaults.a = 2", "lib.fn.defaults.a", "m0.fn.defaults.a"],
  ["m0.settings.opts.a = 2", "lib.settings.opts.a", "m0.settings.opts.a"],
  ["m0.settings.count++", "lib.settings.count", "m0.settings.count"],
  ["m0.default.nested.a.b = 2", "lib.default.nested.a.b", "m0.default.nested.a.b"],
  ["m0.default.opts.a = 5", "old.default.opts.a", "m0.default.opts.a", "old"],
  ["m0.default.opts.a = 5", "plain.opts.a", "m0.opts.a", "plain"],
  ["m0.default.list.push(1)", "plain.list.length", "m0.list.length", "plain"],
  ["m0.default.f.x = 1", "plain.f.x", "m0.f.x", "plain"],
]

describe("a node that changes what a package exports", () => {
  for (const [sets, name, reads, lib = "lib"] of forms) {
    it(`${sets} is found and undone`, async () => {
      const before = await nodeOf(reads, [lib], root)
      expect(before).toMatchObject({ error: undefined, changed: undefined })
      const { error, changed } = await nodeOf(sets, [lib], root)
      expect([error, changed]).toEqual([undefined, name])
      expect(sandbox.lost).toBeUndefined()
      expect(await nodeOf(reads, [lib], root)).toEqual(before)
    })
  }

  it("by require() is found, too", async () => {
    const { changed } = await nodeOf("pipelineRequire('plain').opts.a = 3", ["lib", "plain"].slice(1), root)
    expect(changed).toBe("plain.opts.a")
  })

  it("so that it cannot be put back makes the process useless, and says what for", async () => {
    const { changed } = await nodeOf("Object.freeze(m0.config.deep.list)", ["lib"], root)
    expect(changed).toMatch(/^lib\.config\.deep\.list/)
    expect(sandbox.lost).toMatch(/^lib\.config\.deep\.list/)
  })
})

it("what an exported class counts of its own making is no change, and what others write to it is", async () => {
  const nothing = { error: undefined, changed: undefined }
  expect(await nodeOf("new m0.Counted().id", ["lib"], root)).toMatchObject(nothing)
  expect(await nodeOf("m0.Counted.step = 2", ["lib"], root)).toMatchObject({ changed: "lib.Counted.step" })
})

it("what an exported instance gathers for itself is no change", async () => {
  expect(await nodeOf("m0.settings.ask('x')", ["lib"], root)).toEqual({
    value: 1,
    error: undefined,
    changed: undefined,
  })
})

it("what Effect exports cannot be changed", async () => {
  for (const code of ["m0.Effect.succeed.x = 1", "m0.pipe.x = 1", "m0.Effect.map = 1"])
    expect((await nodeOf(code, ["effect"], root)).error).toBeInstanceOf(TypeError)
})
