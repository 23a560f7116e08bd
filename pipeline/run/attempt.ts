// One attempt at one node whose inputs are settled. A source is read; a node that is left out of the run is only looked
// up; every other node is stepping. The result is data, also when bytes are gone. Knows nothing about what follows from
// the result: `run.ts` decides that.
import { Effect } from "effect"
import type { Digest } from "../../cache/digest.ts"
import { Store, type CacheError } from "../../cache/store.ts"
import { SpecError, type NodeError } from "../error.ts"
import type { Events } from "../event.ts"
import type { Executor } from "../executor/executor.ts"
import { markAsNeeded, goneOf } from "./keep.ts"
import type { InputDigests } from "../key/key.ts"
import type { Node, Output, StageNode } from "../node.ts"
import { stepOver } from "./map.ts"
import { inputsOf } from "../plan/plan.ts"
import { isLost } from "./provenance.ts"
import { allOf, doneBy, outputsByName, type DoneNode, type Settled, type Settlements } from "./settled.ts"
import { fetchSource } from "./source.ts"
import { decide, step, type Stopped } from "./step.ts"
import type { RunContext } from "./context.ts"

export type Needs = Store | Executor | Events

/** Bytes that a node needs are missing or damaged. `producers` gives the nodes that made these bytes. */
export interface Lost {
  readonly _tag: "Lost"
  readonly error: CacheError
  readonly producers: ReadonlyMap<Node, Digest>
}

/** Tries a node with the given input digests. Outputs in `shown` are made again if they were dropped. */
export const attempt = (
  node: Node,
  given: InputDigests,
  shown: ReadonlyArray<Output>,
  settled: Settlements,
  context: RunContext,
): Effect.Effect<Settled | Lost, never, Needs> =>
  make(node, given, shown, context).pipe(
    Effect.catchIf(
      (error) => error._tag === "CacheError" && isLost(error),
      (error) => lostBy(node, error as CacheError, settled),
    ),
    Effect.catch((error) =>
      Effect.succeed<Settled>(
        error._tag === "Stopped" ? { _tag: "Skipped", because: null } : { _tag: "Failed", error },
      ),
    ),
  )

const make = Effect.fnUntraced(function* (
  node: Node,
  given: InputDigests,
  shown: ReadonlyArray<Output>,
  context: RunContext,
): Effect.fn.Return<DoneNode, NodeError | Stopped, Needs> {
  if (node._tag === "SourceNode")
    return {
      _tag: "Done",
      outcome: "hit",
      key: null,
      outputs: [{ name: "bytes", ...(yield* fetchSource(node)) }],
      seconds: 0,
    }
  if (context.leftOut.has(node)) return yield* lookUp(node, given, context)
  const stepping = (node.over === undefined ? step : stepOver)(node, given, context)
  const made = yield* stepping
  if (shown.length === 0) return { _tag: "Done", ...made }
  const gone = yield* goneOf(shown.flatMap((output) => outputsByName(output, made.outputs)))
  yield* markAsNeeded(gone)
  return { _tag: "Done", ...(gone.length === 0 ? made : yield* stepping) }
})

const lookUp = Effect.fnUntraced(function* (
  node: StageNode,
  given: InputDigests,
  context: RunContext,
): Effect.fn.Return<DoneNode, CacheError | SpecError, Store> {
  const decision = yield* decide(node, given, context)
  if (decision._tag === "Hit") return doneBy(decision)
  return yield* new SpecError({
    reason: "InputMissing",
    message:
      `${node.name} is left out of this run, but its result is needed and is not in the store. Include the node, or ` +
      `make it first: --until ${node.name}`,
  })
})

// Collects all missing inputs at once, so that their producers can run in parallel.
const lostBy = Effect.fnUntraced(function* (
  node: Node,
  error: CacheError,
  settled: Settlements,
): Effect.fn.Return<Lost, CacheError, Store> {
  const inputs = inputsOf(node).map((output) => [output.node, allOf(output, settled)] as const)
  if (!inputs.some(([, stored]) => stored.some(({ digest }) => digest === error.what))) return yield* error
  const producers = new Map<Node, Digest>()
  for (const [producer, stored] of inputs) {
    const gone = yield* goneOf(stored)
    yield* markAsNeeded(gone)
    const lost = stored.find(({ digest }) => digest === error.what) ?? gone[0]
    if (lost !== undefined) producers.set(producer, lost.digest)
  }
  return { _tag: "Lost", error, producers }
})
