// A thread beside a worker's own: ends the worker and all it started once its parent is gone, whatever the worker
// is doing. Who the parent is it is told: one that is gone already has left the worker to another.
import { workerData } from "node:worker_threads"

const look = (): void => {
  if (process.ppid !== workerData) process.kill(-process.pid, "SIGKILL")
}
look()
setInterval(look, 250)
