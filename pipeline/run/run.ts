// WHEN: starts each node once its inputs are known, settles the node, and decides what a failure stops. Knows nothing
// about whether a node has to run: `step.ts` decides that. The slots in the context limit how many nodes run at once.
import { isDeepStrictEqual } from "node:util"
import { Effect, Exit, Queue, Result, type Scope } from "effect"
import type { Digest } from "../../cache/digest.ts"
import { Store, type CacheError } from "../../cache/store.ts"
import { Agenda } from "./agenda.ts"
import { attempt, type Lost, type Needs } from "./attempt.ts"
import { Events } from "../event.ts"
import { differing } from "./keep.ts"
import type { InputDigests } from "../key/key.ts"
import type { Node, Output } from "../node.ts"
import { inputsOf, type Plan } from "../plan/plan.ts"
import { isLost } from "./provenance.ts"
import {
  areDone,
  digestsOf,
  doneBy,
  endOf,
  outputsByName,
  storedOf,
  type Settled,
  type Settlements,
} from "./settled.ts"
import { hitNow } from "./step.ts"
import type { RunContext } from "./context.ts"

/**
 * Runs a plan to its end. A failed node stops only the nodes behind it. Fails only by interruption.
 * 1. Reads the sources, and settles every node that is already done in one pass.
 * 2. Starts every other node once its inputs are known.
 */
export const run = Effect.fn("run")(function* (
  plan: Plan,
  context: RunContext,
): Effect.fn.Return<Settlements, never, Needs | Scope.Scope> {
  const settled: Settlements = new Map()
  const [store, tell] = [yield* Store, yield* endsTold(context)]
  const settle = (node: Node, how: Settled): Effect.Effect<void> => {
    settled.set(node, how)
    return tell(node, how)
  }
  for (const node of plan.nodes)
    // 1
    if (node._tag === "SourceNode") yield* settle(node, (yield* attempt(node, {}, [], settled, context)) as Settled)
  for (const node of plan.nodes) {
    const hit =
      node._tag === "StageNode" && areDone(node, settled)
        ? hitNow(node, digestsOf(node, settled), context, store)
        : undefined
    if (hit !== undefined) yield* settle(node, doneBy(hit))
  }
  yield* work(
    plan,
    plan.nodes.filter((node) => !settled.has(node)),
    settled,
    context,
  ) // 2
  return settled
}, Effect.scoped) // on interruption the fibers of the nodes end here, before their executor closes

/** Reports how nodes ended. For nodes that are left out it reports only failures, because these stop other nodes. */
const endsTold = ({ leftOut }: RunContext) =>
  Effect.map(
    Events,
    ({ tell }) =>
      (node: Node, how: Settled): Effect.Effect<void> =>
        how._tag === "Failed" || !leftOut.has(node) ? tell(endOf(node, how)) : Effect.void,
  )

/**
 * Settles nodes, if necessary more than once, until each node is settled with the final outputs of the other nodes:
 * 1. starts each node once its inputs are known;
 * 2. if bytes that a node needs are gone, opens their producers again and lets the node wait for them;
 * 3. ignores a result if the inputs of its node were opened again in the meantime;
 * 4. if a node gives other outputs than before, opens again the nodes that read them, all nodes behind these nodes, and
 *    the nodes that hold the same bytes.
 */
const work = Effect.fnUntraced(function* (
  plan: Plan,
  nodes: ReadonlyArray<Node>,
  settled: Settlements,
  context: RunContext,
) {
  const [events, tellEnd] = [yield* Events, yield* endsTold(context)]
  const shown = Map.groupBy(plan.shown, ({ node }) => node)
  const agenda = new Agenda(settled)
  /** For each node, the producers whose bytes it already found missing: each producer gets one more chance. */
  const missed = new Map<Node, ReadonlySet<Node>>()
  const ended = yield* Queue.unbounded<readonly [Node, InputDigests, Exit.Exit<Settled | Lost>]>()

  const settle = Effect.fnUntraced(function* (node: Node, end: Settled) {
    const before = agenda.before(node)
    const elsewhere = before === undefined ? [] : replacedElsewhere(before, end)
    if (elsewhere.length > 0)
      yield* events.tell({ _tag: "ResultReplaced", node: node.name, outputs: elsewhere.map(({ name }) => name) })
    const how =
      before === undefined
        ? end
        : onceMore(
            before,
            end,
            elsewhere.map(({ digest }) => digest),
          )
    agenda.settle(node, how)
    if (!isAsBefore(before, end)) yield* tellEnd(node, how)
    const replaced = new Set(how._tag === "Done" ? how.replaced : [])
    // 4
    if (replaced.size > 0 || (before !== undefined && !isSame(before, how)))
      yield* reopenReaders(node, before, how, replaced)
  })
  const reopenReaders = Effect.fnUntraced(function* (
    node: Node,
    before: Settled | undefined,
    how: Settled,
    replaced: ReadonlySet<Digest>,
  ) {
    const opened = new Set<Node>()
    for (const other of plan.nodes) {
      const its = settled.get(other)
      if (its === undefined || other === node) continue
      const takes =
        before !== undefined && inputsOf(other).some((output) => output.node === node && !isSame(before, how, output))
      const holds = its._tag === "Done" && its.outputs.some(({ digest }) => replaced.has(digest))
      if (!takes && !holds && !inputsOf(other).some((output) => opened.has(output.node))) continue
      opened.add(other)
      agenda.open(other)
      if ((takes || holds) && its._tag === "Done")
        yield* events.tell({ _tag: "NodeReopened", node: other.name, because: node.name })
    }
  })
  const miss = Effect.fnUntraced(function* (node: Node, { error, producers }: Lost) {
    const already = missed.get(node) ?? new Set()
    const others = [...producers].filter(([producer]) => !already.has(producer))
    if (others.length === 0) return yield* settle(node, { _tag: "Failed", error })
    missed.set(node, new Set([...already, ...others.map(([producer]) => producer)]))
    for (const [producer, digest] of others) {
      yield* events.tell({ _tag: "InputLost", node: node.name, producer: producer.name, digest })
      if (settled.has(producer)) agenda.open(producer)
    }
    agenda.open(node)
  })

  for (const node of nodes) agenda.open(node)
  for (let working = 0; ;) {
    const node = agenda.next()
    if (node === undefined) {
      if (working === 0) return
      const [finished, given, exit] = yield* Queue.take(ended)
      working--
      const end = yield* exit // a bug in the attempt ends the run
      if (agenda.reopened && !isGiven(finished, given, settled))
        agenda.open(finished, end._tag === "Done" ? end : undefined) // 3
      else yield* end._tag === "Lost" ? miss(finished, end) : settle(finished, end) // 2
      continue
    }
    const broken = inputsOf(node).find((output) => settled.get(output.node)!._tag !== "Done")
    if (broken !== undefined || context.draining()) {
      yield* settle(node, { _tag: "Skipped", because: broken?.node.name ?? null })
      continue
    }
    working++
    const given = node._tag === "StageNode" ? digestsOf(node, settled) : {}
    const attempted = Effect.exit(attempt(node, given, shown.get(node) ?? [], settled, context))
    yield* Effect.forkScoped(Effect.flatMap(attempted, (exit) => Queue.offer(ended, [node, given, exit]))) // 1
  }
})

