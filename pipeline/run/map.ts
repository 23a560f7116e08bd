// A node over a list: what it does for each item, once the list is there. A step for every item, with a key and a
// record of its own, and then a record of the whole. Refuses to know which node comes next.
import { Cause, Effect, Exit, Option } from "effect"
import { digestOf, type Digest, type Key } from "../../cache/digest.ts"
import { Store, type CacheError, type Stored } from "../../cache/store.ts"
import { codecs } from "../artifact/artifact.ts"
import { SpecError, type NodeError } from "../error.ts"
import { Events } from "../event.ts"
import type { Ended, Executor } from "../executor/executor.ts"
import { askFor, goneOf, keep } from "./keep.ts"
import type { InputDigests } from "../key/key.ts"
import { pieceOf, wholeOf, type StageNode } from "../node.ts"
import type { Prepared, RunContext } from "./context.ts"
import { isLost, provenanceOf, type Provenance } from "./provenance.ts"
import { decide, done, step, type Done, type Stopped } from "./step.ts"

/** A node of one item, with the digests of what it takes. */
export interface Piece {
  readonly node: StageNode
  readonly inputs: InputDigests
}

/** The nodes that a node over a list stands for, and their items kept. Fails where the list is none. */
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

/** The outputs of a node over a list, from those of its pieces in their order. */
export const gathered = (
  node: StageNode,
  pieces: ReadonlyArray<{ readonly outputs: ReadonlyArray<Stored> }>,
): ReadonlyArray<Stored> =>
  Object.keys(node.stage.outputs).flatMap((name) =>
    pieces.map(({ outputs }, i) => ({ ...outputs.find((output) => output.name === name)!, name: `${name}/${i}` })),
  )

/**
 * The keys of the items that a run may find done, without the list, which may be gone: those that were seen, those of
 * the whole, and where there is none, because an item failed or the list changed, the last ones of its name.
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
 * What a node over a list would find done of its items, and make of them; nothing where the list is not there, or none.
 */
export const lookOver = Effect.fn("lookOver")(function* (node: StageNode, inputs: InputDigests, context: RunContext) {
  const store = yield* Store
  // Not asked for where it was dropped: to look is not to take.
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
 * Does a node over a list whose inputs are there:
 * 1. looks whether the whole is done already;
 * 2. steps every item; a failed one stops no other, and the first failure is the node's;
 * 3. steps once more those whose bytes are gone, be they dropped or replaced meanwhile: the whole is to hold them;
 * 4. gathers.
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

/** All at once; where some fail, the first of them, once all have ended. */
const stepAll = <E, R>(pieces: ReadonlyArray<Piece>, use: (piece: Piece, i: number) => Effect.Effect<Done, E, R>) =>
  Effect.forEach(pieces, (piece, i) => Effect.exit(use(piece, i)), { concurrency: "unbounded" }).pipe(
    Effect.flatMap(Effect.forEach((end) => end)),
  )

const again = Effect.fnUntraced(function* (whole: StageNode, piece: Piece, made: Done, context: RunContext) {
  const gone = yield* goneOf(made.outputs)
  if (gone.length === 0) return made
  yield* askFor(gone)
  return yield* stepPiece(whole, piece, context)
})

// Where an item stands by a person's word, so does the whole.
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
    // What is lost is made again.
    const isOver = error._tag === "Stopped" || (error._tag === "CacheError" && isLost(error))
    if (!Cause.hasInterruptsOnly(end.cause) && !isOver) yield* events.tell({ _tag: "NodeFailed", ...of, error })
  }
  return yield* end
})
