// What is measured, and what must be reached: row by row.
import { rmSync } from "node:fs"
import { join } from "node:path"
import { spend } from "./process.ts"
import { bigBlob, smallBlobs } from "./store.ts"
import type { Unit } from "./table.ts"

export interface Row {
  readonly work: string
  readonly target: number
  readonly unit: Unit
  /** More is better. */
  readonly atLeast?: true
  readonly measure: () => Promise<number>
}

/** Rows that share stores in a directory. */
export const rows = (directory: string): ReadonlyArray<Row> => {
  const filled = new Map<number, Promise<string>>()
  /** The store in which a graph of this size is done. */
  const done = (nodes: number): Promise<string> => {
    const name = `done-${nodes}`
    const made = filled.get(nodes) ?? spend(directory, "run", nodes, name, "--executor", "inline").then(() => name)
    filled.set(nodes, made)
    return made
  }
  const nothing = async (nodes: number) => spend(directory, "run", nodes, await done(nodes))
  const idle = (nodes: number, target: number): Row => ({
    work: `nothing to do, ${nodes.toLocaleString("en")} nodes`,
    target,
    unit: "s",
    measure: async () => (await nothing(nodes)).seconds,
  })

  let fresh = 0
  const cold = async (nodes: number, executor: "inline" | "pool"): Promise<number> => {
    const name = `fresh-${fresh++}`
    const { cpuSeconds } = await spend(directory, "run", nodes, name, "--executor", executor)
    rmSync(join(directory, name), { recursive: true })
    return cpuSeconds
  }
  /**
   * By the difference of two graphs: what a run costs once (bundling code, drawing the page, starting workers) is no
   * node's.
   */
  const perNode = (executor: "inline" | "pool", nodes: number, target: number): Row => ({
    work: `CPU of a trivial node, ${executor}, ${nodes.toLocaleString("en")} nodes`,
    target,
    unit: "ms",
    measure: async () => {
      const few = nodes / 10
      const cpuOfFew = await cold(few, executor)
      return (1000 * ((await cold(nodes, executor)) - cpuOfFew)) / (nodes - few)
    },
  })
  return [
    idle(1_000, 0.3),
    idle(10_000, 0.5),
    idle(100_000, 2.5),
    {
      work: "memory, nothing to do, 100,000 nodes",
      target: 300,
      unit: "MB",
      measure: async () => (await nothing(100_000)).bytes / 1e6,
    },
    {
      work: "plan with a changed constant, 10,000 nodes",
      target: 0.6,
      unit: "s",
      measure: async () =>
        (await spend(directory, "plan", 10_000, await done(10_000), "--set", "constant=1000")).seconds,
    },
    perNode("inline", 10_000, 1),
    perNode("pool", 10_000, 3),
    {
      work: "store: 10,000 blobs of 1 KiB, written and read",
      target: 1,
      unit: "s",
      measure: () => smallBlobs(join(directory, `small-${fresh++}`), 10_000),
    },
    {
      work: "store: one file of 1 GiB",
      target: 0.6,
      unit: "of sha256",
      atLeast: true,
      measure: () => bigBlob(directory, `big-${fresh++}`),
    },
  ]
}
