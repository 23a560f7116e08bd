// A thread beside the main thread of a worker. Once the parent is gone, the thread ends the worker and all processes
// that the worker started, whatever the worker is doing. The parent's id is passed in: if the parent is gone already,
// the worker has another parent. Knows nothing about jobs.
import { workerData } from "node:worker_threads"

const look = (): void => {
  if (process.ppid !== workerData) process.kill(-process.pid, "SIGKILL")
}
look()
setInterval(look, 250)
