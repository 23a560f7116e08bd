// What did a past run do? Reads the lines of all runs and gives the settings, ends and nodes of one run. Pure. A run
// writes only new results (`run-journal.ts`), so the nodes that it found done come from the lines of earlier runs.
// Knows nothing about files.
import type { Data, Digest, Key } from "../../cache/digest.ts"
import type { Line } from "../../cache/journal.ts"
import type { Began, CheckEnd, Ended, NodeDone, NodeFailed } from "./run-journal.ts"
import type { Verdict } from "../check.ts"
import type { ExitCode } from "../error.ts"
import type { Counts } from "../event.ts"
import { journalId, runId } from "../run/context.ts"

/** The journal lines of one run. */
export interface Written {
  readonly run: string
  readonly lines: ReadonlyArray<Line>
}

/**
 * A run with at least one line. A value is null if an older journal did not keep it, or if a killed run could not write
 * it.
 */
export interface Past {
  readonly run: string
  readonly spec: string
  /** Milliseconds since 1970. */
  readonly began: number
  readonly settings: { readonly [name: string]: Data } | null
  readonly nodes: number | null
  readonly counts: { readonly [C in keyof Counts]: number | null }
  readonly seconds: number
  /** Null for a run that was killed or is still running. */
  readonly code: ExitCode | null
  readonly checks: ReadonlyArray<CheckEnd>
  /** How many of its hits a person accepted in this run. 0 for a run that computes nodes. */
  readonly accepted: number
  /** The tags that people gave to the run. */
  readonly tags: ReadonlyArray<string>
}

/** How a node ended in a run. */
export type NodeEnd =
  | {
      readonly _tag: "Done"
      readonly outcome: NodeDone["outcome"]
      readonly key: Key
      readonly began: number | null
      readonly ended: number
      readonly seconds: number
    }
  | {
      readonly _tag: "Failed"
      readonly message: string
      readonly log: Digest | null
      readonly began: number | null
      readonly ended: number
    }
  | { readonly _tag: "Skipped" }

/** All runs with at least one line, with their tags. */
export const pastRuns = (all: ReadonlyArray<Written>): ReadonlyArray<Past> => {
  const tags = tagsIn(all)
  return all.flatMap(
    (each) =>
      past(
        each,
        Array.from(tags).flatMap(([name, run]) => (run === each.run ? [name] : [])),
      ) ?? [],
  )
}

// Journals of earlier versions have other words for verdicts.
const older: ReadonlyMap<string, Verdict> = new Map([
  ["reproduced", "agrees"],
  ["different", "differs"],
  ["not reproduced", "contradicts"],
  ["not tested", "not judged"],
])

/** The whole run; undefined if no line names a spec. */
export const past = ({ run, lines }: Written, tags: ReadonlyArray<string> = []): Past | undefined => {
  const spec = specOf(lines)
  if (spec === undefined) return undefined
  const began = valueIn<Began>(lines, runId(spec, "began"))
  const ended = valueIn<Ended>(lines, runId(spec, "ended"))
  return {
    run,
    spec,
    began: lines[0]!.time,
    settings: began?.settings ?? null,
    nodes: began?.nodes ?? null,
    counts: ended?.counts ?? countsIn(lines, spec),
    seconds: ended?.seconds ?? (lines.at(-1)!.time - lines[0]!.time) / 1000,
    code: ended?.code ?? null,
    checks: (ended?.checks ?? []).map((each) => ({ ...each, verdict: older.get(each.verdict) ?? each.verdict })),
    accepted: ended?.accepted ?? 0,
    tags,
  }
}

/** The journal id for a tag. Its value is the id of a run, or null after the tag was deleted. */
export const tagId = (name: string): string => `tag ${name}`

