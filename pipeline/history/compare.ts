// How do two runs differ? Pure: compares settings, nodes and checks. Knows nothing about the store: why two keys differ
// is answered elsewhere.
import type { Data } from "../../cache/digest.ts"
import type { CheckEnd } from "./run-journal.ts"
import type { Difference } from "../key/key.ts"
import type { NodeEnd, Past } from "./runs.ts"

export interface Change<A> {
  readonly name: string
  readonly before: A
  readonly after: A
}

export interface Comparison {
  readonly settings: ReadonlyArray<Difference>
  readonly onlyBefore: ReadonlyArray<string>
  readonly onlyAfter: ReadonlyArray<string>
  /** In both runs, with another key or another end. */
  readonly nodes: ReadonlyArray<Change<NodeEnd>>
  /** In one run only, or with another verdict or value. */
  readonly checks: ReadonlyArray<Change<CheckEnd | undefined>>
}

export interface Compared extends Pick<Past, "settings" | "checks"> {
  readonly nodes: ReadonlyMap<string, NodeEnd>
}

/** What changed from one run to another. */
export const compare = (before: Compared, after: Compared): Comparison => {
  const checks = [before, after].map((run) => new Map(run.checks.map((check) => [check.id, check])))
  const settings = [before, after].map((run) => new Map(Object.entries(run.settings ?? {})))
  return {
    settings: pairs(settings[0]!, settings[1]!)
      .map(({ name, before, after }) => ({ path: name, before: text(before), after: text(after) }))
      .filter(({ before, after }) => before !== after),
    onlyBefore: [...before.nodes.keys()].filter((name) => !after.nodes.has(name)),
    onlyAfter: [...after.nodes.keys()].filter((name) => !before.nodes.has(name)),
    nodes: [...after.nodes].flatMap(([name, end]) => {
      const was = before.nodes.get(name)
      return was === undefined || identity(was) === identity(end) ? [] : [{ name, before: was, after: end }]
    }),
    checks: pairs(checks[0]!, checks[1]!).filter(
      ({ before, after }) =>
        before?.verdict !== after?.verdict ||
        before?.measured !== after?.measured ||
        before?.asDeclared !== after?.asDeclared ||
        (before?.spread ?? null) !== (after?.spread ?? null),
    ),
  }
}

const pairs = <A>(
  before: ReadonlyMap<string, A>,
  after: ReadonlyMap<string, A>,
): ReadonlyArray<Change<A | undefined>> =>
  [...new Set([...before.keys(), ...after.keys()])].map((name) => ({
    name,
    before: before.get(name),
    after: after.get(name),
  }))

const text = (value: Data | undefined): string | undefined =>
  value === undefined ? undefined : typeof value === "string" ? value : JSON.stringify(value)

/** Identifies the result of a node in a run, independent of how the node got it. */
const identity = (end: NodeEnd): string =>
  end._tag === "Done" ? end.key : end._tag === "Failed" ? `failed: ${end.message}` : "skipped"
