// Which Python has PyTorch? The one that PEER_PYTHON names, else `python3`.
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

export interface Peer {
  readonly command: string
  /** Of PyTorch. */
  readonly version: string
}

/** One thread each, and our own modules within reach. */
export const environment = {
  ...process.env,
  OMP_NUM_THREADS: "1",
  PYTHONPATH: fileURLToPath(new URL(".", import.meta.url)),
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONWARNINGS: "ignore",
}

/** The peer, or why there is none. */
export const findPeer = (): Peer | string => {
  const command = process.env["PEER_PYTHON"] ?? "python3"
  const { error, status, stdout, stderr } = spawnSync(command, ["-c", "import torch; print(torch.__version__)"], {
    encoding: "utf8",
    env: environment,
  })
  if (error !== undefined) return error.message
  return status === 0
    ? { command, version: stdout.trim() }
    : (stderr.trim().split("\n").at(-1) ?? `${command} ended with ${status}`)
}
