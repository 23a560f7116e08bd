// The sentences about past runs (`run/message.ts` has the sentences about the current run). Functions from data to
// text. Knows nothing about where the text goes.
import { countChecks } from "../check.ts"
import type { CheckEnd } from "./run-journal.ts"
import type { Change } from "./compare.ts"
import type { Address, ColumnChange, TableChange } from "./compare-table.ts"
import { exitCode, type ExitCode } from "../error.ts"
import type { Ancestor } from "./lineage.ts"
import { checkCounts, verdictWord } from "../run/verdict-message.ts"
import type { NodeEnd, Past } from "./runs.ts"
import type { Timeline } from "./timeline.ts"
import { seconds } from "../text/amount.ts"
import { listed } from "../text/listed.ts"

/** The part of a run's id that people type. */
export const shortRun = (run: string): string => run.slice(-8)
const short = (digest: string): string => digest.slice(0, 12)
/** A time, in UTC. */
export const when = (time: number): string => new Date(time).toISOString().slice(0, 19).replace("T", " ")

/** How a run ended, by its exit code. */
export const ending = (code: ExitCode | null): string => {
  switch (code) {
    case null:
      return "cut off, or still running"
    case exitCode.done:
      return "done"
    case exitCode.stageFailed:
      return "a stage failed"
    case exitCode.usage:
      return "a mistake in the spec or the data"
    case exitCode.verdictDiffers:
      return "a check is not as declared"
    case exitCode.timedOut:
      return "a time-out"
    case exitCode.interrupted:
      return "interrupted"
    default:
      return "a problem with the store or the workers"
  }
}

const settingsOf = (settings: Past["settings"]): string =>
  settings === null
    ? "(settings not kept)"
    : Object.entries(settings)
        .map(([name, value]) => `${name}=${listed(value)}`)
        .join(" ")

/** One run in the list of runs. */
export const run = ({
  run,
  spec,
  began,
  settings,
  counts,
  seconds: took,
  code,
  checks,
  accepted,
  tags,
}: Past): string => {
  const nodes = (["hit", "joined", "run", "failed", "skipped"] as const)
    .map((how) => `${counts[how] ?? "?"} ${how}${how === "hit" && accepted > 0 ? ` (${accepted} accepted)` : ""}`)
    .join(", ")
  return (
    `${shortRun(run)}  ${when(began)} UTC  ${spec}  ${nodes} · checks: ${checkCounts(countChecks(checks))} · ` +
    `${seconds(took)} · ${ending(code)}${tags.length === 0 ? "" : ` · tagged ${tags.join(", ")}`}\n          ` +
    `${settingsOf(settings)}`
  )
}

/** One claim in one run. */
export const claimInRun = ({ run, began, spec, settings }: Past, check: Past["checks"][number]): string => {
  const { measured, spread, verdict } = check
  const interval = typeof spread === "number" ? ` ± ${Number(spread.toPrecision(2))}` : ""
  const value = measured === null ? "no number" : `${Number(measured.toPrecision(6))}${interval}`
  const scale = settings?.["scale"] === undefined ? "" : ` (${String(settings["scale"])})`
  return `${shortRun(run)}  ${when(began)} UTC  ${spec}${scale}  ${value}  ${verdictWord(verdict)}`
}

export const noSuchClaim = (id: string, near: ReadonlyArray<string>): string =>
  `No run in this store has judged a claim ${id}.${near.length === 0 ? "" : ` Similar ids: ${near.join(", ")}.`}`

export const noRuns = (store: string): string => `No run has left a journal in ${store}.`

export const noSuchRun = (name: string, runs: ReadonlyArray<Past>): string => {
  if (runs.length === 0) return "There are no runs yet."
  const tags = runs.flatMap((each) => each.tags)
  const last = runs.slice(-5).map((each) => shortRun(each.run))
  const named = tags.length === 0 ? "" : `; the tags are: ${tags.join(", ")}`
  return (
    `${name} does not name exactly one run. The last runs are: ${last.join(", ")}${named}. ` +
    "See pipeline runs; you can also write last or last~1."
  )
}

/** A run got a tag. `before` is the run that had this tag until now. */
export const tagged = (name: string, run: string, before: string | undefined): string => {
  const other =
    before === undefined || before === run
      ? ""
      : `; before, it named ${shortRun(before)}, whose results pipeline gc may now remove`
  return `${name} names the run ${shortRun(run)}${other}.`
}
export const untagged = (name: string, run: string): string =>
  `${name} no longer names a run; it named ${shortRun(run)}, whose results pipeline gc may now remove.`
export const noSuchTag = (name: string, tags: ReadonlyArray<string>): string =>
  `No run is tagged ${name}. ${tags.length === 0 ? "There are no tags." : `The tags are: ${tags.join(", ")}.`}`
export const badTag = (name: string): string =>
  `${name} cannot be a tag: write letters, digits, dots, dashes and underscores, but not the word last, and not ` +
  "the beginning of a run's id, which is a date or up to eight of the digits 0-9 and a-f."
export const howToTag =
  "Give a run and its new tag: pipeline tag last baseline. Or remove a tag: pipeline tag --delete baseline."

export const neverExecuted = (node: string): string =>
  `No run in this store has reached ${node}. See pipeline plan for all names.`

