// How much work is a run? Sums up the predictions: how many nodes run for each reason, and the expected time. The time
// of a node comes from the spec, or from what its stage took before. Pure. Knows nothing about the sentence on the
// terminal: `run/message.ts` writes that.
import type { Prediction } from "./prediction.ts"
import type { Difference } from "../key/key.ts"
import { stageOf, type Node } from "../node.ts"
import type { Built } from "../spec.ts"
import type { Reason } from "../key/reason.ts"

export interface Estimate {
  readonly hit: number
  readonly run: number
  /** Nodes behind a node that runs: they stay hits if that node gives an unchanged result. */
  readonly maybe: number
  /** Nodes that cannot run: one of their inputs is left out and not in the store. */
  readonly blocked: number
  readonly leftOut: number
  /** The nodes that run, counted by reason, most frequent reason first. Each node counts once. */
  readonly reasons: { readonly [reason: string]: number }
  /** Expected seconds with this number of jobs if every maybe runs. Counts only nodes whose time is known. */
  readonly seconds: number
  /**
   * The range of `seconds`: only what runs for certain, every node at the lower end of what it may take; and all that
   * may run, every node at the upper end.
   */
  readonly range: readonly [least: number, most: number]
  /** Expected seconds of the same nodes on a single core. */
  readonly coreSeconds: number
  /** How many times come from formulas of the spec. */
  readonly byFormula: number
  /** How many times come from earlier runs of nodes of the same stage. */
  readonly byPast: number
  /**
   * How many nodes run or may run without a known time: their stage was never timed, and the spec gives no time either.
   */
  readonly untimed: number
  readonly jobs: number
}

interface Known {
  readonly jobs: number
  readonly leftOut: number
  /** The seconds that the spec expects for a node. */
  readonly expected: Built["seconds"]
}

/** Sums up predictions. `took` gives the seconds that nodes took in the past, by node name. */
export const estimate = (
  predicted: ReadonlyMap<Node, Prediction>,
  took: ReadonlyMap<string, { readonly seconds: number }>,
  { jobs, leftOut, expected }: Known,
): Estimate => {
  const counts = { Hit: 0, Run: 0, Maybe: 0, Blocked: 0 }
  const reasons = new Map<string, number>()
  const usual = pastOf(took)
  const total = { expected: noTime, least: noTime, most: noTime }
  const basis = { byFormula: 0, byPast: 0, untimed: 0 }
  for (const [node, what] of predicted) {
    counts[what._tag]++
    if (what._tag === "Run") {
      const kind = kindOf(what.reason)
      reasons.set(kind, (reasons.get(kind) ?? 0) + 1)
    }
    if (what._tag !== "Run" && what._tag !== "Maybe") continue
    const cores = node._tag === "StageNode" ? Math.min(node.stage.resources.threads, jobs) : 1
    const formula = node._tag === "StageNode" ? expected(node) : undefined
    const time = formula === undefined ? usual.get(stageOf(node)) : around(formula / cores)
    basis[formula !== undefined ? "byFormula" : time !== undefined ? "byPast" : "untimed"]++
    if (time === undefined) continue
    for (const end of ends) if (end !== "least" || what._tag === "Run") total[end] = plus(total[end], time[end], cores)
  }
  const secondsOf = ({ work, longest }: Total): number => Math.max(work / jobs, longest)
  return {
    hit: counts.Hit,
    run: counts.Run,
    maybe: counts.Maybe,
    blocked: counts.Blocked,
    leftOut,
    reasons: Object.fromEntries([...reasons].sort(([, a], [, b]) => b - a)),
    seconds: secondsOf(total.expected),
    range: [secondsOf(total.least), secondsOf(total.most)],
    coreSeconds: total.expected.work,
    ...basis,
    jobs,
  }
}

/** Fewer times than this give no range of their own. */
const FEW = 10

/** A formula for the seconds of a node, or the time of a few earlier nodes, is good to about this factor. */
export const FORMULA_FACTOR = 3

/** The seconds that one node takes, and the ends of their range. */
interface Time {
  readonly least: number
  readonly expected: number
  readonly most: number
}
const ends = ["least", "expected", "most"] as const
const around = (seconds: number): Time => ({
  least: seconds / FORMULA_FACTOR,
  expected: seconds,
  most: seconds * FORMULA_FACTOR,
})

/** The core-seconds of all nodes, and the seconds of the longest one. */
interface Total {
  readonly work: number
  readonly longest: number
}
const noTime: Total = { work: 0, longest: 0 }
const plus = ({ work, longest }: Total, seconds: number, cores: number): Total => ({
  work: work + seconds * cores,
  longest: Math.max(longest, seconds),
})

/** Groups reasons by which parts of the key differ; the old and new values do not count. */
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

// A node's name begins with the name of its stage, so a node that left the plan still gives a time for its stage. The
// median is expected; a tenth of the times lies beyond each end. A few times say little about how times vary.
const pastOf = (took: ReadonlyMap<string, { readonly seconds: number }>): ReadonlyMap<string, Time> => {
  const byStage = new Map<string, Array<number>>()
  for (const [node, { seconds }] of took) {
    const stage = node.split("/")[0]!
    const times = byStage.get(stage)
    if (times === undefined) byStage.set(stage, [seconds])
    else times.push(seconds)
  }
  return new Map(
    [...byStage].map(([stage, times]) => {
      const sorted = times.toSorted((a, b) => a - b)
      const median = quantile(sorted, 0.5)
      if (sorted.length < FEW) return [stage, around(median)]
      return [stage, { least: quantile(sorted, 0.1), expected: median, most: quantile(sorted, 0.9) }]
    }),
  )
}

/** On a straight line between neighbours. */
const quantile = (sorted: ReadonlyArray<number>, part: number): number => {
  const at = part * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  return low + (at - Math.floor(at)) * (high - low)
}
