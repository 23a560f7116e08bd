// WHETHER: one node becomes a hit, joined or run, with a reason. The decision and its reason are made in the same
// lines. Knows nothing about which node comes next: `run.ts` decides that.
import { Effect, Option, Schema } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { Store, type CacheError, type Known, type Stored } from "../../cache/store.ts"
import { SpecError, type ExecutorError } from "../error.ts"
import { Events } from "../event.ts"
import { Executor, type Job } from "../executor/executor.ts"
import type { Delivered } from "../code/fingerprint.ts"
import type { RunContext } from "./context.ts"
import { goneOf, keep, type Had } from "./keep.ts"
import { difference, keyOf, keyParts, type InputDigests, type KeyParts } from "../key/key.ts"
import type { StageNode } from "../node.ts"
import { partsOf } from "./provenance.ts"
import type { Reason } from "../key/reason.ts"
import { sourcesUnchanged } from "./source.ts"
import { StageError } from "../stage.ts"
import { sizeIn } from "../text/amount.ts"

export type Decision =
  | { readonly _tag: "Hit"; readonly key: Key; readonly record: Known }
  | ({ readonly _tag: "Run"; readonly reason: Reason; readonly had?: Had } & Keyed)

export interface Done {
  readonly outcome: "hit" | "joined" | "run"
  readonly key: Key
  readonly outputs: ReadonlyArray<Stored>
  readonly seconds: number
  /** The digests of earlier outputs that were lost and replaced with other bytes. */
  readonly replaced: ReadonlyArray<Digest>
}

/** The node was not started because the run is ending. */
export class Stopped extends Schema.TaggedError<Stopped>()("Stopped", {}) {}

/** The hit, if the store can tell at once; undefined if `decide` has to look more closely. */
export const hitNow = (
  node: StageNode,
  inputs: InputDigests,
  context: RunContext,
  store: Store["Service"],
): Extract<Decision, { _tag: "Hit" }> | undefined => {
  return context.forced.has(node)
    ? undefined
    : knownHit(keyOf(keyParts(node, context.codeOf(node), inputs, context.ground)), store)
}

const knownHit = (key: Key, store: Store["Service"]): Extract<Decision, { _tag: "Hit" }> | undefined => {
  const record = store.known(key)
  return record && { _tag: "Hit", key, record }
}

interface Keyed {
  readonly key: Key
  readonly parts: KeyParts
}

const keyed = (node: StageNode, inputs: InputDigests, context: RunContext): Keyed => {
  const parts = keyParts(node, context.codeOf(node), inputs, context.ground)
  return { key: keyOf(parts), parts }
}

/** Decides whether a node has to run, given the digests of its inputs. Starts nothing. */
export const decide = (
  node: StageNode,
  inputs: InputDigests,
  context: RunContext,
): Effect.Effect<Decision, CacheError, Store> =>
  Effect.suspend(() => decideBy(keyed(node, inputs, context), node, context))

type Decided = Effect.fn.Return<Decision, CacheError, Store>

const decideBy = Effect.fnUntraced(function* ({ key, parts }: Keyed, node: StageNode, context: RunContext): Decided {
  const store = yield* Store
  const hit = context.forced.has(node) ? undefined : knownHit(key, store)
  if (hit !== undefined) return hit
  const record = yield* store.record(key)
  if (Option.isNone(record)) return { _tag: "Run", key, parts, reason: yield* whyNew(node.name, key, parts, context) }
  const had: Had = { record: record.value, gone: yield* goneOf(record.value.outputs) }
  // Dropped outputs are made again only after someone has asked for them.
  const lost = yield* Effect.filter(had.gone, ({ digest }) => Effect.map(store.dropped(digest), (dropped) => !dropped))
  const names = lost.map(({ name }) => name)
  if (names.length > 0) return { _tag: "Run", key, parts, reason: { _tag: "Lost", outputs: names }, had }
  if (context.forced.has(node)) return { _tag: "Run", key, parts, reason: { _tag: "Forced" }, had }
  return { _tag: "Hit", key, record: record.value }
})

