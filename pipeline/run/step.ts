// WHETHER: one node -> hit, joined or run, and why. The decision and its reason are made in the same lines.
// Refuses to know which node comes next: that is run.ts.
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
  /** What it had given before, where that was lost and came out otherwise. */
  readonly replaced: ReadonlyArray<Digest>
}

/** New work was not started, because the run is ending. */
export class Stopped extends Schema.TaggedError<Stopped>()("Stopped", {}) {}

/** A hit where that can be told at once; undefined where it wants a closer look. */
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

/** Whether a node has to run, given the digests of its inputs. Starts nothing. */
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
  // What was dropped on purpose is made again once somebody has asked for it, and not before.
  const lost = yield* Effect.filter(had.gone, ({ digest }) => Effect.map(store.dropped(digest), (dropped) => !dropped))
  const names = lost.map(({ name }) => name)
  if (names.length > 0) return { _tag: "Run", key, parts, reason: { _tag: "Lost", outputs: names }, had }
  if (context.forced.has(node)) return { _tag: "Run", key, parts, reason: { _tag: "Forced" }, had }
  return { _tag: "Hit", key, record: record.value }
})

// Compared with the last run of the node of the same name: what people changed since.
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
 * Does one node whose inputs are there:
 * 1. looks whether it is done already;
 * 2. takes a slot, and in it the lease of the key, so that what waits for a slot is free for others to do;
 * 3. runs it, stores the provenance and then the record;
 * 4. where another run holds the lease, waits and looks again.
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
  // The one who held the lease before us may have finished in the meantime.
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

/** A node as an executor takes it. */
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

/** A node that is done, by what its record says. */
export const done = (outcome: Done["outcome"], key: Key, { outputs, seconds }: Known): Done => ({
  outcome,
  key,
  outputs,
  seconds,
  replaced: [],
})
