// The long ways to what is closed to a stage: by what it finds on things that are open, by what it hands on to be
// called later, by defaults, and by what is told by the order in which things are done. And what is open beside them.
import { beforeAll, describe, expect, it } from "vitest"
import { WorldError } from "../../../pipeline/world/closed.ts"
import { sandbox } from "../../../pipeline/world/sandbox.ts"
import { nodeOf } from "../../support/nodes.ts"

beforeAll(() => sandbox.beginBesideOthers())

type Form = readonly [code: string, ...imports: ReadonlyArray<string>]

const closed: { readonly [kind: string]: ReadonlyArray<Form> } = {
  Time: [
    [`Object.getOwnPropertyDescriptor(Date, "now").value()`],
    [`Object.getOwnPropertyDescriptors(Date).now.value()`],
    [`Object.getOwnPropertyDescriptor(new Date(0).constructor, "now").value()`],
    ["new Date(0).constructor(0)"],
    ["new Date(0).constructor()"],
    ["Promise.resolve().then(new Date(0).constructor)"],
    ["Reflect.construct(new Date(0).constructor, [])"],
    [`Intl.DateTimeFormat("en").format()`],
    [`Reflect.get(Intl.DateTimeFormat.prototype, "format", new Intl.DateTimeFormat("en"))()`],
    [`Intl.DateTimeFormat.prototype.formatToParts.call(new Intl.DateTimeFormat("en"))`],
    [`new (new Intl.DateTimeFormat("en").constructor)("en").format()`],
    [`Promise.resolve().then(new Intl.DateTimeFormat("en").format)`],
    ["new AbortController().signal.constructor.timeout(20)"],
    [
      "const c = new AbortController(); let at; c.signal.onabort = (e) => { at = e }; c.abort(); const value = " +
        "at.timeStamp",
    ],
    [
      "const c = new AbortController(); let at; c.signal.onabort = (e) => { at = e }; c.abort(); const value = " +
        "m0.inspect(at)",
      "node:util",
    ],
    ["Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5).value"],
    [`new m0.File([], "x").lastModified`, "node:buffer"],
    ["m0.setTimeout(() => {}, 5)", "node:timers"],
    ["m0.setTimeout(5)", "node:timers/promises"],
    ["m0.scheduler.wait(5)", "node:timers/promises"],
    ["m0.setInterval(5).next()", "node:timers/promises"],
    ["m0.promisify(setTimeout)(5)", "node:util"],
    ["m0.DateTime.nowUnsafe()", "effect"],
    ["m0.nowUnsafe()", "effect/DateTime"],
    ["m0.Effect.runPromise(m0.DateTime.now)", "effect"],
    ["m0.ManagedRuntime.make(m0.Layer.empty).runPromise(m0.Clock.currentTimeMillis)", "effect"],
    ["m0.Effect.runPromiseWith(m0.Context.empty())(m0.Clock.currentTimeMillis)", "effect"],
    ["m0.Effect.runSyncWith(m0.Context.empty())(m0.Clock.currentTimeMillis)", "effect"],
    ["m0.runSync(m1.currentTimeMillis)", "effect/Effect", "effect/Clock"],
    ["m0.Effect.runPromise(m0.Clock.Clock.defaultValue().currentTimeMillis)", "effect"],
    ["m0.Effect.runPromise(m0.Context.get(m0.Context.empty(), m0.Clock.Clock).currentTimeNanos)", "effect"],
    ["m0.Effect.runPromiseWith(m0.Context.empty())(m0.Effect.sleep(5))", "effect"],
    [`m0.Cron.next(m0.Cron.parseUnsafe("* * * * *"))`, "effect"],
  ],
  Chance: [
    ["URL.createObjectURL(new Blob([]))"],
    [`m0.getDiffieHellman("modp5").generateKeys()`, "node:crypto"],
    [`m0.createDiffieHellmanGroup("modp5").generateKeys()`, "node:crypto"],
    [`m0.createSign("sha256")`, "node:crypto"],
    [`m0.sign("sha256", Buffer.from("a"), "x")`, "node:crypto"],
    [`m0.publicEncrypt("x", Buffer.from("a"))`, "node:crypto"],
    [`m0.checkPrimeSync(7n)`, "node:crypto"],
    ["m0.Hash.random({})", "effect"],
    ["m0.random({})", "effect/Hash"],
    ["m0.Effect.runPromiseWith(m0.Context.empty())(m0.Random.next)", "effect"],
    ["m0.Random.Random.defaultValue().nextDoubleUnsafe()", "effect"],
    ["m0.ManagedRuntime.make(m0.Layer.empty).runSync(m0.Random.nextInt)", "effect"],
    ["m0.randomBytesUnsafe(4)", "effect/crypto/SecureRandom"],
    ["m0.SecureRandom.randomBytesUnsafe(4)", "effect/crypto"],
    ["m0.Hex.random(4)", "effect/encoding"],
  ],
  Text: [
    [`Promise.resolve("return process.pid").then((() => {}).constructor)`],
    [`["return 1"].map((() => {}).constructor)`],
    [`m0.Effect.runPromise(m0.Effect.map(m0.Effect.succeed("return 1"), (() => {}).constructor))`, "effect"],
    [`new Promise((r) => setImmediate(r, "return 1")).then((async () => {}).constructor)`],
  ],
  Machine: [
    [`m0.resolve("x")`, "node:path"],
    [`m0.resolve()`, "node:path"],
    [`m0.default.posix.resolve("x")`, "node:path"],
    [`m0.win32.resolve("x")`, "node:path"],
    [`m0.relative("", "/x")`, "node:path"],
    [`["x"].map((x) => m0.resolve(x))`, "node:path"],
    [`Promise.resolve("x").then(m0.resolve)`, "node:path"],
    [`m1.Effect.runPromise(m1.Effect.map(m1.Effect.succeed("x"), m0.resolve))`, "node:path", "effect"],
    [`m0.pathToFileURL("x").href`, "node:url"],
    [`m0.getCallSites()`, "node:util"],
    [`m0.parseArgs({ strict: false })`, "node:util"],
    ["RegExp.$1"],
    ["RegExp['$&']"],
    ["RegExp.lastMatch"],
    [`Error.prepareStackTrace = (_, frames) => frames.map((f) => f.getFileName())`],
    [`new m0.AsyncResource("x").asyncId()`, "node:async_hooks"],
    [`m0.executionAsyncId()`, "node:async_hooks"],
    [`m0.createHook({})`, "node:async_hooks"],
    [`new m0.EventEmitterAsyncResource({ name: "x" }).asyncId`, "node:events"],
    [`new m0.default.EventEmitterAsyncResource({ name: "x" }).asyncId`, "node:events"],
  ],
  Environment: [
    [`m0.debuglog("x").enabled`, "node:util"],
    [`m0.Effect.runPromiseWith(m0.Context.empty())(m0.Config.String("PATH"))`, "effect"],
    [`m0.Effect.runPromise(m0.ConfigProvider.ConfigProvider.defaultValue().load(["PATH"]))`, "effect"],
  ],
  Process: [
    ["new m0.Gzip()", "node:zlib"],
    [`new CompressionStream("gzip")`],
    [`new m0.CompressionStream("gzip")`, "node:stream/web"],
  ],
  Beside: [
    [`m0.join(__dirname, "x")`, "node:path"],
    ["m0.format('%s', __filename)", "node:util"],
    ["Buffer.from(__dirname)"],
  ],
}

