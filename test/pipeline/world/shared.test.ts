// A value does not depend on what ran before in the process: each of these nodes changes something that all of a
// process share. It fails, by its own error or by the name of what it changed, and what a node after it reads is as
// before.
import { beforeAll, describe, expect, it } from "vitest"
import { nodeOf } from "../../support/nodes.ts"
import { guard } from "../../../pipeline/world/guard.ts"
import { sandbox } from "../../../pipeline/world/sandbox.ts"

type Form = readonly [sets: string, reads: string, ...imports: ReadonlyArray<string>]

const forms: { readonly [kind: string]: ReadonlyArray<Form> } = {
  "Node's modules": [
    ["m0.inspect.defaultOptions = { depth: 0 }", "m0.inspect({ a: { b: 1 } }, { compact: true })", "node:util"],
    ["m0.inspect.defaultOptions.depth = 0", "m0.inspect.defaultOptions.depth", "node:util"],
    ["m0.inspect.styles.number = 'red'", "m0.inspect.styles.number", "node:util"],
    ["m0.inspect.colors.red[0] = 99", "m0.inspect.colors.red[0]", "node:util"],
    ["m0.inspect.custom2 = 1", "m0.inspect.custom2", "node:util"],
    ["m0.types.isDate = () => true", "m0.types.isDate(1)", "node:util"],
    ["m0.default.types.isDate = () => true", "m0.types.isDate(1)", "node:util"],
    ["m0.promisify.x = 1", "m0.promisify.x", "node:util"],
    ["m0.TextDecoder.prototype.decode = () => 1", "new TextDecoder().decode(new Uint8Array())", "node:util"],
    ["m0.EventEmitter.defaultMaxListeners = 99", "m0.EventEmitter.defaultMaxListeners", "node:events"],
    ["m0.setMaxListeners(98)", "m0.default.defaultMaxListeners", "node:events"],
    ["m0.default.captureRejections = true", "m0.default.captureRejections", "node:events"],
    ["m0.EventEmitter.prototype.on = () => 1", "typeof new m0.EventEmitter().on('x', () => {})", "node:events"],
    ["m0.EventEmitter.prototype.extra = 1", "new m0.EventEmitter().extra", "node:events"],
    ["m0.EventEmitter.extra = 1", "m0.EventEmitter.extra", "node:events"],
    ["m0.default.setDefaultHighWaterMark(false, 7)", "m0.getDefaultHighWaterMark(false)", "node:stream"],
    ["m0.default.setDefaultHighWaterMark(true, 7)", "m0.getDefaultHighWaterMark(true)", "node:stream"],
    ["m0.Readable.prototype.read = () => 1", "m0.Readable.prototype.read.name", "node:stream"],
    ["m0.Readable.from.x = 1", "m0.Readable.from.x", "node:stream"],
    ["m0.win32.join = () => 1", "m0.win32.join('a')", "node:path"],
    ["m0.posix.win32.sep = 1", "m0.win32.sep", "node:path"],
    ["m0.join.x = 1", "m0.join.x", "node:path"],
    [
      "m0.createHash('md5').constructor.prototype.digest = () => 1",
      "m0.createHash('md5').digest('hex')",
      "node:crypto",
    ],
    ["Object.getPrototypeOf(m0.createHash('md5')).x = 1", "m0.createHash('md5').x", "node:crypto"],
    [
      "Object.getPrototypeOf(m0.createSecretKey(Buffer.alloc(1))).x = 1",
      "m0.createSecretKey(Buffer.alloc(1)).x",
      "node:crypto",
    ],
    [
      "m0.Readable.from([])[Symbol.asyncIterator]().__proto__.x = 1",
      "m0.Readable.from([])[Symbol.asyncIterator]().x",
      "node:stream",
    ],
    ["new m0.Url().constructor.prototype.parse = () => 1", "m0.parse('http://a/').host", "node:url"],
    ["m0.createGzip().constructor.x = 1", "m0.createGzip().constructor.x", "node:zlib"],
    ["m0.gzipSync.x = 1", "m0.gzipSync.x", "node:zlib"],
    ["m0.gzip.x = 1", "m0.gzip.x", "node:zlib"],
    ["m0.constants.Z_OK = 1", "m0.constants.Z_OK", "node:zlib"],
    ["m0.default.INSPECT_MAX_BYTES = 1", "m0.INSPECT_MAX_BYTES", "node:buffer"],
    ["m0.default.strict.equal = () => {}", "m0.default.strict.equal.name", "node:assert"],
    ["m0.AssertionError.prototype.name = 'x'", "new m0.AssertionError({ message: 'a' }).name", "node:assert"],
    [
      "m0.StringDecoder.prototype.write = () => 1",
      "new m0.StringDecoder().write(Buffer.from('a'))",
      "node:string_decoder",
    ],
    ["m0.AsyncLocalStorage.prototype.x = 1", "new m0.AsyncLocalStorage().x", "node:async_hooks"],
    ["m0.ReadableStreamDefaultReader.prototype.x = 1", "m0.ReadableStreamDefaultReader.prototype.x", "node:stream/web"],
  ],
  "the language": [
    ["Array.prototype.last = 1", "[].last"],
    ["Array.prototype.push.x = 1", "Array.prototype.push.x"],
    ["Math.max.x = 1", "Math.max.x"],
    ["parseFloat.x = 1", "parseFloat.x"],
    ["structuredClone.x = 1", "structuredClone.x"],
    ["encodeURIComponent.x = 1", "encodeURIComponent.x"],
    ["[].values().map((x) => x).__proto__.next = () => 1", "typeof [].values().map((x) => x).next()"],
    [
      "Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype)).x = 1",
      "(async function* () {})().x",
    ],
    [`Object.getPrototypeOf(new Intl.Segmenter("en").segment("a")).x = 1`, `new Intl.Segmenter("en").segment("a").x`],
    [`Intl.NumberFormat.prototype.format2 = 1`, `new Intl.NumberFormat("en").format2`],
    ["Intl.DateTimeFormat.x = 1", "Intl.DateTimeFormat.x"],
    ["Intl.DateTimeFormat.prototype.x = 1", "Intl.DateTimeFormat.prototype.x"],
    ["Object.setPrototypeOf(Map.prototype, { x: 1 })", "new Map().x"],
    ["Object.setPrototypeOf(Array, null)", "Object.getPrototypeOf(Array) === Function.prototype"],
    ["Object.defineProperty(Map.prototype, 'size', { get: () => 7 })", "new Map().size"],
    ["Object.defineProperty(Array.prototype, 'hidden', { value: 1, configurable: true })", "[].hidden"],
    ["delete Array.prototype.at", "typeof [].at"],
    ["Object.prototype.x = 1", "({}).x"],
    ["Function.prototype.x = 1", "(() => {}).x"],
    ["Symbol.x = 1", "Symbol.x"],
    ["Error.stackTraceLimit = 3", "Error.stackTraceLimit"],
    ["JSON.stringify = () => 1", "JSON.stringify(2)"],
    ["Reflect.x = 1", "Reflect.x"],
    ["(() => {}).constructor.added = 1", "(() => {}).constructor.added"],
    ["new Date(0).constructor.x = 1", "new Date(0).constructor.x"],
  ],
  "what Node gives all code": [
    ["Blob.prototype.x = 1", "new Blob([]).x"],
    ["WebAssembly.Module.prototype.x = 1", "WebAssembly.Module.prototype.x"],
    ["WebAssembly.compile.x = 1", "WebAssembly.compile.x"],
    ["DOMException.prototype.x = 1", "new DOMException('a').x"],
    ["ReadableStream.prototype.x = 1", "new ReadableStream().x"],
    ["new AbortController().signal.constructor.prototype.x = 1", "new AbortController().signal.x"],
    ["new AbortController().signal.constructor.x = 1", "new AbortController().signal.constructor.x"],
    ["Buffer.poolSize = 16", "Buffer.poolSize"],
    ["Buffer.prototype.x = 1", "Buffer.from('a').x"],
    ["Buffer.from.x = 1", "Buffer.from.x"],
    ["URL.prototype.x = 1", "new URL('a:b').x"],
    ["URL.canParse = () => 1", "URL.canParse('x')"],
    ["TextEncoder.prototype.encode = () => 1", "new TextEncoder().encode('').length"],
    ["EventTarget.prototype.x = 1", "new EventTarget().x"],
    ["crypto.subtle.x = 1", "crypto.subtle.digest.x"],
    ["crypto.subtle.digest.x = 1", "crypto.subtle.digest.x"],
    ["Object.setPrototypeOf(crypto.subtle, { then: 1 })", "Object.getPrototypeOf(crypto.subtle) === Object.prototype"],
    ["setTimeout.x = 1", "setTimeout.x"],
    ["Object.setPrototypeOf(Date, null)", "Object.getPrototypeOf(Date) === Function.prototype"],
  ],
}

beforeAll(() => {
  // Other tests of this process guard too. A second guard must not hide what the first guard stands before.
  guard()
  sandbox.beginBesideOthers()
})

for (const [kind, all] of Object.entries(forms)) {
  describe(`a node that changes ${kind}`, () => {
    for (const [sets, reads, ...imports] of all) {
      it(sets, async () => {
        const before = await nodeOf(reads, imports)
        expect(before.error).toBeUndefined()
        const { error, changed } = await nodeOf(sets, imports)
        expect(error ?? changed, "it was let").toBeDefined()
        expect(sandbox.lost).toBeUndefined()
        const after = await nodeOf(reads, imports)
        expect([after.value, after.changed]).toEqual([before.value, undefined])
      })
    }
  })
}
