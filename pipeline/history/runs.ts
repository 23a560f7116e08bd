// What was a past run like? From the lines of all runs to one run's settings, ends and nodes. Pure. A run writes
// only what is new (account.ts), so the nodes it found done are put back from the lines of the runs before it.
import type { Data, Digest, Key } from "../../cache/digest.ts"
import type { Line } from "../../cache/journal.ts"
import type { Began, CheckEnd, Ended, NodeDone, NodeFailed } from "./account.ts"
import type { ExitCode } from "../error.ts"
import type { Counts } from "../event.ts"
import { journalId, runId } from "../run/context.ts"

/** What one run wrote. */
export interface Written {
  readonly run: string
  readonly lines: ReadonlyArray<Line>
}

/** A run that wrote something. What journals did not keep in the past, or a killed run could not, is null. */
export interface Past {
  readonly run: string
  readonly spec: string
  /** Milliseconds since 1970. */
  readonly began: number
  readonly settings: { readonly [name: string]: Data } | null
  readonly nodes: number | null
  readonly counts: { readonly [C in keyof Counts]: number | null }
  readonly seconds: number
  /** Null for a run that was killed, or is still at it. */
  readonly code: ExitCode | null
  readonly checks: ReadonlyArray<CheckEnd>
  /** How many of its hits a person accepted in it; none in a run of the nodes. */
  readonly accepted: number
  /** What people call it. */
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

/** Every run that said anything, as wholes, with their tags. */
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

/** The run as a whole; nothing where no line tells of a spec. */
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
    checks: ended?.checks ?? [],
    accepted: ended?.accepted ?? 0,
    tags,
  }
}

/** Where the journal keeps which run a tag names: its id, or null since the tag was taken away. */
export const tagId = (name: string): string => `tag ${name}`

const tagsIn = (all: ReadonlyArray<Written>): ReadonlyMap<string, string> => {
  const lines = all
    .flatMap((each) => each.lines.filter(({ id }) => id.startsWith(tagId(""))))
    .sort((a, b) => a.time - b.time)
  const said = new Map(lines.map(({ id, value }) => [id.slice(tagId("").length), value as string | null]))
  return new Map(Array.from(said).flatMap(([name, run]) => (run === null ? [] : [[name, run] as const])))
}

/**
 * How each node ended in a run, given the lines of all runs. Of a run without an end only what it wrote itself
 * is known: whether it came to the others nobody can tell.
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
  // Found as it was left by whichever run, it is a hit in this one.
  for (const [node, end] of endsIn(before, spec))
    if (end._tag === "Done") nodes.set(node, { ...end, outcome: "hit", began: null })
  for (const node of valueIn<ReadonlyArray<string>>([...before, ...own], runId(spec, "absent")) ?? [])
    nodes.delete(node)
  for (const node of valueIn<Ended>(own, runId(spec, "ended"))?.skipped ?? []) nodes.set(node, { _tag: "Skipped" })
  for (const [node, end] of endsIn(own, spec)) nodes.set(node, end)
  return nodes
}

/** How a node ended the last time that anything was written of it. */
export const lastEnd = (all: ReadonlyArray<Written>, spec: string, node: string): NodeEnd | undefined => {
  const ids = new Set([journalId(spec, node, "done"), journalId(spec, node, "failed")])
  const lines = all.flatMap((each) => each.lines.filter(({ id }) => ids.has(id))).sort((a, b) => a.time - b.time)
  return new Map(endsIn(lines.slice(-1), spec)).get(node)
}

const valueIn = <A>(lines: ReadonlyArray<Line>, id: string): A | undefined =>
  lines.findLast((line) => line.id === id)?.value as A | undefined

// Runs of the past did not say their spec; a path ends at its ending.
const specOf = (lines: ReadonlyArray<Line>): string | undefined => {
  const said = lines.find(({ id }) => id.startsWith("began "))?.id.slice("began ".length)
  return said ?? lines.flatMap(({ id }) => /^(?:done|failed) (.+?\.[cm]?[jt]s) /.exec(id)?.[1] ?? [])[0]
}

const endsIn = function* (lines: ReadonlyArray<Line>, spec: string): Generator<readonly [node: string, NodeEnd]> {
  const [done, failed] = [journalId(spec, "", "done"), journalId(spec, "", "failed")]
  for (const { id, time, value } of lines) {
    if (id.startsWith(done)) {
      const { key, outcome, seconds, began } = value as unknown as NodeDone
      // What an older journal does not say follows from how long it took.
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
