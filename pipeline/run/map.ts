// A node over a list: one step per item, once the list is known. Every item has its own key and record; then the whole
// gets a record too. Knows nothing about which node comes next.
import { Cause, Effect, Exit, Option } from "effect"
import { digestOf, type Digest, type Key } from "../../cache/digest.ts"
import { Store, type CacheError, type Stored } from "../../cache/store.ts"
import { codecs } from "../artifact/artifact.ts"
import { SpecError, type NodeError } from "../error.ts"
import { Events } from "../event.ts"
import type { Ended, Executor } from "../executor/executor.ts"
import { markAsNeeded, goneOf, keep } from "./keep.ts"
import type { InputDigests } from "../key/key.ts"
import { pieceOf, wholeOf, type StageNode } from "../node.ts"
import type { Prepared, RunContext } from "./context.ts"
import { isLost, provenanceOf, type Provenance } from "./provenance.ts"
import { decide, done, step, type Done, type Stopped } from "./step.ts"

/** The node for one item, with the digests of its inputs. */
export interface Piece {
  readonly node: StageNode
  readonly inputs: InputDigests
}

/** The nodes for the items of a node over a list. Stores the items. Fails if the input is not a list. */
export const piecesOf = Effect.fn("piecesOf")(function* (
  node: StageNode,
  inputs: InputDigests,
): Effect.fn.Return<ReadonlyArray<Piece>, CacheError | SpecError, Store> {
  const store = yield* Store
  const items = yield* itemsOf(node, inputs)
  for (const item of items) yield* store.put(item)
  return piecesFor(node, inputs, items)
})

type Items = Effect.fn.Return<ReadonlyArray<Uint8Array>, CacheError | SpecError, Store>

const itemsOf = Effect.fnUntraced(function* (node: StageNode, inputs: InputDigests): Items {
  const store = yield* Store
  const items = codecs.json.decode(yield* store.get(inputs[node.over!] as Digest))
  if (Array.isArray(items)) return items.map(codecs.json.encode)
  const found = JSON.stringify(items)?.slice(0, 60)
  const what = `${node.name} runs over the items of ${node.over}, which is not a list but ${found}`
  return yield* new SpecError({ reason: "BadParams", message: `${what}. The node before it must give a list.` })
})

const piecesFor = (node: StageNode, inputs: InputDigests, items: ReadonlyArray<Uint8Array>): ReadonlyArray<Piece> =>
  items.map((item, i) => {
    const digest = digestOf(item)
    return { node: pieceOf(node, i, digest), inputs: { ...inputs, [node.over!]: digest } }
  })

/** The outputs of a node over a list, from the outputs of its items in order. */
export const gathered = (
  node: StageNode,
  pieces: ReadonlyArray<{ readonly outputs: ReadonlyArray<Stored> }>,
): ReadonlyArray<Stored> =>
  Object.keys(node.stage.outputs).flatMap((name) =>
    pieces.map(({ outputs }, i) => ({ ...outputs.find((output) => output.name === name)!, name: `${name}/${i}` })),
  )

/**
 * The keys of the items that a run may find done. This works without the list, whose bytes may be gone. The keys are
 * the ones in `seen`, and the ones in the record of the whole. If there is no record (because an item failed or the
 * list changed), the last keys by node name replace the record.
 */
export const pieceKeys = Effect.fn("pieceKeys")(function* (
  name: string,
  key: Key | undefined,
  history: Prepared["history"],
  seen: ReadonlyArray<Key> = [],
): Effect.fn.Return<ReadonlySet<Key>, CacheError, Store> {
  const kept = key === undefined ? Option.none() : yield* provenanceOf(key)
  const last = () =>
    Array.from(history).flatMap(([each, { key }]) => (each !== name && wholeOf(each) === name ? [key] : []))
  return new Set([...((Option.isSome(kept) ? kept.value.pieces : undefined) ?? last()), ...seen])
})

/**
 * Which items of a node over a list are done, and which items a run would make. Undefined if the list is not in the
 * store, or the input is not a list.
 */
export const lookOver = Effect.fn("lookOver")(function* (node: StageNode, inputs: InputDigests, context: RunContext) {
  const store = yield* Store
  // A look must not ask for a list that gc dropped: asking would count as a use.
  if (!(yield* store.has(inputs[node.over!] as Digest))) return undefined
  const items = yield* Effect.option(itemsOf(node, inputs))
  if (Option.isNone(items)) return undefined
  const hits: Array<Done> = []
  const open: Array<{ readonly key: Key; readonly gone: ReadonlyArray<Stored> }> = []
  for (const piece of piecesFor(node, inputs, items.value)) {
    const decision = yield* decide(piece.node, piece.inputs, context)
    const gone = decision._tag === "Hit" ? yield* goneOf(decision.record.outputs) : (decision.had?.gone ?? [])
    if (decision._tag === "Run" || gone.length > 0) open.push({ key: decision.key, gone })
    else hits.push(done("hit", decision.key, decision.record))
  }
  const outputs = open.length > 0 ? [] : gathered(node, hits)
  const seconds = hits.reduce((sum, hit) => sum + hit.seconds, 0)
  return { done: hits.map(({ key }) => key), open, outputs, seconds }
})