const isGiven = (node: Node, given: InputDigests, settled: Settlements): boolean =>
  node._tag === "SourceNode" || (areDone(node, settled) && isDeepStrictEqual(given, digestsOf(node, settled)))

/** Whether a node was only checked again, with the result that was already reported. */
const isAsBefore = (before: Settled | undefined, end: Settled): boolean =>
  before?._tag === "Done" &&
  end._tag === "Done" &&
  end.outcome === "hit" &&
  end.key === before.key &&
  isSame(before, end)

/** Whether a node gives the same as before: all outputs, or only `output` if it is given. */
const isSame = (before: Settled, how: Settled, output?: Output): boolean => {
  if (before._tag !== "Done" || how._tag !== "Done") return before._tag !== "Done" && how._tag !== "Done"
  const [was, is] = [before, how].map(({ outputs }) =>
    output === undefined ? outputs : outputsByName(output, outputs),
  )
  return was!.length === is!.length && differing(was!, is!).length === 0
}

/** The earlier outputs that another run replaced while this run still used them. */
const replacedElsewhere = (before: Settled, how: Settled) =>
  before._tag === "Done" && how._tag === "Done" && how.outcome !== "run" && how.key !== null && how.key === before.key
    ? differing(before.outputs, how.outputs)
    : []

// A node that ran in this run counts as run, even if it is looked at again later.
const onceMore = (before: Settled, how: Settled, elsewhere: ReadonlyArray<Digest>): Settled =>
  before._tag !== "Done" || how._tag !== "Done"
    ? how
    : {
        ...how,
        outcome: before.outcome === "run" ? "run" : how.outcome,
        replaced: [...(before.replaced ?? []), ...(how.replaced ?? []), ...elsewhere],
      }

/**
 * Reads outputs of a finished run, all from one state of the run. If bytes are gone, their producers run again, with
 * all nodes behind them that change. Returns undefined for a node that failed or was skipped, and for a node that is
 * left out and whose bytes are gone.
 */
export const read = Effect.fn("read")(function* (
  outputs: ReadonlyArray<Output>,
  reader: string,
  plan: Plan,
  settled: Settlements,
  context: RunContext,
): Effect.fn.Return<(output: Output) => Uint8Array | undefined, CacheError, Needs | Scope.Scope> {
  const [store, events] = [yield* Store, yield* Events]
  const bytes = new Map<Digest, Uint8Array>()
  const missed = new Set<Node>()
  for (;;) {
    const lost = new Map<Node, Digest>()
    for (const output of outputs) {
      const digest = storedOf(output, settled)?.digest
      if (
        digest === undefined ||
        bytes.has(digest) ||
        (context.leftOut.has(output.node) && !(yield* store.has(digest)))
      )
        continue
      const got = yield* Effect.result(store.get(digest))
      if (Result.isSuccess(got)) bytes.set(digest, got.success)
      else if (isLost(got.failure) && !missed.has(output.node)) lost.set(output.node, digest)
      else return yield* got.failure
    }
    if (lost.size === 0) return (output) => bytes.get(storedOf(output, settled)?.digest as Digest)
    for (const [producer, digest] of lost) {
      missed.add(producer)
      yield* events.tell({ _tag: "InputLost", node: reader, producer: producer.name, digest })
    }
    yield* work(plan, [...lost.keys()], settled, context)
  }
}, Effect.scoped)
