// WHEN: starts each node once its inputs are there, settles it, and says what a failure stops. Whether a node
// has to run at all is step.ts's to say; how many run at once is bounded by the slots in the context.
import { Cause, Effect, Exit, Queue, type Scope } from "effect"
import type { Digest, Key } from "../cache/digest.ts"
import { CacheError, Store, type Known, type Stored } from "../cache/store.ts"
import { SpecError, type NodeError } from "./error.ts"
import { Events, type Counts, type Event } from "./event.ts"
import type { Executor } from "./executor.ts"
import type { InputDigests } from "./key.ts"
import { stageOf, type Node, type Output, type StageNode } from "./node.ts"
import { stepOver } from "./over.ts"
import { inputsOf, type Plan } from "./plan.ts"
import { fetchSource } from "./source.ts"
import { isLost } from "./provenance.ts"
import { decide, done, hitNow, step, Stopped, type Context, type Done } from "./step.ts"

/** How a node ended in this run. */
export type Settled =
  | ({ readonly _tag: "Done" } & Pick<Done, "outcome" | "outputs" | "seconds"> & { readonly key: Done["key"] | null })
  | { readonly _tag: "Failed"; readonly error: NodeError }
  /** Because of a node that it needs, or, where that is null, of an interruption. */
  | { readonly _tag: "Skipped"; readonly because: string | null }

export type Settlements = Map<Node, Settled>

type Needs = Store | Executor | Events

/**
 * Runs a plan to its end: a failed node stops those behind it and no others. Fails only by interruption.
 * 1. Sources are read, and what is done already is settled in one sweep;
 * 2. every other node is started once its inputs are there.
 */
export const run = Effect.fn("run")(function* (plan: Plan, context: Context): Effect.fn.Return<Settlements, never, Needs | Scope.Scope> {
  const settled: Settlements = new Map()
  const events = yield* Events
  const told = (node: Node, how: Settled): Effect.Effect<void> => {
    settled.set(node, how)
    return how._tag === "Failed" || !context.leftOut.has(node) ? events.tell(endOf(node, how)) : Effect.void
  }
  for (const node of plan.nodes) if (node._tag === "SourceNode") yield* told(node, yield* settlementOf(node, settled, context)) // 1
  const store = yield* Store
  for (const node of plan.nodes) {
    const hit = node._tag === "StageNode" && areDone(node, settled) ? hitNow(node, digestsOf(node, settled), context, store) : undefined
    if (hit !== undefined) yield* told(node, doneBy(hit))
  }
  yield* work(plan, settled, told, context) // 2
  return settled
}, Effect.scoped) // on interruption the nodes' fibers end here, before the executor they use is taken down

const work = Effect.fnUntraced(function* (plan: Plan, settled: Settlements, told: (node: Node, how: Settled) => Effect.Effect<void>, context: Context) {
  const open = plan.nodes.filter((node) => !settled.has(node))
  const waiting = new Map<Node, number>()
  const dependents = new Map<Node, Array<Node>>(open.map((node) => [node, []]))
  for (const node of open) {
    const inputs = new Set(inputsOf(node).flatMap((output) => (settled.has(output.node) ? [] : [output.node])))
    waiting.set(node, inputs.size)
    for (const input of inputs) dependents.get(input)!.push(node)
  }
  const ready = open.filter((node) => waiting.get(node) === 0)
  const ended = yield* Queue.unbounded<readonly [Node, Exit.Exit<Settled>]>()
  let working = 0

  const settle = Effect.fnUntraced(function* (node: Node, how: Settled) {
    yield* told(node, how)
    for (const dependent of dependents.get(node)!) {
      waiting.set(dependent, waiting.get(dependent)! - 1)
      if (waiting.get(dependent) === 0) ready.push(dependent)
    }
  })

  for (let next = 0; next < ready.length || working > 0; ) {
    const node = ready[next]
    if (node === undefined) {
      const [finished, exit] = yield* Queue.take(ended)
      working--
      yield* settle(finished, yield* exit) // a bug in its step ends the run
      continue
    }
    next++
    const broken = inputsOf(node).find((output) => settled.get(output.node)!._tag !== "Done")
    if (broken !== undefined || context.draining()) {
      yield* settle(node, { _tag: "Skipped", because: broken?.node.name ?? null })
    } else {
      working++
      yield* Effect.forkScoped(Effect.flatMap(Effect.exit(settlementOf(node, settled, context)), (exit) => Queue.offer(ended, [node, exit])))
    }
  }
})

/** Whether all that a node takes is there. */
const areDone = (node: Node, settled: Settlements): boolean => inputsOf(node).every((output) => settled.get(output.node)?._tag === "Done")

/** A node that is a hit. */
export const doneBy = ({ key, record: { outputs, seconds } }: { readonly key: Key; readonly record: Known }): Settled => ({ _tag: "Done", key, outcome: "hit", outputs, seconds })

const settlementOf = (node: Node, settled: Settlements, context: Context): Effect.Effect<Settled, never, Needs> =>
  Effect.exit(make(node, settled, context)).pipe(
    Effect.flatMap((exit) => {
      if (Exit.isSuccess(exit)) return Effect.succeed<Settled>({ _tag: "Done", ...exit.value })
      if (Cause.hasInterruptsOnly(exit.cause)) return Effect.interrupt
      const error = Cause.squash(exit.cause)
      if (error instanceof Stopped) return Effect.succeed<Settled>({ _tag: "Skipped", because: null })
      return isNodeError(error) ? Effect.succeed<Settled>({ _tag: "Failed", error }) : Effect.die(error)
    }),
  )

