// What is closed to a stage, form by form: it throws a typed error that says why, however it is reached.
import { describe, expect, it } from "vitest"
import { reached } from "../../../pipeline/world/message.ts"
import { WorldError } from "../../../pipeline/world/closed.ts"
import { valueOf } from "../../support/world.ts"

/** Why some code is refused, and what it reached for. */
const refusal = async (code: string, imports?: ReadonlyArray<string>): Promise<unknown> => {
  const error = await valueOf(code, imports).then(
    (value) => new Error(`it was let: ${String(value)}`),
    (cause: unknown) => cause,
  )
  return error instanceof WorldError ? error.kind : error
}

describe("a stage is refused", () => {
  const closed: { readonly [kind: string]: ReadonlyArray<string> } = {
    Time: [
      "Date.now()",
      "new Date()",
      "Date()",
      "new (class extends Date {})()",
      "Reflect.construct(Date, [])",
      "const { now } = Date; value = now()",
      "globalThis.Date.now()",
      `globalThis["Da" + "te"].now()`,
      "new Date(0).constructor.now()",
      "new (new Date(0).constructor)()",
      "Object.getPrototypeOf(new Date(0)).constructor.now()",
      "performance.now()",
      "const { performance: p } = globalThis; value = p.timeOrigin",
      "const { now } = performance; value = now",
      "Reflect.get(globalThis, 'performance').now()",
      "process.hrtime.bigint()",
      "process.uptime()",
      "setTimeout(() => {}, 1)",
      "setInterval(() => {}, 0)",
      "new Promise((r) => globalThis.setTimeout(r, 1))",
      "AbortSignal.timeout(5)",
      `new Intl.DateTimeFormat("en").format()`,
      `Intl.DateTimeFormat("en").format()`,
      `new Intl.DateTimeFormat("en").formatToParts()`,
      `const { format } = new Intl.DateTimeFormat("en"); value = format()`,
      "console.time()",
      "new Event('x').timeStamp",
      "new File([], 'x').lastModified",
      `eval && globalThis.performance.mark("x")`,
    ],
    Chance: [
      "Math.random()",
      "const { random } = Math; value = random()",
      `Math["ran" + "dom"]()`,
      "globalThis.Math.random()",
      "[1].map(Math.random)",
      "Reflect.apply(Math.random, Math, [])",
      "crypto.randomUUID()",
      "crypto.getRandomValues(new Uint8Array(1))",
      "crypto.subtle.generateKey({}, true, [])",
      "new WeakRef({})",
      "new FinalizationRegistry(() => {})",
    ],
    Text: [
      "eval('1')",
      "(0, eval)('1')",
      "globalThis.eval('1')",
      "new Function('return 1')()",
      "Function('return 1')()",
      "(() => {}).constructor('return 1')()",
      "(async () => {}).constructor('return 1')()",
      "(function* () {}).constructor('return 1')()",
      "Object.getPrototypeOf(() => {}).constructor('return process')()",
      "[].at.constructor('return globalThis')()",
      "Reflect.construct(Math.max.constructor, ['return 1'])",
      "process.getBuiltinModule('fs')",
      "process.dlopen({}, 'x')",
    ],
    Network: ["fetch('http://localhost')", "new WebSocket('ws://localhost')", "globalThis.fetch.call(null, 'x')"],
    Process: [
      "new Worker('x')",
      "process.exit(1)",
      "process.kill(process.ppid)",
      "process.abort()",
      "new MessageChannel()",
    ],
    Machine: [
      "process.pid.toFixed()",
      "process.argv.length",
      "process.versions.node",
      "process.memoryUsage()",
      "process.cwd()",
      "navigator.userAgent",
      "process.release.name",
    ],
    File: ["process.stdin.read()", "localStorage.getItem('x')", "process.chdir('/')"],
    Environment: [
      "process.env.SECRET",
      `process.env["SEC" + "RET"]`,
      "const { SECRET } = process.env; value = SECRET",
      "const { env } = process; value = env.SECRET",
      "globalThis.process.env.SECRET",
      "'SECRET' in process.env",
      "Object.hasOwn(process.env, 'SECRET')",
      "const { SECRET = 'default' } = process.env; value = SECRET",
      "Reflect.get(process.env, 'SECRET')",
    ],
    State: [
      "globalThis.left = 1",
      "Object.assign(globalThis, { left: 1 })",
      "process.env.SET = '2'",
      "delete process.env.SET",
      "process.title = 'x'",
      "Object.defineProperty(globalThis, 'left', { value: 1 })",
      "delete globalThis.Array",
      "Date.now = () => 0",
      "global.left = 1",
    ],
    Import: [
      "pipelineImport('./file.ts')",
      "pipelineImport('/file.ts')",
      "pipelineImport('file:///file.ts')",
      "pipelineImport('data:text/javascript,export default 1')",
      "pipelineImport('#inside')",
      "pipelineImport('http://x/y.js')",
    ],
    Require: ["pipelineRequire('./file.cjs')", "pipelineRequire('/file.cjs')"],
    Beside: [
      "pipelineMeta.url",
      "const { dirname } = pipelineMeta; value = dirname",
      "pipelineMeta.resolve('x')",
      "__filename.length",
    ],
  }
  for (const [kind, codes] of Object.entries(closed)) {
    for (const code of codes) {
      it(`${kind}: ${code}`, async () => {
        expect(await refusal(/\bvalue =/.test(code) ? code.replace("value =", "; const value =") : code)).toBe(kind)
      })
    }
  }

  const parts: { readonly [kind: string]: ReadonlyArray<readonly [module: string, code: string]> } = {
    File: [
      ["node:fs", "m0.readFileSync('package.json')"],
      ["fs", "m0.default.readFileSync('x')"],
      ["node:fs/promises", "m0.readFile('x')"],
      ["node:fs", "m0.promises.readFile('x')"],
      ["node:fs", "m0.existsSync('x')"],
      ["node:sqlite", "new m0.DatabaseSync('x')"],
    ],
    Process: [
      ["node:child_process", "m0.spawnSync('true')"],
      ["node:worker_threads", "new m0.Worker('x')"],
      ["node:cluster", "m0.fork()"],
    ],
    Network: [
      ["node:http", "m0.get('http://localhost')"],
      ["node:net", "m0.connect(1)"],
      ["node:dns", "m0.lookup('x', () => {})"],
    ],
    Time: [
      ["node:perf_hooks", "m0.performance.now()"],
      ["node:timers", "m0.setTimeout(() => {}, 1)"],
      ["node:timers/promises", "m0.setTimeout(1)"],
      ["node:process", "m0.hrtime()"],
      ["node:process", "m0.default.hrtime.bigint()"],
    ],
    Chance: [
      ["node:crypto", "m0.randomUUID()"],
      ["node:crypto", "m0.randomBytes(1)"],
      ["node:crypto", "m0.webcrypto.randomUUID()"],
      ["crypto", "m0.default.randomInt(3)"],
      ["node:crypto", "m0.generateKeyPairSync('rsa')"],
    ],
    Machine: [
      ["node:os", "m0.hostname()"],
      ["os", "m0.cpus().length"],
      ["node:v8", "m0.getHeapStatistics()"],
      ["node:inspector", "m0.url()"],
      ["node:process", "m0.argv.length"],
    ],
    Text: [
      ["node:vm", "m0.runInThisContext('1')"],
      ["node:vm", "new m0.Script('1')"],
    ],
    Require: [
      ["node:module", "m0.createRequire('/x')('fs')"],
      ["module", "m0.default.registerHooks({})"],
    ],
    Environment: [
      ["node:process", "m0.env.SECRET"],
      ["process", "m0.default.env.SECRET"],
    ],
  }
  for (const [kind, each] of Object.entries(parts)) {
    for (const [module, code] of each) {
      it(`${kind}: ${module}, ${code}`, async () => {
        expect(await refusal(code, [module])).toBe(kind)
      })
    }
  }

  it("by any import() of a part of Node, too", async () => {
    expect(await refusal("(await pipelineImport('node:crypto')).randomUUID()")).toBe("Chance")
    expect(await refusal("pipelineRequire('fs').readFileSync('x')")).toBe("File")
  })

  it("in words that name the stage and say what to declare", async () => {
    const error = (await valueOf("process.env.SECRET").catch((cause: unknown) => cause)) as WorldError
    expect(reached("fit", error)).toBe(
      "The stage fit reads the environment variable SECRET, which it does not declare. Add environment: " +
        `["SECRET"] to the stage, or take the value as a param.`,
    )
  })
})
