// What does a run ask for in all? Sums up what is predicted: how many nodes for which reason, and the time by what the
// spec expects of them or their stages took before. Pure; the sentence is in message/run.ts.
import type { Prediction } from "./prediction.ts"
import type { Difference } from "../key/key.ts"
import { stageOf, type Node } from "../node.ts"
import type { Built } from "../spec.ts"
import type { Reason } from "../key/reason.ts"

export interface Estimate {
  readonly hit: number
  readonly run: number
  /** Behind a node that runs: an unchanged result would spare them. */
  readonly maybe: number
  /** An input of theirs is left out and not there. */
  readonly blocked: number
  readonly leftOut: number
  /** Of the nodes that run, the most first; each node is counted once. */
  readonly reasons: { readonly [reason: string]: number }
  /** Of a run with these jobs in which every maybe runs; of the nodes whose time is known. */
  readonly seconds: number
  /** The same, were nothing done at once. */
  readonly coreSeconds: number
  /** How many of the nodes that run or may are of a stage never timed, of which the spec knows nothing either. */
  readonly untimed: number
  readonly jobs: number
}

interface Known {
  readonly jobs: number
  readonly leftOut: number
  /** What the spec expects of a node. */
  readonly expected: Built["seconds"]
}

/** Sums up a look ahead. `took` is what nodes of the past took, by their names. */
export const estimate = (
  predicted: ReadonlyMap<Node, Prediction>,
  took: ReadonlyMap<string, { readonly seconds: number }>,
  { jobs, leftOut, expected }: Known,
): Estimate => {
  const counts = { Hit: 0, Run: 0, Maybe: 0, Blocked: 0 }
  const reasons = new Map<string, number>()
  const usual = mediansOf(took)
  let [work, longest, untimed] = [0, 0, 0]
  for (const [node, what] of predicted) {
    counts[what._tag]++
    if (what._tag === "Run") {
      const kind = kindOf(what.reason)
      reasons.set(kind, (reasons.get(kind) ?? 0) + 1)
    }
    if (what._tag !== "Run" && what._tag !== "Maybe") continue
    const seconds = (node._tag === "StageNode" ? expected(node) : undefined) ?? usual.get(stageOf(node))
    if (seconds === undefined) untimed++
    else {
      work += seconds * (node._tag === "StageNode" ? Math.min(node.stage.resources.threads, jobs) : 1)
      longest = Math.max(longest, seconds)
    }
  }
  return {
    hit: counts.Hit,
    run: counts.Run,
    maybe: counts.Maybe,
    blocked: counts.Blocked,
    leftOut,
    reasons: Object.fromEntries([...reasons].sort(([, a], [, b]) => b - a)),
    seconds: Math.max(work / jobs, longest),
    coreSeconds: work,
    untimed,
    jobs,
  }
}

/** Nodes are told apart by which parts of their keys differ, not by how. */
const kindOf = (reason: Reason): string => {
  switch (reason._tag) {
    case "FirstRun":
      return "first run"
    case "Lost":
      return "missing output"
    case "Forced":
      return "forced"
    case "Changed":
      return [...new Set(reason.differences.map(partOf))].join(" + ")
  }
}

const partOf = ({ path }: Difference): string =>
  path.startsWith("inputs.") ? "input" : path.replace("params.", "param ")

// A node's name begins with its stage; what is no longer in the plan tells of its stage all the same.
const mediansOf = (took: ReadonlyMap<string, { readonly seconds: number }>): ReadonlyMap<string, number> => {
  const byStage = new Map<string, Array<number>>()
  for (const [node, { seconds }] of took) {
    const stage = node.split("/")[0]!
    const times = byStage.get(stage)
    if (times === undefined) byStage.set(stage, [seconds])
    else times.push(seconds)
  }
  return new Map([...byStage].map(([stage, times]) => [stage, median(times)]))
}

const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
