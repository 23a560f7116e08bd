// The process at the other end of the pool, which leaves with its parent, however that went. That is seen to before
// anything else is loaded: what does the work takes half a second to load, in which a parent can be killed.
import { Worker } from "node:worker_threads"

const [, , store, parent] = process.argv

process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"))
// A body that computes without pause never hears of that; a thread of its own does.
new Worker(new URL("./watchdog.ts", import.meta.url), { workerData: Number(parent) }).unref()

await import("../imports.ts")
// Before any package is: it knows what was loaded.
await import("../world/load.ts")
const { argvOfWorkers, ofWorkers } = await import("../world/environment.ts")
// What else there is Node and the system know by now, and it is none of a stage's business.
for (const name of Object.keys(process.env)) if (!(name in ofWorkers)) delete process.env[name]
Object.assign(process, { argv: [...argvOfWorkers], execArgv: [] })
const { serve } = await import("./serve.ts")
serve(store!)
