// The sentences about past runs: what message.ts is to the run at hand. Functions from data to text.
import type { CheckEnd } from "./account.ts"
import type { Change } from "./compare.ts"
import { exitCode, type ExitCode } from "./error.ts"
import type { Ancestor } from "./lineage.ts"
import { seconds } from "./message.ts"
import type { NodeEnd, Past } from "./past.ts"
import type { Timeline } from "./timeline.ts"

/** The part of a run's id that people type. */
export const shortRun = (run: string): string => run.slice(-8)
const short = (digest: string): string => digest.slice(0, 12)
const when = (time: number): string => new Date(time).toISOString().slice(0, 19).replace("T", " ")

/** How a run ended, by its exit code. */
const ending = (code: ExitCode | null): string => {
  switch (code) {
    case null:
      return "cut off, or still at it"
    case exitCode.done:
      return "done"
    case exitCode.stageFailed:
      return "a stage failed"
    case exitCode.usage:
      return "a mistake in spec or data"
    case exitCode.verdictDiffers:
      return "a check is not as declared"
    case exitCode.timedOut:
      return "a time-out"
    case exitCode.interrupted:
      return "interrupted"
    default:
      return "trouble with store or workers"
  }
}

const settingsOf = (settings: Past["settings"]): string =>
  settings === null ? "(settings not kept)" : Object.entries(settings).map(([name, value]) => `${name}=${typeof value === "object" ? [value].flat().join(",") : String(value)}`).join(" ")

/** One run of a list of runs. */
export const run = ({ run, spec, began, settings, counts, seconds: took, code, checks }: Past): string => {
  const failed = checks.filter((check) => !check.asDeclared).length
  const untested = checks.filter((check) => check.asDeclared && check.verdict === "not tested").length
  const nodes = (["hit", "joined", "run", "failed", "skipped"] as const).map((how) => `${counts[how] ?? "?"} ${how}`).join(", ")
  return `${shortRun(run)}  ${when(began)} UTC  ${spec}  ${nodes} · checks: ${checks.length - failed - untested} passed, ${failed} failed${untested === 0 ? "" : `, ${untested} not tested`} · ${seconds(took)} · ${ending(code)}\n          ${settingsOf(settings)}`
}

export const noRuns = (store: string): string => `No run has left a journal in ${store}.`

export const noSuchRun = (name: string, runs: ReadonlyArray<string>): string =>
  runs.length === 0 ? "There are no runs yet." : `No single run is meant by ${name}. The last ones are: ${runs.slice(-5).map(shortRun).join(", ")}. See pipeline runs; last and last~1 are understood, too.`

export const neverExecuted = (node: string): string => `No run in this store has come to ${node}. See pipeline plan for all names.`

/** When a node was executed the last time; `made` is when what it has now was made. */
export const lastExecution = (node: string, end: Exclude<NodeEnd, { readonly _tag: "Skipped" }>, made: number | null): string => {
  if (end._tag === "Failed") return `${node} failed at ${when(end.ended)} UTC: ${end.message}`
  return `${node} was made${made === null ? "" : ` at ${when(made)} UTC`}, in ${seconds(end.seconds)}.`
}
export const noLog = (failed: boolean): string =>
  failed ? "No log is kept: the worker was lost or the node did not get as far as its stage. A stage's own failure keeps its log." : "Its log is no longer in the store."
export const emptyLog = "(it logged nothing)"

/** One row of a tree. */
export const ancestor = ({ depth, node, outputs, input, again }: Ancestor): string => {
  const made = outputs.map(({ name, digest }) => `${name} ${digest === null ? "(not made)" : short(digest)}`).join(", ")
  return `${"  ".repeat(depth)}${node}  ${made}${input === null ? "" : `  as ${input}`}${again ? "  (see above)" : ""}`
}
export const up = "It comes from:"
export const down = "It is needed by:"

/** What became of a node in a run, in a word or two. */
export const end = (what: NodeEnd): string => (what._tag === "Done" ? short(what.key) : what._tag === "Failed" ? `failed: ${what.message}` : "skipped")

const checkEnd = (check: CheckEnd | undefined): string =>
  check === undefined ? "(none)" : `${check.verdict}${check.measured === null ? "" : ` ${Number(check.measured.toPrecision(6))}`}`
export const checkChange = ({ name, before, after }: Change<CheckEnd | undefined>): string => `${name}: ${checkEnd(before)} → ${checkEnd(after)}`

export const outputChange = (name: string, before: string | undefined, after: string | undefined): string =>
  before === after ? `${name} the same` : `${name} ${before === undefined ? "(none)" : short(before)}→${after === undefined ? "(none)" : short(after)}`

export const noDifference = "The two runs do not differ."
export const partial = (run: string): string => `Of ${shortRun(run)} only what it wrote itself is known: it has no end, or is of an older version.`

export const criticalPath = "The critical path"
export const timelineSummary = ({ bars, lanes, seconds: length, criticalSeconds, cores }: Timeline): string =>
  `${bars.length} nodes ran in ${seconds(length)}, at most ${lanes} at once, on ${cores.toFixed(2)} cores in the mean; the critical path took ${seconds(criticalSeconds)}.`
export const timelineTitle = ({ run, spec, began }: Past): string => `${spec}, run ${shortRun(run)} of ${when(began)} UTC`
export const nothingRan = "Nothing ran in it: every node was a hit."
