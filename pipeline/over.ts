// A node over a list: what it does for each item, once the list is there. A step for every item, with a key and a
// record of its own, and then a record of the whole. Refuses to know which node comes next.
import { Cause, Effect, Exit, Option } from "effect"
import type { Digest, Key } from "../cache/digest.ts"
import { Store, type CacheError, type Stored } from "../cache/store.ts"
import { codecs } from "./artifact.ts"
import { SpecError, type NodeError } from "./error.ts"
import { Events } from "./event.ts"
import type { Executor } from "./executor.ts"
import type { InputDigests } from "./key.ts"
import { pieceOf, wholeOf, type StageNode } from "./node.ts"
import type { Prepared } from "./prepare.ts"
import { provenanceOf, publish, type Provenance } from "./provenance.ts"
import { decide, done, step, type Context, type Done, type Stopped } from "./step.ts"

/** A node of one item, with the digests of what it takes. */
export interface Piece {
  readonly node: StageNode
  readonly inputs: InputDigests
}

/** The nodes that a node over a list stands for. Fails where the list is none. */
export const piecesOf = Effect.fn("piecesOf")(function* (node: StageNode, inputs: InputDigests): Effect.fn.Return<ReadonlyArray<Piece>, CacheError | SpecError, Store> {
  const store = yield* Store
  const over = node.over!
  const items = codecs.json.decode(yield* store.get(inputs[over] as Digest))
  if (!Array.isArray(items)) return yield* new SpecError({ reason: "BadParams", message: `${node.name} goes over the items of ${over}, which is no list but ${JSON.stringify(items)?.slice(0, 60)}. Let the node before give a list.` })
  return yield* Effect.forEach(items, (item, i) => Effect.map(store.put(codecs.json.encode(item)), (digest): Piece => ({ node: pieceOf(node, i, digest), inputs: { ...inputs, [over]: digest } })))
})

/** The outputs of a node over a list, from those of its pieces in their order. */
export const gathered = (node: StageNode, pieces: ReadonlyArray<{ readonly outputs: ReadonlyArray<Stored> }>): ReadonlyArray<Stored> =>
  Object.keys(node.stage.outputs).flatMap((name) => pieces.map(({ outputs }, i) => ({ ...outputs.find((output) => output.name === name)!, name: `${name}/${i}` })))

/**
 * The keys of the items that a run may find done, without the list, which may be gone: those of the whole, and
 * where there is none, because an item failed or the list changed, the last ones of its name.
 */
export const pieceKeys = Effect.fn("pieceKeys")(function* (name: string, key: Key | undefined, history: Prepared["history"]): Effect.fn.Return<ReadonlySet<Key>, CacheError, Store> {
  const kept = key === undefined ? Option.none() : yield* provenanceOf(key)
  const last = () => Array.from(history).flatMap(([each, { key }]) => (each !== name && wholeOf(each) === name ? [key] : []))
  return new Set((Option.isSome(kept) ? kept.value.pieces : undefined) ?? last())
})

/** Does a node over a list whose inputs are there. A failed item stops no other; the first failure is the node's. */
export const stepOver = Effect.fn("stepOver")(function* (node: StageNode, inputs: InputDigests, context: Context): Effect.fn.Return<Done, NodeError | Stopped, Store | Executor | Events> {
  const decision = yield* decide(node, inputs, context)
  if (decision._tag === "Hit") return done("hit", decision.key, decision.record)
  const pieces = yield* piecesOf(node, inputs)
  const forced = context.forced.has(node) ? new Set(pieces.map((piece) => piece.node)) : context.forced
  const ends = yield* Effect.forEach(pieces, (piece) => Effect.exit(stepPiece(node, piece, { ...context, forced })), { concurrency: "unbounded" })
  const made = yield* Effect.forEach(ends, (end) => end) // the first that failed, once all have ended

  const store = yield* Store
  const outputs = gathered(node, made)
  const seconds = made.reduce((sum, piece) => sum + piece.seconds, 0)
  const log = { digest: yield* store.put(new Uint8Array()), size: 0 }
  const kept = yield* publish(node.name, decision.key, decision.parts, { result: { _tag: "Made", outputs }, log, seconds, peakMemory: 0, spoiled: false }, outputs, yield* wholeOfPieces(made))
  return { outcome: made.every(({ outcome }) => outcome === "hit") ? "hit" : "run", key: decision.key, outputs: kept.outputs, seconds: kept.seconds }
})

// Where an item stands by a person's word, so does the whole.
const wholeOfPieces = Effect.fnUntraced(function* (made: ReadonlyArray<Done>): Effect.fn.Return<Pick<Provenance, "pieces" | "accepted">, CacheError, Store> {
  const pieces = made.map(({ key }) => key)
  const kept = yield* Effect.forEach(new Set(pieces), provenanceOf)
  const words = new Map(kept.flatMap(Option.toArray).flatMap(({ accepted = [] }) => accepted.map((each) => [JSON.stringify([each.by, each.when, each.because]), each] as const)))
  return { pieces, ...(words.size > 0 && { accepted: [...words.values()] }) }
})

const stepPiece = Effect.fnUntraced(function* (whole: StageNode, piece: Piece, context: Context) {
  const events = yield* Events
  const of = { node: piece.node.name, stage: piece.node.stage.name, within: whole.name }
  const end = yield* Effect.exit(step(piece.node, piece.inputs, context))
  if (Exit.isSuccess(end)) yield* events.tell({ _tag: "NodeDone", ...of, key: end.value.key, outcome: end.value.outcome, seconds: end.value.seconds })
  else {
    const error = Cause.squash(end.cause) as NodeError | Stopped
    if (!Cause.hasInterruptsOnly(end.cause) && error._tag !== "Stopped") yield* events.tell({ _tag: "NodeFailed", ...of, error })
  }
  return yield* end
})