/** When a node last ran. `made` is when its current outputs were made. */
export const lastExecution = (
  node: string,
  end: Exclude<NodeEnd, { readonly _tag: "Skipped" }>,
  made: number | null,
): string => {
  if (end._tag === "Failed") return `${node} failed at ${when(end.ended)} UTC: ${end.message}`
  return `${node} was made${made === null ? "" : ` at ${when(made)} UTC`}, in ${seconds(end.seconds)}.`
}
export const noLog = (failed: boolean): string =>
  failed
    ? "No log is kept: the worker was lost, or the node failed before its stage ran. If the stage itself fails, " +
      "its log is kept."
    : "Its log is no longer in the store."
export const emptyLog = "(it logged nothing)"

/** At most so many outputs of a node over a list are named. */
const outputsTold = 6

/** One row of a lineage. */
export const ancestor = ({ depth, node, outputs, input, again }: Ancestor): string => {
  const made = outputs
    .slice(0, outputsTold)
    .map(({ name, digest }) => `${name} ${digest === null ? "(not made)" : short(digest)}`)
  if (outputs.length > outputsTold) made.push(`… ${outputs.length} in all`)
  const items = made.length === 0 ? "(no items)" : made.join(", ")
  const as = input === null ? "" : `  as ${input}`
  return `${"  ".repeat(depth)}${node}  ${items}${as}${again ? "  (see above)" : ""}`
}
export const up = "It comes from:"
export const down = "It is needed by:"

/** How a node ended in a run, in one or two words. */
export const end = (what: NodeEnd): string =>
  what._tag === "Done" ? short(what.key) : what._tag === "Failed" ? `failed: ${what.message}` : "skipped"

const checkEnd = (check: CheckEnd | undefined): string =>
  check === undefined
    ? "(none)"
    : `${verdictWord(check.verdict)}${check.measured === null ? "" : ` ${Number(check.measured.toPrecision(6))}`}`
export const checkChange = ({ name, before, after }: Change<CheckEnd | undefined>): string =>
  `${name}: ${checkEnd(before)} → ${checkEnd(after)}`

export const outputChange = (name: string, before: string | undefined, after: string | undefined): string =>
  before === after
    ? `${name} the same`
    : `${name} ${before === undefined ? "(none)" : short(before)}→${after === undefined ? "(none)" : short(after)}`

/** What changed in a table: at most three columns, each with its largest change. */
export const tableChange = (name: string, { paired, columns, before, after }: TableChange): ReadonlyArray<string> => {
  const alone = [
    ["before", before],
    ["after", after],
  ] as const
  const lines = [
    ...columns.slice(0, 3).map((column) => columnChange(column, paired)),
    ...(columns.length > 3 ? [`and in ${columns.length - 3} more columns`] : []),
    ...alone.flatMap(([side, { columns }]) =>
      columns.length === 0 ? [] : [`columns only ${side}: ${columns.join(", ")}`],
    ),
    ...alone.flatMap(([side, { rows, first }]) =>
      rows === 0
        ? []
        : [`rows only ${side}: ${rows} (${first.map(address).join("; ")}${rows > first.length ? "; …" : ""})`],
    ),
  ]
  return lines.length === 0
    ? [`${name}: the same values, in another order or in other bytes`]
    : lines.map((line) => `${name}: ${line}`)
}
const columnChange = ({ name, rows, most: { at, before, after, relative } }: ColumnChange, paired: number): string => {
  const where = Object.keys(at).length === 0 ? "" : ` at ${address(at)}`
  return (
    `${name} in ${rows} of ${paired} ${paired === 1 ? "row" : "rows"}, the largest change${where}: ${cell(before)} → ` +
    `${cell(after)}${relative === null ? "" : ` (${Number((100 * relative).toPrecision(2))} %)`}`
  )
}
const address = (at: Address): string =>
  Object.entries(at)
    .map(([label, value]) => `${label}=${cell(value)}`)
    .join(",")
const cell = (value: Address[string]): string =>
  typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value)

export const noDifference = "The two runs do not differ."
export const partial = (run: string): string =>
  `Of ${shortRun(run)} only the nodes in its own journal are known: it has no end, or an older version wrote it.`

/** A page about two runs, and what it cannot show. */
export const comparisonTitle = (spec: string, [first, second]: readonly [string, string]): string =>
  `${spec}: ${first} and ${second}`
export const comparisonPage = (path: string): string => `page    ${path}`
export const figureLeft = (id: string, why: string): string => `without figure ${id}: ${why}`
export const figureNotMade = (run: string): string => `The run ${run} did not make it.`
export const figureGone = (run: string): string =>
  `The data that the run ${run} made for it is no longer in the store; gc removed it, or it was lost.`
export const oneRun = (run: string): string =>
  `Both names mean the run ${run}. Name two runs to compare; see pipeline runs.`
export const twoSpecs = (first: Past, second: Past): string =>
  `${shortRun(first.run)} is a run of ${first.spec}, but ${shortRun(second.run)} is a run of ${second.spec}. Only ` +
  "runs of the same spec have the same figures; pipeline diff compares any two runs."
export const noComparison = (spec: string): string =>
  `The page of ${spec} cannot compare runs: the module that its render imports does not export compare.`

export const criticalPath = "The critical path"
export const timelineSummary = ({ bars, lanes, seconds: length, criticalSeconds, cores }: Timeline): string =>
  `${bars.length} nodes ran in ${seconds(length)}, at most ${lanes} at once, on ${cores.toFixed(2)} cores on ` +
  `average; the critical path took ${seconds(criticalSeconds)}.`
export const timelineTitle = ({ run, spec, began }: Past): string =>
  `${spec}, run ${shortRun(run)} of ${when(began)} UTC`
export const nothingRan = "No node ran in this run: every node was a hit."