for (const [kind, all] of Object.entries(closed)) {
  describe(`a stage is refused ${kind}`, () => {
    for (const [code, ...imports] of all) {
      it(code, async () => {
        const { value, error, changed } = await nodeOf(code, imports)
        const found = error instanceof Error && error.cause instanceof WorldError ? error.cause : error
        expect(found instanceof WorldError ? found.kind : [value, found]).toBe(kind)
        expect(changed).toBeUndefined()
      })
    }
  })
}

const open: ReadonlyArray<readonly [code: string, value: unknown, ...imports: ReadonlyArray<string>]> = [
  ["Buffer.allocUnsafe(64).every((byte) => byte === 0)", true],
  ["Buffer.allocUnsafeSlow(64).every((byte) => byte === 0)", true],
  ["Buffer.from('ab').constructor.allocUnsafe(64).every((byte) => byte === 0)", true],
  ["[Buffer.from('ab').buffer.byteLength, Buffer.from('ab').byteOffset]", [2, 0]],
  ["[Buffer.concat([Buffer.from('ab')]).byteOffset, Buffer.from([1]).byteOffset]", [0, 0]],
  ["new m0.AsyncLocalStorage().run(3, () => 4)", 4, "node:async_hooks"],
  [
    "const s = new m0.AsyncLocalStorage(); const value = await s.run(3, () => new Promise((r) => setTimeout(() " +
      "=> r(s.getStore()))))",
    3,
    "node:async_hooks",
  ],
  [
    "m0.Effect.runPromise(m0.Effect.withSpan(m0.Effect.map(m0.Effect.currentSpan, (s) => s.spanId), 'a'))",
    "0000000000000001",
    "effect",
  ],
  ["[...new Uint8Array(m0.gzipSync('a').buffer)].slice(21).every((byte) => byte === 0)", true, "node:zlib"],
  ["m0.serialize('a').buffer.byteLength === m0.serialize('a').length", true, "node:v8"],
  ["'b'.replace(/(b)/, '$1$1')", "bb"],
  ["typeof m0.aborted", "function", "node:util"],
  ["typeof m0.transferableAbortController", "function", "node:util"],
  ["new Promise((r) => setTimeout(r, 0, 7))", 7],
  ["new Promise((r) => setImmediate((a, b) => r(a + b), 3, 4))", 7],
  ["m0.promisify(setTimeout)(0, 5)", 5, "node:util"],
  ["m0.promisify(setImmediate)(6)", 6, "node:util"],
  ["m0.setImmediate(5)", 5, "node:timers/promises"],
  ["m0.setTimeout(0, 5)", 5, "node:timers/promises"],
  ["m0.scheduler.yield()", undefined, "node:timers/promises"],
  ["m0.promises.setImmediate(4)", 4, "node:timers"],
  [
    "let n = 0; clearTimeout(setTimeout(() => n++)); clearImmediate(setImmediate(() => n++)); await new " +
      "Promise((r) => setImmediate(r)); const value = n",
    0,
  ],
  ["Object.getOwnPropertySymbols(setImmediate(() => {})).length", 0],
  [`m0.resolve("/a", "b")`, "/a/b", "node:path"],
  [`m0.relative("/a/b", "/a/c")`, "../c", "node:path"],
  [`m0.pathToFileURL("/x").href`, "file:///x", "node:url"],
  ["new Intl.DateTimeFormat('en').format(0)", "1/1/1970"],
  ["new Date(0).constructor === Date.prototype.constructor", true],
  [`Object.getOwnPropertyDescriptor(Date, "UTC").value(1970, 0)`, 0],
  [
    "const { promisify } = m0; const value = (await promisify(m1.gzip)('a')).equals(m1.gzipSync('a'))",
    true,
    "node:util",
    "node:zlib",
  ],
  ["new Promise((r) => m0.gunzip('x', (error) => r(error.code)))", "Z_BUF_ERROR", "node:zlib"],
  [
    "m1.buffer(m0.Readable.from([Buffer.from('a')]).pipe(m2.createGzip()).pipe(m2.createGunzip())).then(String)",
    "a",
    "node:stream",
    "node:stream/consumers",
    "node:zlib",
  ],
  [
    "let n = 0, go = true; const count = () => { n++; if (go) setImmediate(count) }; count(); await new " +
      "Promise((r) => m0.deflate(Buffer.alloc(1e6), () => { go = false; r() })); const value = n",
    2,
    "node:zlib",
  ],
  [
    "let n = 0, go = true; const count = () => { n++; if (go) setImmediate(count) }; count(); await new " +
      "Promise((r) => m0.scrypt('a', 'b', 64, () => { go = false; r() })); const value = n",
    2,
    "node:crypto",
  ],
  [
    "let n = 0; setImmediate(() => n++); await crypto.subtle.digest('SHA-256', new Uint8Array(1e6)); const value = n",
    0,
  ],
  [
    "let n = 0; setImmediate(() => n++); await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, " +
      "0)); const value = n",
    0,
  ],
  [
    "(await WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))).instance instanceof " +
      "WebAssembly.Instance",
    true,
  ],
  [
    "const { setTimeout: t } = await pipelineImport('node:timers'); const value = typeof m0.promisify(t)",
    "function",
    "node:util",
  ],
  ["m0.createHash('sha256').update('a').digest('hex').slice(0, 4)", "ca97", "node:crypto"],
  ["m0.pbkdf2Sync('a', 'b', 1, 4, 'sha256').length", 4, "node:crypto"],
  ["m0.styleText('red', 'a')", "\u001b[31ma\u001b[39m", "node:util"],
  ["m0.Effect.runPromise(m0.Effect.succeed(1))", 1, "effect"],
  ["m0.Effect.runPromiseWith(m0.Context.empty())(m0.Effect.yieldNow.pipe(m0.Effect.as(2)))", 2, "effect"],
  [`m0.Cron.next(m0.Cron.parseUnsafe("* * * * *"), new Date(0)).getTime()`, 60_000, "effect"],
]