const tagsIn = (all: ReadonlyArray<Written>): ReadonlyMap<string, string> => {
  const lines = all
    .flatMap((each) => each.lines.filter(({ id }) => id.startsWith(tagId(""))))
    .sort((a, b) => a.time - b.time)
  const said = new Map(lines.map(({ id, value }) => [id.slice(tagId("").length), value as string | null]))
  return new Map(Array.from(said).flatMap(([name, run]) => (run === null ? [] : [[name, run] as const])))
}

/**
 * How each node ended in a run, given the lines of all runs. For a run without an end, only the nodes in its own lines
 * are known: nobody can tell whether the run reached the other nodes.
 */
export const nodesOf = (
  { run, spec, began, code }: Past,
  all: ReadonlyArray<Written>,
): ReadonlyMap<string, NodeEnd> => {
  const own = all.find((each) => each.run === run)!.lines
  if (code === null) return new Map(endsIn(own, spec))
  const before = all
    .filter((each) => each.run !== run)
    .flatMap(({ lines }) => lines.filter(({ time }) => time < began))
    .sort((a, b) => a.time - b.time)
  const nodes = new Map<string, NodeEnd>()
  // A result that an earlier run left is a hit in this run.
  for (const [node, end] of endsIn(before, spec))
    if (end._tag === "Done") nodes.set(node, { ...end, outcome: "hit", began: null })
  for (const node of valueIn<ReadonlyArray<string>>([...before, ...own], runId(spec, "absent")) ?? [])
    nodes.delete(node)
  for (const node of valueIn<Ended>(own, runId(spec, "ended"))?.skipped ?? []) nodes.set(node, { _tag: "Skipped" })
  for (const [node, end] of endsIn(own, spec)) nodes.set(node, end)
  return nodes
}

/** How a node ended in the last line about this node. */
export const lastEnd = (all: ReadonlyArray<Written>, spec: string, node: string): NodeEnd | undefined => {
  const ids = new Set([journalId(spec, node, "done"), journalId(spec, node, "failed")])
  const lines = all.flatMap((each) => each.lines.filter(({ id }) => ids.has(id))).sort((a, b) => a.time - b.time)
  return new Map(endsIn(lines.slice(-1), spec)).get(node)
}

const valueIn = <A>(lines: ReadonlyArray<Line>, id: string): A | undefined =>
  lines.findLast((line) => line.id === id)?.value as A | undefined

// Older runs did not write their spec. The path of the spec ends at its file extension.
const specOf = (lines: ReadonlyArray<Line>): string | undefined => {
  const said = lines.find(({ id }) => id.startsWith("began "))?.id.slice("began ".length)
  return said ?? lines.flatMap(({ id }) => /^(?:done|failed) (.+?\.[cm]?[jt]s) /.exec(id)?.[1] ?? [])[0]
}

const endsIn = function* (lines: ReadonlyArray<Line>, spec: string): Generator<readonly [node: string, NodeEnd]> {
  const [done, failed] = [journalId(spec, "", "done"), journalId(spec, "", "failed")]
  for (const { id, time, value } of lines) {
    if (id.startsWith(done)) {
      const { key, outcome, seconds, began } = value as unknown as NodeDone
      // Older journals have no start time; it follows from the duration.
      yield [
        id.slice(done.length),
        {
          _tag: "Done",
          outcome,
          key,
          seconds,
          ended: time,
          began: outcome === "run" ? (began ?? time - seconds * 1000) : null,
        },
      ]
    } else if (id.startsWith(failed)) {
      const { message, log, began } = value as unknown as NodeFailed
      yield [id.slice(failed.length), { _tag: "Failed", message, log, began: began ?? null, ended: time }]
    }
  }
}

const countsIn = (lines: ReadonlyArray<Line>, spec: string): Past["counts"] => {
  const counts = { joined: 0, run: 0, failed: 0 }
  for (const end of new Map(endsIn(lines, spec)).values()) {
    if (end._tag === "Failed") counts.failed++
    else if (end._tag === "Done" && end.outcome !== "hit") counts[end.outcome]++
  }
  return { hit: null, ...counts, skipped: null }
}
