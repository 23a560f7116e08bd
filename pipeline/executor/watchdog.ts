// A thread beside a worker's own: ends the worker and all it started once its parent is gone, whatever the worker
// is doing.
import { workerData } from "node:worker_threads"

setInterval(() => {
  if (process.ppid !== workerData) process.kill(-process.pid, "SIGKILL")
}, 250)