describe("a stage may", () => {
  for (const [code, value, ...imports] of open) {
    it(code, async () => {
      expect(await nodeOf(code, imports)).toEqual({ value, error: undefined, changed: undefined })
    })
  }
})

describe("what a node leaves behind for later", () => {
  it.each([
    "const again = (n) => setImmediate(() => (n === 0 ? (Array.prototype.left = 1) : again(n - 1))); again(5); " +
      "const value = 1",
    "const again = (n) => setTimeout(() => (n === 0 ? (Array.prototype.left = 1) : again(n - 1))); again(5); " +
      "const value = 1",
    "const again = async () => { for (let i = 0; i < 5; i++) await new Promise((r) => setImmediate(r)); " +
      "Array.prototype.left = 1 }; again(); const value = 1",
  ])("never comes: %s", async (code) => {
    expect(await nodeOf(code)).toEqual({ value: 1, error: undefined, changed: undefined })
    await expectNothing()
  })

  it.each(["runFork", "runPromise", "runCallback"])("never comes: a fiber by %s", async (run) => {
    const code = `const { Effect } = m0
      Effect.${run}(Effect.gen(function* () {
        for (let i = 0; i < 9; i++) yield* Effect.yieldNow
        Array.prototype.left = 1
      }))
      const value = 1`
    expect(await nodeOf(code, ["effect"])).toEqual({ value: 1, error: undefined, changed: undefined })
    await expectNothing()
  })
})

const expectNothing = async (): Promise<void> => {
  for (let i = 0; i < 20; i++)
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  expect(await nodeOf("[].left")).toEqual({ value: undefined, error: undefined, changed: undefined })
}
