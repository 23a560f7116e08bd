// The sentences about a run and about its prediction. Functions from data to text. Knows nothing about where the text
// goes.
import type { CheckCounts } from "../check.ts"
import type { Counts } from "../event.ts"
import { changes, reason } from "../key/message.ts"
import { count, firstOf, seconds } from "../text/amount.ts"
import { FORMULA_FACTOR, type Estimate } from "./estimate.ts"
import type { Prediction } from "./prediction.ts"
import { checkCounts } from "./verdict-message.ts"

export const predicted = (what: Prediction): string => {
  switch (what._tag) {
    case "Hit":
      return "hit"
    case "Run":
      return `run: ${reason(what.reason)}`
    case "Maybe": {
      const own = what.differences.length === 0 ? "" : `${changes(what.differences)}; `
      const missing = what.missing === undefined ? "" : `missing ${what.missing.join(", ")}; `
      return `maybe: ${own}${missing}${what.behind} runs`
    }
    case "Blocked":
      return `cannot run: needs ${what.input}, which is left out and not in the store`
  }
}

/** The last line of every run. */
export const summary = (counts: Counts, checks: CheckCounts, took: number, leftOut = 0): string => {
  const { hit, joined, run, failed, skipped } = counts
  const all = hit + joined + run + failed + skipped + leftOut
  const left = leftOut === 0 ? "" : `, ${leftOut} left out`
  const judged = checks.passed + checks.open + checks.failed + checks.unjudged
  const replaced = counts.replaced === undefined ? "" : `${count(counts.replaced, "lost result")} replaced · `
  return (
    `${count(all, "node")}: ${hit} hit, ${joined} joined, ${run} run, ${failed} failed, ${skipped} skipped${left} · ` +
    `${replaced}${count(judged, "check")}: ${checkCounts(checks)} · ` +
    `${took.toFixed(1)} s`
  )
}

/** From this many seconds on, the plan also shows core-hours: one hour. */
const LONG = 3600

/** The last line of every plan. */
export const estimate = ({
  hit,
  run,
  maybe,
  blocked,
  leftOut,
  reasons,
  seconds: expected,
  range: [least, most],
  coreSeconds,
  byFormula,
  byPast,
  untimed,
  jobs,
}: Estimate): string => {
  const why = Object.entries(reasons)
    .map(([kind, nodes]) => `${nodes} ${kind}`)
    .join(", ")
  const parts = [
    `${count(run, "node")} would run${why === "" ? "" : `: ${why}`}`,
    ...(maybe === 0 ? [] : [`${maybe} more may run after them`]),
    ...(blocked === 0 ? [] : [`${blocked} cannot run, because an input is left out`]),
    count(hit, "hit"),
    ...(leftOut === 0 ? [] : [`${leftOut} left out`]),
  ]
  const open = run + maybe
  if (open === 0) return parts.join("; ")
  if (untimed === open) return `${parts.join("; ")} · no such node was timed before`
  const coreHours = coreSeconds < LONG ? "" : ` (${Math.round(coreSeconds / 3600).toLocaleString("en")} core-hours)`
  const bases = [
    ...(byFormula === 0 ? [] : [`${byFormula} by formulas of the spec, good to a factor of ${FORMULA_FACTOR}`]),
    ...(byPast === 0 ? [] : [`${byPast} by earlier runs of their stage`]),
    ...(untimed === 0 ? [] : [`${untimed} of stages that were never timed, not counted`]),
  ]
  return (
    `${parts.join("; ")} · about ${seconds(expected)} with ${count(jobs, "job")}` +
    `${maybe === 0 ? "" : " if all of them run"}${coreHours}, between ${seconds(least)} and ${seconds(most)}: ` +
    bases.join(", ")
  )
}

export const nothingFailed = "No failed node of this spec is left to run again."

/** For a run whose selection leaves out an input that the run needs. */
export const inputsMissing = (nodes: ReadonlyArray<string>): string => {
  const [are, them] = nodes.length === 1 ? ["is", "it"] : ["are", "them"]
  return (
    `Nothing was run: ${firstOf(nodes, 5)} ${are} needed and left out, and the results are not in the store. Make ` +
    `${them} first with --until ${nodes[0]!}, or use --until instead of --only: it includes all nodes that are needed.`
  )
}
