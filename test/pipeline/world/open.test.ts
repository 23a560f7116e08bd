// What is open to a stage, form by form: what computes, which gives what it gives everywhere, and cannot be changed.
import { describe, expect, it } from "vitest"
import { lines, valueOf } from "../../support/world.ts"

describe("a stage may", () => {
  const open: ReadonlyArray<readonly [code: string, value: unknown, imports?: ReadonlyArray<string>]> = [
    ["new Date(0).toISOString()", "1970-01-01T00:00:00.000Z"],
    ["new Date(0) instanceof Date", true],
    ["Date.UTC(1970, 0, 2)", 86_400_000],
    ["new (class extends Date {})(5).getTime()", 5],
    ["Math.max(1, 2) + Math.PI > 5", true],
    ["Math[Symbol.toStringTag]", "Math"],
    ["process.env.SET", "1"],
    ["process.env.UNSET", undefined],
    ["'UNSET' in process.env", false],
    ["Object.keys(process.env)", ["SET"]],
    ["{ ...process.env }".replace(/^/, "(") + ")", { SET: "1" }],
    ["process.platform === 'linux' || process.platform.length > 0", true],
    ["typeof performance", "function"],
    ["typeof unheardOf", "undefined"],
    ["const { performance: p, fetch: f } = globalThis; const value = [typeof p, typeof f]", ["function", "function"]],
    ["globalThis.globalThis === globalThis", true],
    ["globalThis.Array === Array", true],
    [`new Intl.DateTimeFormat("en", { timeZone: "UTC" }).format(0)`, "1/1/1970"],
    [`new Intl.NumberFormat("en").format(1234.5)`, "1,234.5"],
    [`Intl.DateTimeFormat("en") instanceof Intl.DateTimeFormat`, true],
    ["m0.createHash('sha256').update('a').digest('hex').slice(0, 4)", "ca97", ["node:crypto"]],
    ["m0.join('a', 'b')", "a/b", ["node:path"]],
    ["m0.format('%d', 1)", "1", ["node:util"]],
    ["m0.inflateSync(m0.deflateSync('a')).toString()", "a", ["node:zlib"]],
    ["m0.platform === process.platform", true, ["node:process"]],
    ["m0.deserialize(m0.serialize({ a: 1 }))", { a: 1 }, ["node:v8"]],
    ["new TextEncoder().encode('a')[0]", 97],
    ["structuredClone(new Map([[1, 2]])).get(1)", 2],
    ["await new Promise((r) => setImmediate(() => r(3)))", 3],
    ["await new Promise((r) => setTimeout(() => r(4)))", 4],
    ["await new Promise((r) => setTimeout(() => r(5), 0))", 5],
    ["(() => {}).constructor.name", "Function"],
    ["(() => {}) instanceof (() => {}).constructor", true],
    ["[typeof this, typeof arguments]", ["undefined", "object"]],
    ["crypto.subtle.digest('SHA-256', new Uint8Array()).then((d) => d.byteLength)", 32],
    ["new (class { constructor() { this.a = 1 } })().constructor.name.length", 0],
    ["JSON.parse('[1]')", [1]],
  ]
  for (const [code, value, imports] of open) {
    it(code, async () => {
      expect(await valueOf(code, imports)).toEqual(value)
    })
  }

  it("talk to its log by the console", async () => {
    lines.splice(0)
    await valueOf("console.log('half %d', 1, { a: 2 })")
    await valueOf("m0.default.warn('nearly')", ["node:console"])
    expect(lines).toEqual(["half 1 { a: 2 }", "nearly"])
  })

  it("read its own text and its stack, which are in its key, and learns nothing of the machine", async () => {
    expect(await valueOf("((x) => x + 1).toString()")).toBe("(x) => x + 1")
    const stack = (await valueOf("new Error('here').stack")) as string
    expect(stack.split("\n")[0]).toBe("Error: here")
    expect(
      stack
        .split("\n")
        .slice(1)
        .filter((line) => !/^ {4}at .*stage-[0-9a-f]{16}\.js:\d+:\d+\)?$/.test(line)),
    ).toEqual([])
  })

  it("begin anew every time", async () => {
    for (let i = 0; i < 3; i++)
      expect(
        await valueOf(
          "let count = 0; const made = new Map(); const next = () => (made.set(++count, 1), made.size); const " +
            "value = next()",
        ),
      ).toBe(1)
  })
})

describe("what is handed in", () => {
  for (const code of [
    "Math.log = () => 1",
    "Math.extra = 1",
    "delete Math.log",
    "Object.defineProperty(Math, 'log', { value: 1 })",
    "Intl.NumberFormat = 1",
    "crypto.subtle = 1",
    "console.log = 1",
    "m0.join = 1",
    "m0.default.join = 1",
  ]) {
    it(`cannot be changed: ${code}`, async () => {
      await expect(valueOf(code, ["node:path"])).rejects.toThrow(/read only|not extensible|Cannot|State|closed/)
      expect(Math.log(1)).toBe(0)
    })
  }
})
