// What every command that looks at nodes needs first: the code of each stage, the ground all keys stand on, the last
// key of each node, and how much may run at once.
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

/** What the steps of one run share. */
export interface RunContext {
  readonly fingerprints: Fingerprints
  /** The code of a node's stage under its params, taken before anything started. */
  readonly codeOf: (node: StageNode) => Code
  readonly ground: Ground
  /** The last key of a node of this name. */
  readonly lastKey: (node: string) => Key | undefined
  readonly slots: Semaphore.Semaphore
  /** How many threads there are to share. */
  readonly jobs: number
  readonly timeout: number | null
  /** Whether new work may still start. */
  readonly draining: () => boolean
  /** Nodes that run although they are hits. */
  readonly forced: ReadonlySet<Node>
  /** Nodes that never run: they are looked up where others need them. */
  readonly leftOut: ReadonlySet<Node>
  /** The keys of what was made in this run so far. */
  readonly made: Set<Key>
}

export interface Limits {
  readonly jobs: number
  /** Seconds for a node, in place of its stage's own limit. */
  readonly timeout: number | null
}

/** What the journal keeps of a node: its last key, and the seconds it took to make. */
export interface Remembered {
  readonly key: Key
  readonly seconds: number
}

/** What the journal keeps of a node that failed: why, and the digest of its log if it has one. */
export interface Failure {
  readonly message: string
  readonly log: Digest | null
}

export interface Prepared {
  readonly context: RunContext
  /** By node name, of this spec. */
  readonly history: ReadonlyMap<string, Remembered>
  /** The last failure of every node that ever failed. */
  readonly failures: ReadonlyMap<string, Failure>
  /** The nodes of this spec that the history knows and the last run did not have. */
  readonly absent: ReadonlyArray<string>
  /** Ends the run: what runs may finish, nothing new starts. */
  readonly drain: () => void
}

/** Where the journal keeps what became of a node: its results and its failures apart. */
export const journalId = (spec: string, node: string, kind: "done" | "failed"): string => `${kind} ${spec} ${node}`

/** Where the journal keeps what is said of a whole run. */
export const runId = (spec: string, kind: "began" | "absent" | "ended"): string => `${kind} ${spec}`

export const prepare = Effect.fn("prepare")(function* (
  loaded: Loaded,
  store: string,
  limits: Limits,
): Effect.fn.Return<Prepared, CacheError | SpecError, Journal> {
  const journal = yield* Journal
  const latest = yield* journal.latest
  // Loops: of a hundred thousand nodes, lists of pairs would be most of what is held.
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

// All at once: what is saved during the run belongs to the next one. Thousands of nodes share a few stages.
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