// Compares with the last run of the node with the same name: this shows what people changed since.
const whyNew = Effect.fnUntraced(function* (
  name: string,
  key: Key,
  parts: KeyParts,
  context: RunContext,
): Effect.fn.Return<Reason, CacheError, Store> {
  const last = context.lastKey(name)
  if (last === undefined) return { _tag: "FirstRun" }
  if (last === key) return { _tag: "Lost", outputs: ["its record"] }
  const before = yield* partsOf(last)
  return Option.match(before, {
    onNone: () => ({ _tag: "FirstRun" }),
    onSome: (old) => ({ _tag: "Changed", differences: difference(old, parts) }),
  })
})

/**
 * Does one node whose inputs are known:
 * 1. checks whether it is already done;
 * 2. takes a slot, and then the lease of the key; a node that still waits for a slot holds no lease, so another run may
 *    do it;
 * 3. runs the node, stores the provenance and then the record;
 * 4. if another run holds the lease, waits and checks again.
 */
export const step = Effect.fnUntraced(function* (
  node: StageNode,
  inputs: InputDigests,
  context: RunContext,
): Effect.fn.Return<Done, CacheError | ExecutorError | SpecError | StageError | Stopped, Store | Executor | Events> {
  const events = yield* Events
  const its = keyed(node, inputs, context)
  for (let waited = 0; ; waited++) {
    const decision = yield* decideBy(its, node, context) // 1
    const joined = waited > 0 || context.made.has(decision.key)
    if (decision._tag === "Hit") return done(joined ? "joined" : "hit", decision.key, decision.record)
    const threads = Math.min(node.stage.resources.threads, context.jobs)
    // 2, 3
    const ran = yield* context.slots.withPermits(threads)(Effect.scoped(runLeased(node, inputs, context, decision)))
    if (Option.isSome(ran)) return ran.value
    if (waited === 0)
      yield* events.tell({ _tag: "NodeWaiting", node: node.name, stage: node.stage.name, key: decision.key })
    yield* Effect.sleep(Math.min(50 * 2 ** waited, 500)) // 4
  }
})

const runLeased = Effect.fnUntraced(function* (
  node: StageNode,
  inputs: InputDigests,
  context: RunContext,
  wanted: Extract<Decision, { _tag: "Run" }>,
) {
  if (context.draining()) return yield* new Stopped()
  const store = yield* Store
  const { key, parts, reason } = wanted
  if (!(yield* store.claim(key))) return Option.none()
  // The run that held the lease before may have finished in the meantime.
  const again = yield* decideBy(wanted, node, context)
  if (again._tag === "Hit") return Option.some(done("joined", key, again.record))
  const events = yield* Events
  yield* events.tell({ _tag: "NodeStarted", node: node.name, stage: node.stage.name, key, reason })
  const executor = yield* Executor
  const delivered = yield* context.fingerprints.deliver(node.stage, node.params)
  const ended = yield* executor.run(jobOf(node, inputs, parts, delivered, context), (fraction) =>
    Effect.runFork(events.tell({ _tag: "NodeProgress", node: node.name, fraction })),
  )
  if (ended.result._tag === "Changed")
    return yield* new SpecError({ reason: "CodeChanged", message: ended.result.message })
  if (ended.result._tag === "Failed")
    return yield* new StageError({ reason: ended.result.reason, message: ended.result.message, log: ended.log.digest })
  yield* sourcesUnchanged(node, inputs)
  const { record, replaced } = yield* keep(node.name, again, ended, ended.result.outputs, {
    code: { text: delivered.text, map: delivered.map, packages: delivered.packages },
  })
  context.made.add(key)
  return Option.some<Done>({ ...done("run", key, record), replaced })
})

/** The job for an executor that runs this node. */
export const jobOf = (
  node: StageNode,
  inputs: InputDigests,
  parts: KeyParts,
  delivered: Delivered,
  { timeout }: Pick<RunContext, "timeout">,
): Job => ({
  node: node.name,
  stage: { name: node.stage.name },
  code: delivered.text.digest,
  map: delivered.map.digest,
  packages: delivered.packages.digest,
  root: delivered.root,
  params: node.params,
  inputs,
  seed: parts.seed ?? 0,
  environment: parts.environment,
  timeout: timeout ?? (Number.isFinite(node.stage.resources.seconds) ? node.stage.resources.seconds : null),
  memory: Option.getOrNull(sizeIn(node.stage.resources.memory ?? "")),
})

/** The result of a done node, from its record. */
export const done = (outcome: Done["outcome"], key: Key, { outputs, seconds }: Known): Done => ({
  outcome,
  key,
  outputs,
  seconds,
  replaced: [],
})