const isNodeError = (error: unknown): error is NodeError =>
  typeof error === "object" && error !== null && "_tag" in error && ["CacheError", "ExecutorError", "StageError", "SpecError"].includes(String(error._tag))

type Made = Omit<Extract<Settled, { _tag: "Done" }>, "_tag">

/**
 * Makes one node. Where bytes it was promised turn out to be gone or damaged, their producer is made again,
 * in this run, and the node tries once more.
 */
const make = (node: Node, settled: Settlements, context: Context): Effect.Effect<Made, NodeError | Stopped, Needs> =>
  node._tag === "SourceNode"
    ? Effect.map(fetchSource(node), ({ digest, size }): Made => ({ outcome: "hit", key: null, outputs: [{ name: "bytes", digest, size }], seconds: 0 }))
    : context.leftOut.has(node)
      ? lookUp(node, digestsOf(node, settled), context)
      : recovering(() => (node.over === undefined ? step : stepOver)(node, digestsOf(node, settled), context), inputsOf(node), node.name, settled, context)

const lookUp = Effect.fnUntraced(function* (node: StageNode, inputs: InputDigests, context: Context): Effect.fn.Return<Made, CacheError | SpecError, Store> {
  const decision = yield* decide(node, inputs, context)
  if (decision._tag === "Hit") return done("hit", decision.key, decision.record)
  return yield* new SpecError({ reason: "InputMissing", message: `${node.name} is left out of this run and not there as it is needed. Take it in, or make it first: --until ${node.name}` })
})

const recovering = <A, E>(
  work: () => Effect.Effect<A, E | CacheError, Needs>,
  from: ReadonlyArray<Output>,
  reader: string,
  settled: Settlements,
  context: Context,
): Effect.Effect<A, E | NodeError | Stopped, Needs> =>
  Effect.catchIf(
    Effect.suspend(work),
    (error): error is E & CacheError => error instanceof CacheError && isLost(error),
    Effect.fnUntraced(function* (error) {
      const lost = from.find((output) => allOf(output, settled).some(({ digest }) => digest === error.what))
      if (lost === undefined) return yield* error
      const events = yield* Events
      yield* events.tell({ _tag: "InputLost", node: reader, producer: lost.node.name, digest: error.what })
      const before = settled.get(lost.node)
      const made = yield* make(lost.node, settled, context)
      // What ran in this run stays so, whoever asked for it again.
      const how: Settled = { _tag: "Done", ...made, outcome: before?._tag === "Done" && before.outcome === "run" ? "run" : made.outcome }
      settled.set(lost.node, how)
      yield* events.tell(endOf(lost.node, how))
      // Each producer gets one more chance.
      return yield* recovering(work, from.filter((output) => output.node !== lost.node), reader, settled, context)
    }),
  )

/** Reads an output of a finished run, making it again where it is gone or damaged. */
export const fetch = <A>(output: Output, read: (stored: Stored) => Effect.Effect<A, CacheError, Store>, reader: string, settled: Settlements, context: Context) =>
  recovering(() => read(storedOf(output, settled)!), [output], reader, settled, context)

/** What is stored of an output; nothing where its node did not end well. */
export const storedOf = (output: Output, settled: Settlements): Stored | undefined => {
  const how = settled.get(output.node)
  return how?._tag === "Done" ? how.outputs.find((stored) => stored.name === output.name) : undefined
}

/** All that is stored of an output, in order: one, or as many as its node's list has items. */
export const allOf = (output: Output, settled: Settlements): ReadonlyArray<Stored> => {
  const how = settled.get(output.node)
  return how?._tag === "Done" ? namedBy(output, how.outputs) : []
}

/** Those of a node's outputs that an output names. */
export const namedBy = ({ name, each }: Output, outputs: ReadonlyArray<Stored>): ReadonlyArray<Stored> => outputs.filter((stored) => (each ? stored.name.startsWith(`${name}/`) : stored.name === name))

/** The digests of a node's inputs, whose nodes are done. */
export const digestsOf = (node: StageNode, settled: Settlements): InputDigests => {
  const digest = (output: Output): Digest => storedOf(output, settled)!.digest
  const digests: { [name: string]: Digest | ReadonlyArray<Digest> } = {}
  for (const [name, input] of Object.entries(node.inputs)) digests[name] = "node" in input ? digest(input) : input.flatMap((output) => (output.each ? allOf(output, settled).map((stored) => stored.digest) : digest(output)))
  return digests
}

const endOf = (node: Node, how: Settled): Event => {
  const of = { node: node.name, stage: stageOf(node) }
  if (how._tag === "Done") return { _tag: "NodeDone", ...of, key: how.key, outcome: how.outcome, seconds: how.seconds }
  if (how._tag === "Failed") return { _tag: "NodeFailed", ...of, error: how.error }
  return { _tag: "NodeSkipped", ...of, because: how.because }
}

/** What became of the nodes that were asked for; of those left out only the failures, which stop others. */
export const asked = (settled: Settlements, { leftOut }: Pick<Context, "leftOut">): Settlements =>
  leftOut.size === 0 ? settled : new Map([...settled].filter(([node, how]) => how._tag === "Failed" || !leftOut.has(node)))

export const countsOf = (settled: Settlements): Counts => {
  const counts = { hit: 0, joined: 0, run: 0, failed: 0, skipped: 0 }
  for (const how of settled.values()) counts[how._tag === "Done" ? how.outcome : how._tag === "Failed" ? "failed" : "skipped"]++
  return counts
}
