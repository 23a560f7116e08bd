// Loaded before a process that is measured: leaves behind the most memory that it ever had resident.
import { writeFileSync } from "node:fs"
import { isMainThread } from "node:worker_threads"

const file = process.env["PEAK"]
// Not in the workers, which are not given the variable.
if (file !== undefined && isMainThread)
  process.on("exit", () => writeFileSync(file, JSON.stringify({ bytes: process.resourceUsage().maxRSS * 1024 })))
