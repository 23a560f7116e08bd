// Looks for the peer once, before all tests, and says so where there is none.
import type { TestProject } from "vitest/node"
import { findPeer } from "./python.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** The Python that has PyTorch. */
    readonly python: string | null
  }
}

export default ({ provide }: TestProject): void => {
  const peer = findPeer()
  if (typeof peer === "string") process.stdout.write(`skipped: no PyTorch (${peer})\n`)
  provide("python", typeof peer === "string" ? null : peer.command)
}