/**
 * Does a node over a list whose inputs are known:
 * 1. checks whether the whole is already done;
 * 2. steps every item; a failed item does not stop the other items, and the first failure becomes the failure of the
 *    node;
 * 3. steps again every item whose bytes were dropped or replaced in the meantime, because the whole must contain them;
 * 4. gathers the outputs.
 */
export const stepOver = Effect.fn("stepOver")(function* (
  node: StageNode,
  inputs: InputDigests,
  context: RunContext,
): Stepped {
  const decision = yield* decide(node, inputs, context) // 1
  const joined = context.made.has(decision.key)
  if (decision._tag === "Hit") return done(joined ? "joined" : "hit", decision.key, decision.record)
  const pieces = yield* piecesOf(node, inputs)
  const forced = context.forced.has(node) ? new Set(pieces.map((piece) => piece.node)) : context.forced
  const first = yield* stepAll(pieces, (piece) => stepPiece(node, piece, { ...context, forced })) // 2
  const made = yield* stepAll(pieces, (piece, i) => again(node, piece, first[i]!, context)) // 3

  const store = yield* Store // 4
  const outputs = gathered(node, made)
  const seconds = made.reduce((sum, piece) => sum + piece.seconds, 0)
  const log = { digest: yield* store.put(new Uint8Array()), size: 0 }
  const ended: Ended = { result: { _tag: "Made", outputs }, log, seconds, peakMemory: 0, spoiled: false }
  const kept = yield* keep(node.name, decision, ended, outputs, yield* wholeOfPieces(made))
  context.made.add(decision.key)
  const outcome = made.every((piece) => piece.outcome === "hit") ? "hit" : "run"
  const replaced = [...kept.replaced, ...made.flatMap((piece) => piece.replaced)]
  return { ...done(outcome, decision.key, kept.record), replaced }
})

type Stepped = Effect.fn.Return<Done, NodeError | Stopped, Store | Executor | Events>

/** Steps all items at the same time. If some items fail, fails with the first failure after all items have ended. */
const stepAll = <E, R>(pieces: ReadonlyArray<Piece>, use: (piece: Piece, i: number) => Effect.Effect<Done, E, R>) =>
  Effect.forEach(pieces, (piece, i) => Effect.exit(use(piece, i)), { concurrency: "unbounded" }).pipe(
    Effect.flatMap(Effect.forEach((end) => end)),
  )

const again = Effect.fnUntraced(function* (whole: StageNode, piece: Piece, made: Done, context: RunContext) {
  const gone = yield* goneOf(made.outputs)
  if (gone.length === 0) return made
  yield* markAsNeeded(gone)
  return yield* stepPiece(whole, piece, context)
})

// If a person accepted an item, then the whole counts as accepted too.
const wholeOfPieces = Effect.fnUntraced(function* (
  made: ReadonlyArray<Done>,
): Effect.fn.Return<Pick<Provenance, "pieces" | "accepted">, CacheError, Store> {
  const pieces = made.map(({ key }) => key)
  const kept = yield* Effect.forEach(new Set(pieces), provenanceOf)
  const words = new Map(
    kept
      .flatMap(Option.toArray)
      .flatMap(({ accepted = [] }) =>
        accepted.map((each) => [JSON.stringify([each.by, each.when, each.because]), each] as const),
      ),
  )
  return { pieces, ...(words.size > 0 && { accepted: [...words.values()] }) }
})

const stepPiece = Effect.fnUntraced(function* (whole: StageNode, piece: Piece, context: RunContext) {
  const events = yield* Events
  const of = { node: piece.node.name, stage: piece.node.stage.name, within: whole.name }
  const end = yield* Effect.exit(step(piece.node, piece.inputs, context))
  if (Exit.isSuccess(end))
    yield* events.tell({
      _tag: "NodeDone",
      ...of,
      key: end.value.key,
      outcome: end.value.outcome,
      seconds: end.value.seconds,
    })
  else {
    const error = Cause.squash(end.cause) as NodeError | Stopped
    // Lost bytes are made again, so they are not a failure.
    const isOver = error._tag === "Stopped" || (error._tag === "CacheError" && isLost(error))
    if (!Cause.hasInterruptsOnly(end.cause) && !isOver) yield* events.tell({ _tag: "NodeFailed", ...of, error })
  }
  return yield* end
})
