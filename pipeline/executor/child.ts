// The main module of a worker process. A worker must end together with its parent, however the parent ends. This is
// arranged before anything else is loaded: the modules that do the work take half a second to load, and the parent can
// be killed during that time. Knows nothing about jobs.
import { Worker } from "node:worker_threads"

const [, , store, parent] = process.argv

process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"))
// A body that computes without pause keeps the main thread from seeing "disconnect". The watchdog has its own thread.
new Worker(new URL("./watchdog.ts", import.meta.url), { workerData: Number(parent) }).unref()

await import("../imports.ts")
// Loaded before any package, because load.ts tracks the files that are loaded.
await import("../world/load.ts")
const { argvOfWorkers, ofWorkers } = await import("../world/environment.ts")
// Node and the system have already read the other variables, and a stage must not see them.
for (const name of Object.keys(process.env)) if (!(name in ofWorkers)) delete process.env[name]
Object.assign(process, { argv: [...argvOfWorkers], execArgv: [] })
const { serve } = await import("./serve.ts")
serve(store!)
