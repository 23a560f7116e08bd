// The worker processes of this test, over a store of their own.
import { Deferred, Effect, Layer } from "effect"
import { mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { diskLayer } from "../../cache/disk.ts"
import type { Job } from "../../pipeline/executor/executor.ts"
import { pool, type PoolOptions } from "../../pipeline/executor/pool.ts"
import { scratch } from "../cache/contract.ts"
import { project, write } from "./directory.ts"
import { digestOfManifest, jobOf, manifestIn, runJob } from "./job.ts"
import { fatal, talkative, untidy } from "./stages.ts"

/** A pool and its store, gone at the end. */
export const poolOf = (size: number, options: Partial<PoolOptions> = {}) =>
  Layer.unwrap(
    Effect.map(scratch, (store) =>
      pool({ size, store, memory: null, shared: 8e9, ...options }).pipe(Layer.provideMerge(diskLayer(store))),
    ),
  )

/** The workers of a process that are alive. */
export const workers = (parent = process.pid): ReadonlyArray<number> =>
  readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8")
    .trim()
    .split(" ")
    .filter((pid) => pid !== "" && textOf(pid, "cmdline").includes("executor/child.ts"))
    .map(Number)

/** The processes of a group that are alive, its leader first. */
export const membersOf = (group: number): ReadonlyArray<number> =>
  readdirSync("/proc")
    .filter((pid) => {
      const [state, , of] = textOf(pid, "stat")
        .replace(/^.*\) /s, "")
        .split(" ")
      return Number(of) === group && state !== "Z"
    })
    .map(Number)
    .sort((a, b) => a - b)

// A process that has ended has no command line, though it may not have been buried yet.
const textOf = (pid: string, what: "cmdline" | "stat"): string => {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8")
  } catch {
    return ""
  }
}

/** Waits until something holds, which must be soon. */
export const until = (holds: () => boolean, seconds = 5) =>
  Effect.repeat(Effect.sleep("10 millis"), { until: holds }).pipe(Effect.timeout(seconds * 1000))

/** The process of a pool of one, which has run a job. */
export const pid = Effect.map(runJob(jobOf(talkative)), () => workers().at(-1)!)

/** A project with a package that does what no stage can. */
const untidyProject = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "pipeline-"))
  write(directory, {
    "package.json": "{}",
    "node_modules/untidy/package.json": '{ "version": "1.0.0", "type": "module", "exports": "./index.js" }',
    "node_modules/untidy/index.js": `
      import { readFileSync, writeFileSync } from "node:fs"
      import { spawnSync } from "node:child_process"
      import { Worker } from "node:worker_threads"
      export const exit = () => process.exit(3)
      export const kill = () => process.kill(process.pid, "SIGKILL")
      export const words = () => {
        console.error("last words")
        setTimeout(() => process.exit(7), 50)
        return new Promise(() => {})
      }
      // A process is refused to it, but native code is not bound by that; here a thread is not, which asked for flags
      // of its own.
      export const offspring = () => {
        new Worker("require('node:child_process').spawn('sleep', ['600'])", { eval: true, execArgv: [] }).unref()
        for (;;);
      }
      export const file = () => readFileSync("@/CHANGELOG.md", "utf8")
      export const writing = () => writeFileSync("@/left-behind", "")
      export const child = () => spawnSync("true").status
      export const variables = () => ({ ...process.env })
      export const commandLine = () => [process.argv, process.execArgv]
      export const list = [1], sealable = {}
      export const listed = () => list.push(2)
      export const sealed = () => { Object.preventExtensions(sealable); return 1 }
      export const late = () => { setTimeout(() => { throw new Error("too late") }, 100); return "in time" }
      export const early = () => new Promise(() => { setTimeout(() => { throw new Error("nobody waits for it") }, 50) })
      export const rejected = () => { void Promise.reject(new Error("let go")); return new Promise(() => {}) }
      export const patched = () => { Array.prototype.last = () => {}; return 1 }
      export const state = { count: 0 }
      export const counted = () => ++state.count
      export const undeclared = () => import("elsewhere")
      export const variable = () => { process.env.LEFT = "behind"; return 1 }
    `,
    "node_modules/elsewhere/package.json": '{ "version": "1.0.0", "type": "module", "exports": "./index.js" }',
    "node_modules/elsewhere/index.js": "export const found = 1",
  })
  symlinkSync(join(project, "node_modules/effect"), join(directory, "node_modules/effect"))
  return directory
}
let made: string | undefined

/** A job in which a package does something. */
export const untidyJob = (does: string, rest: Partial<Job> = {}): Job => {
  const root = (made ??= untidyProject())
  return jobOf(untidy, { does }, { root, packages: digestOfManifest(manifestIn(root, "effect", "untidy")), ...rest })
}

/** Begins a job, and waits until its body is at it. */
export const beginning = Effect.fnUntraced(function* (job: Job) {
  const entered = yield* Deferred.make<void>()
  const fiber = yield* Effect.forkChild(runJob(job, () => Effect.runFork(Deferred.succeed(entered, undefined))))
  yield* Deferred.await(entered)
  return fiber
})

/** Begins a fatal job, and waits until its body is at it. */
export const begun = (by: string, rest: Partial<Job> = {}) => beginning(jobOf(fatal, { by }, rest))
