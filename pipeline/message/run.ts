// Every sentence a person reads of the engine. Functions from data to text, and nothing else.
import { systemCode } from "../../cache/border.ts"
import type { CacheError } from "../../cache/store.ts"
import type { CheckCounts } from "../check.ts"
import type { NodeError } from "../error.ts"
import type { Counts, Event } from "../event.ts"
import type { Forecast } from "../forecast.ts"
import type { Foreseen } from "../foreseen.ts"
import type { Difference } from "../key.ts"
import { checkCounts, verdict } from "./check.ts"
import { kept } from "./page.ts"
import { unverifiable, verified, verifySummary } from "./proof.ts"
import type { Reason } from "../reason.ts"

export const seconds = (value: number): string => {
  const whole = Math.round(value)
  if (value < 59.95) return `${value.toFixed(1)} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  if (whole >= 2 * 86_400) return `${Math.round(value / 86_400)} days`
  const minutes = Math.round(value / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const bytes = (value: number): string => {
  const units = ["B", "kB", "MB", "GB", "TB"]
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(value, 1)) / 3))
  return `${(value / 1000 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`
}

const short = (value: string | undefined): string => {
  if (value === undefined) return "(none)"
  if (/^[0-9a-f]{64}$/.test(value)) return value.slice(0, 12)
  return value.length > 60 ? `${value.slice(0, 57)}…` : value
}
// The digest of a package's files tells people nothing.
const versions = (before: string | undefined, after: string | undefined): string => {
  const [old, now] = [before, after].map((value) => value?.split(" ")[0] ?? "(none)")
  return old === now ? `${now}, its files changed` : `${old}→${now}`
}

export const changed = ({ path, before, after }: Difference): string => {
  if (path === "code") return "code"
  if (path.startsWith("package ")) return `${path} ${versions(before, after)}`
  const name = path.replace("params.", "param ").replace("inputs.", "input ")
  const [old, now] = [itemsOf(before), itemsOf(after)]
  if (old !== undefined && now !== undefined && (path.startsWith("inputs.") || Math.max(old.length, now.length) > 8)) {
    const kept = new Set(old)
    return `${name} ${old.length}→${now.length} items, ${now.filter((item) => !kept.has(item)).length} of them new`
  }
  return `${name} ${short(before)}→${short(after)}`
}

/** The items of a list, as texts. */
const itemsOf = (text: string | undefined): ReadonlyArray<string> | undefined =>
  text?.startsWith("[") ? (JSON.parse(text) as ReadonlyArray<unknown>).map((item) => JSON.stringify(item)) : undefined

/** At most three changes, and how many more there are. */
const changes = (differences: ReadonlyArray<Difference>): string => {
  const shown = differences.slice(0, 3).map(changed).join(", ")
  return differences.length > 3 ? `${shown} and ${differences.length - 3} more` : shown
}

export const reason = (why: Reason): string => {
  switch (why._tag) {
    case "FirstRun":
      return "first run"
    case "Changed":
      return changes(why.differences)
    case "Lost":
      return `missing ${why.outputs.join(", ")}`
    case "Forced":
      return "forced"
  }
}

export const foreseen = (what: Foreseen): string => {
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
      return `cannot run: needs ${what.input}, which is left out and not there`
  }
}

export const cache = (error: CacheError): string => {
  switch (error.reason) {
    case "Full":
      return `There is no room left in the store for ${error.what}. What was finished is kept: make room and run again.`
    case "Denied":
      if (systemCode(error.cause) === "ENOTDIR")
        return (
          "A file is in the way of the store, which needs a folder: " +
          `${(error.cause as NodeJS.ErrnoException).path ?? error.what}. Move the file, or name another store ` +
          "with --store."
        )
      return `The store may not be written at ${error.what}. Mend the permissions, or name another store with --store.`
    case "Gone":
      return (
        `The directory ${error.what} of the store is not there any more. Bring it back and run again: what was ` +
        "finished is in it."
      )
    case "Foreign":
      return (
        `${error.what} holds other files and is no store, so nothing was written there. A store is a folder of ` +
        "its own: name one with --store, and a run makes it where nothing is yet."
      )
    case "Exhausted":
      return (
        `Too many files are open to go on with ${error.what}. What was finished is kept: raise the limit (ulimit ` +
        "-n), or run fewer at once (--jobs), and run again."
      )
    case "Missing":
      return `${error.what} is not in the store.`
    case "Damaged":
      return `${error.what} was damaged in the store and has been put aside. Run again to make it anew.`
    case "NotAFile":
      return (
        `${error.what} is ${error.cause instanceof Error ? error.cause.message : "no file"}, and the store keeps a ` +
        "file there. Move it away and run again: what was in its place is made anew."
      )
    case "Unreadable":
    case "Changing":
      return `${error.what} cannot be taken into the store.`
    case "Unavailable":
      return (
        `The store failed at ${error.what}: ` +
        `${error.cause instanceof Error ? error.cause.message : "the system gave no reason"}.`
      )
  }
}

/** What is wrong, to whoever has to mend it. */
export const failure = (error: NodeError): string => (error._tag === "CacheError" ? cache(error) : error.message)

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`

/** The last line of every run. */
export const summary = (counts: Counts, checks: CheckCounts, took: number, leftOut = 0): string => {
  const { hit, joined, run, failed, skipped } = counts
  const all = hit + joined + run + failed + skipped + leftOut
  const left = leftOut === 0 ? "" : `, ${leftOut} left out`
  const replaced = counts.replaced === undefined ? "" : `${plural(counts.replaced, "lost result")} replaced · `
  return (
    `${plural(all, "node")}: ${hit} hit, ${joined} joined, ${run} run, ${failed} failed, ${skipped} skipped${left} · ` +
    `${replaced}${plural(checks.passed + checks.failed + checks.untested, "check")}: ${checkCounts(checks)} · ` +
    `${took.toFixed(1)} s`
  )
}

/** The last line of every plan. */
/** From an hour on one counts what a machine has to give. */
const LONG = 3600

export const forecast = ({
  hit,
  run,
  maybe,
  blocked,
  leftOut,
  reasons,
  seconds: expected,
  coreSeconds,
  untimed,
  jobs,
}: Forecast): string => {
  const why = Object.entries(reasons)
    .map(([kind, nodes]) => `${nodes} ${kind}`)
    .join(", ")
  const parts = [
    `${plural(run, "node")} would run${why === "" ? "" : `: ${why}`}`,
    ...(maybe === 0 ? [] : [`${maybe} more may, behind those`]),
    ...(blocked === 0 ? [] : [`${blocked} cannot, for want of an input that is left out`]),
    plural(hit, "hit"),
    ...(leftOut === 0 ? [] : [`${leftOut} left out`]),
  ]
  const open = run + maybe
  if (open === 0) return parts.join("; ")
  if (untimed === open) return `${parts.join("; ")} · nothing like it was timed before`
  const others = untimed === 0 ? "" : `, without ${untimed} of stages never timed`
  const coreHours = coreSeconds < LONG ? "" : ` (${Math.round(coreSeconds / 3600).toLocaleString("en")} core-hours)`
  return (
    `${parts.join("; ")} · ${maybe === 0 ? "about" : "at most about"} ${seconds(expected)} with ` +
    `${plural(jobs, "job")}${coreHours}${others}`
  )
}

export const nothingFailed = "No node of this spec that failed is left to run again."

/** Of a run that was asked for less than it needs. */
export const inputsMissing = (nodes: ReadonlyArray<string>): string => {
  const shown = nodes.slice(0, 5).join(", ")
  const rest = nodes.length > 5 ? ` and ${nodes.length - 5} more` : ""
  const [are, them] = nodes.length === 1 ? ["is", "it"] : ["are", "them"]
  return (
    `Nothing was run: ${shown}${rest} ${are} needed, left out, and not there as needed. Make ${them} first with ` +
    `--until ${nodes[0]!}, or use --until in place of --only, which takes in what is needed.`
  )
}

const resultReplaced = (node: string, outputs: ReadonlyArray<string>): string =>
  `replaced ${node}: ${outputs.join(", ")} came out with other bytes than those that were lost. ` +
  "The new result takes the place of the old one, and all that was made of the old one is made again. " +
  `To see whether the stage repeats itself: pipeline verify SPEC --only ${node}`

/** What an event says on a line of its own; nothing where it is not worth one. */
export const line = (event: Event): string | undefined => {
  switch (event._tag) {
    case "NodeStarted":
      return `start   ${event.node} (${reason(event.reason)})`
    case "NodeWaiting":
      return `wait    ${event.node}: another run is at it`
    case "NodeRetried":
      return `retry   ${event.node} in ${seconds(event.delay)} (${event.attempt} of ${event.of}): ${event.because}`
    case "NodeDone":
      return event.outcome === "hit"
        ? undefined
        : `${event.outcome === "run" ? "done   " : "joined "} ${event.node} (${seconds(event.seconds)})`
    case "NodeFailed":
      return `failed  ${event.node}: ${failure(event.error)}`
    case "NodeSkipped":
      return `skipped ${event.node}: ${event.because === null ? "the run was interrupted" : `needs ${event.because}`}`
    case "InputLost":
      return `lost    ${event.digest.slice(0, 12)} of ${event.producer}, which ${event.node} needs: it is made again`
    case "ResultDiffers":
      return (
        `differs ${event.node}: ${event.outputs.join(", ")} came out with other bytes than the first time. The ` +
        "first result stays."
      )
    case "ResultReplaced":
      return resultReplaced(event.node, event.outputs)
    case "NodeReopened":
      return `again   ${event.node}: ${event.because} gave something else than before`
    case "NodeVerified":
      return verified(event.node, event.differs, event.seconds)
    case "NodeUnverifiable":
      return unverifiable(event.node, event.gone)
    case "VerifyDone":
      return verifySummary(event.counts, event.seconds)
    case "Draining":
      return "Interrupted: what runs may finish, nothing new starts. Once more to stop at once."
    case "CheckJudged":
      return verdict(event.judged)
    case "PageWritten":
      return (
        "page    " +
        `${event.path}${event.changed ? "" : " (unchanged)"}${event.kept === undefined ? "" : `\n${kept(event.kept)}`}`
      )
    case "PageKept":
      return `page    ${event.path} was not drawn: ${event.because}`
    case "RunStarted":
    case "NodeProgress":
      return undefined
    case "RunDone":
      return summary(event.counts, event.checks, event.seconds, event.leftOut)
  }
}
