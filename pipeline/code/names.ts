// Lists what a stage may use from its world. Every name of the world is pure (a function of its arguments), closed for
// a reason, or open in part (globals.ts). Contains only tables, so `lint` and a worker apply the same rules. Knows
// nothing about the code of stages.

/** The reason why a name of the world is closed to a stage. */
export type Closed =
  | "Import"
  | "Require"
  | "Process"
  | "File"
  | "Beside"
  | "Environment"
  | "Time"
  | "Chance"
  | "Text"
  | "Network"
  | "Machine"
  | "State"

/** The words of a text. */
export const words = (text: string): ReadonlyArray<string> => text.trim().split(/\s+/)

/** Global names that a stage finds unchanged. A name in no list is undefined for a stage. */
export const pure: ReadonlySet<string> = new Set(
  words(`
  undefined NaN Infinity Object Array Number Boolean String Symbol BigInt Promise RegExp Iterator Proxy Reflect
  JSON Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError
  DOMException ArrayBuffer SharedArrayBuffer Atomics DataView Map Set WeakMap WeakSet DisposableStack
  AsyncDisposableStack Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array
  BigInt64Array BigUint64Array Float16Array Float32Array Float64Array parseFloat parseInt isFinite isNaN decodeURI
  decodeURIComponent encodeURI encodeURIComponent escape unescape Buffer TextEncoder TextDecoder URL
  URLSearchParams URLPattern atob btoa structuredClone queueMicrotask AbortController EventTarget Blob ReadableStream
  WritableStream TransformStream
`),
)

/** Global names that throw at any use. */
export const closedGlobals: ReadonlyMap<string, Closed> = new Map<string, Closed>([
  ...under(
    "Time",
    `
    performance setInterval clearInterval Event CustomEvent File AbortSignal PerformanceObserver
    PerformanceEntry Temporal
    `,
  ),
  ...under("Chance", "WeakRef FinalizationRegistry"),
  ...under("Text", "eval Function ShadowRealm"),
  ...under("Network", "fetch WebSocket EventSource XMLHttpRequest Request Response Headers FormData"),
  ...under("Process", "Worker SharedWorker MessageChannel MessagePort BroadcastChannel"),
  ...under("Process", "CompressionStream DecompressionStream"),
  ...under("Machine", "navigator"),
  ...under("File", "localStorage sessionStorage"),
  ...under("Beside", "__filename __dirname pipelineMeta"),
])

/** Closed members of global names that are open in part. */
export const closedMembers: ReadonlyMap<string, Closed> = new Map<string, Closed>([
  ...under("Network", "WebAssembly.compileStreaming WebAssembly.instantiateStreaming"),
  ...under("Time", "Date.now console.time console.timeEnd console.timeLog console.timeStamp"),
  ...under("Chance", "Math.random"),
  ...under("Chance", "crypto.randomUUID crypto.getRandomValues crypto.CryptoKey crypto.webcrypto"),
  ...under("Time", "process.hrtime process.uptime process.cpuUsage process.threadCpuUsage"),
  ...under("File", "process.stdin process.chdir process.umask process.loadEnvFile"),
  ...under("Text", "process.dlopen process.getBuiltinModule process.binding"),
  ...under("Process", "process.exit process.kill process.abort process.reallyExit process.send process.disconnect"),
])

/** Node modules, without "node:", whose results depend only on their arguments. */
export const pureModules: ReadonlySet<string> = new Set(
  words(`
  assert assert/strict buffer events path path/posix path/win32 querystring string_decoder url util util/types
  punycode zlib stream stream/promises stream/web stream/consumers constants sys
`),
)

/** For each of these Node modules: the members that a stage may use. All other members are closed. */
const openIn: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    timers: "setTimeout setImmediate clearTimeout clearImmediate promises",
    "timers/promises": "setTimeout setImmediate scheduler",
    v8: "serialize deserialize",
    module: "isBuiltin builtinModules",
    os: "EOL constants",
    async_hooks: "AsyncLocalStorage",
    // Members that use no randomness and wait for no thread.
    crypto: `
      Cipheriv Decipheriv Hash Hmac KeyObject Verify X509Certificate argon2Sync constants createCipheriv
      createDecipheriv createHash createHmac createPrivateKey createPublicKey createSecretKey createVerify
      getCipherInfo getCiphers getCurves getHashes hash hkdf hkdfSync pbkdf2 pbkdf2Sync privateDecrypt publicDecrypt
      scrypt scryptSync timingSafeEqual
    `,
  }).map(([module, names]) => [module, new Set(words(names))]),
)

/** Closed members of Node modules that are otherwise open. */
const closedIn: ReadonlyMap<string, Closed> = new Map<string, Closed>([
  ...under("Time", "buffer.File"),
  ...under("Chance", "buffer.SlowBuffer buffer.resolveObjectURL"),
  ...under("Environment", "util.debuglog util.debug"),
  ...under("Machine", "util.getCallSites util.parseArgs events.EventEmitterAsyncResource"),
  ...under("Process", "util.setTraceSigInt stream/web.CompressionStream stream/web.DecompressionStream"),
  ...under("State", "stream.setDefaultHighWaterMark"),
  ...under("Process", "zlib.Deflate zlib.Inflate zlib.Gzip zlib.Gunzip zlib.DeflateRaw zlib.InflateRaw zlib.Unzip"),
  ...under("Process", "zlib.BrotliCompress zlib.BrotliDecompress zlib.ZstdCompress zlib.ZstdDecompress"),
])

/** Why a member of a Node module is closed; undefined if it is open. An empty `member` stands for the whole module. */
export const closedKind = (module: string, member: string): Closed | undefined => {
  if (member === "") return pureModules.has(module) || module === "crypto" ? undefined : reasonOf(module)
  const open = pureModules.has(module) || openIn.get(module)?.has(member) === true
  return open ? closedIn.get(`${module}.${member}`) : reasonOf(module)
}

const reasons: ReadonlyMap<string, Closed> = new Map([
  ...under("File", "fs fs/promises sqlite readline readline/promises repl tty wasi"),
  ...under("Process", "child_process worker_threads cluster"),
  ...under("Network", "http https http2 net tls dgram dns dns/promises quic"),
  ...under("Time", "perf_hooks timers timers/promises"),
  ...under("Chance", "crypto"),
  ...under("Text", "vm"),
  ...under("Require", "module"),
  ...under("Machine", "async_hooks"),
  ...under("State", "diagnostics_channel domain"),
])

/** Why a Node module, or its closed part, is closed. */
const reasonOf = (module: string): Closed => reasons.get(module) ?? "Machine"

function under(kind: Closed, names: string): ReadonlyArray<readonly [string, Closed]> {
  return words(names).map((name) => [name, kind] as const)
}
