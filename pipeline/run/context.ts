// What every command that looks at nodes needs first: the code of each stage, the part that all keys share (the
// ground), the last key of each node, and how much may run at once. Knows nothing about the order in which nodes run.
import { Effect, Semaphore } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { Journal } from "../../cache/journal.ts"
import type { CacheError } from "../../cache/store.ts"
import type { SpecError } from "../error.ts"
import { fingerprints, type Code, type Fingerprints } from "../code/fingerprint.ts"
import type { Ground } from "../key/key.ts"
import { conditions } from "../code/resolve.ts"
import type { Loaded } from "../plan/load.ts"
import type { AnyStage, Node, StageNode } from "../node.ts"
import { ownVariables } from "../world/environment.ts"

/** The values that all steps of one run share. */
export interface RunContext {
  readonly fingerprints: Fingerprints
  /** The code of a node's stage under its params, taken before anything starts. */
  readonly codeOf: (node: StageNode) => Code
  readonly ground: Ground
  /** The last key of the node with this name. */
  readonly lastKey: (node: string) => Key | undefined
  readonly slots: Semaphore.Semaphore
  /** How many threads the nodes of this run share. */
  readonly jobs: number
  readonly timeout: number | null
  /** Whether the run is ending, so that no new work may start. */
  readonly draining: () => boolean
  /** Nodes that run although they are hits. */
  readonly forced: ReadonlySet<Node>
  /** Nodes that never run. A node that needs one of their outputs looks the output up. */
  readonly leftOut: ReadonlySet<Node>
  /** The keys of the results that this run has made so far. */
  readonly made: Set<Key>
}

export interface Limits {
  readonly jobs: number
  /** Seconds for a node; replaces the limit of its stage. */
  readonly timeout: number | null
}

/** What the journal keeps about a node: its last key, and the seconds the node took. */
export interface Remembered {
  readonly key: Key
  readonly seconds: number
}

/** What the journal keeps about a failed node: the reason, and the digest of its log if there is a log. */
export interface Failure {
  readonly message: string
  readonly log: Digest | null
}

export interface Prepared {
  readonly context: RunContext
  /** By node name; only nodes of this spec. */
  readonly history: ReadonlyMap<string, Remembered>
  /** The last failure of every node that ever failed. */
  readonly failures: ReadonlyMap<string, Failure>
  /** The nodes of this spec that are in the history but were not part of the last run. */
  readonly absent: ReadonlyArray<string>
  /** Ends the run gently: running nodes may finish, and nothing new starts. */
  readonly drain: () => void
}

/** The journal id for a node. Results and failures have different ids. */
export const journalId = (spec: string, node: string, kind: "done" | "failed"): string => `${kind} ${spec} ${node}`

/** The journal id for a statement about a whole run. */
export const runId = (spec: string, kind: "began" | "absent" | "ended"): string => `${kind} ${spec}`

export const prepare = Effect.fn("prepare")(function* (
  loaded: Loaded,
  store: string,
  limits: Limits,
): Effect.fn.Return<Prepared, CacheError | SpecError, Journal> {
  const journal = yield* Journal
  const latest = yield* journal.latest
  // A loop, because with a hundred thousand nodes lists of pairs would take most of the memory.
  const remembered = <A>(kind: "done" | "failed"): ReadonlyMap<string, A> => {
    const prefix = journalId(loaded.path, "", kind)
    const found = new Map<string, A>()
    for (const [id, value] of latest) if (id.startsWith(prefix)) found.set(id.slice(prefix.length), value as A)
    return found
  }
  const history = remembered<Remembered>("done")
  const code = fingerprints(`${store}/fingerprints.json`)
  let draining = false
  const context: RunContext = {
    fingerprints: code,
    codeOf: yield* codesOf(loaded.plan.nodes, code),
    ground: {
      seed: loaded.built.seed,
      node: process.versions.node.split(".")[0]!,
      platform: `${process.platform}-${process.arch}`,
      conditions: conditions(),
      environment: ownVariables(),
    },
    lastKey: (node) => history.get(node)?.key,
    slots: yield* Semaphore.make(limits.jobs),
    jobs: limits.jobs,
    timeout: limits.timeout,
    draining: () => draining,
    forced: new Set(),
    leftOut: new Set(),
    made: new Set(),
  }
  return {
    context,
    history,
    failures: remembered<Failure>("failed"),
    absent: (latest.get(runId(loaded.path, "absent")) ?? []) as ReadonlyArray<string>,
    drain: () => {
      draining = true
    },
  }
})

const packagesOf = (node: StageNode): string => node.stage.optionalPackages?.(node.params).join(" ") ?? ""

// All stages at once: a file that is saved during the run counts only for the next run. Thousands of nodes share a few
// stages.
const codesOf = Effect.fnUntraced(function* (nodes: ReadonlyArray<Node>, fingerprints: Fingerprints) {
  const codes = new Map<AnyStage, Map<string, Code>>()
  for (const node of nodes) {
    if (node._tag === "SourceNode") continue
    const known = codes.get(node.stage) ?? new Map<string, Code>()
    codes.set(node.stage, known)
    if (!known.has(packagesOf(node))) known.set(packagesOf(node), yield* fingerprints.of(node.stage, node.params))
  }
  return (node: StageNode): Code => codes.get(node.stage)!.get(packagesOf(node))!
})
