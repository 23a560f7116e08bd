// Which nodes would run only because their code changed, and can keep their outputs instead? Walks the plan as a run
// would: a node behind an accepted node gets the outputs that the accepted node keeps. Writes only accepted records.
// Knows nothing about how the statement is asked for or printed.
import { Effect, Option } from "effect"
import type { Key } from "../../cache/digest.ts"
import { Store, type CacheError, type Known } from "../../cache/store.ts"
import { otherMeaning } from "./acceptance.ts"
import type { SpecError } from "../error.ts"
import { keyOf, type Difference, type InputDigests, type KeyParts } from "../key/key.ts"
import type { Node, StageNode } from "../node.ts"
import { inputsOf, type Plan } from "../plan/plan.ts"
import {
  provenanceOf,
  publishAccepted,
  type Acceptance,
  type Made,
  type Provenance,
  type Word,
} from "../run/provenance.ts"
import { digestsOf, doneBy, type Settlements } from "../run/settled.ts"
import { fetchSource } from "../run/source.ts"
import { decide } from "../run/step.ts"
import type { RunContext } from "../run/context.ts"

/** Why a node cannot be accepted. */
export type Refusal =
  | { readonly _tag: "NeverMade" }
  /** Something other than its code differs. */
  | { readonly _tag: "OtherMeaning"; readonly differences: ReadonlyArray<Difference> }
  /** Outputs that it made before are gone. */
  | { readonly _tag: "Gone"; readonly outputs: ReadonlyArray<string> }
  /** A node that it needs would run, so its inputs are not known. */
  | { readonly _tag: "Behind"; readonly producer: string }

/** What accepting a node would mean. */
export type Review =
  | { readonly _tag: "Hit"; readonly key: Key; readonly record: Known }
  | ({
      readonly _tag: "Acceptable"
      readonly from: Key
      readonly key: Key
      readonly parts: KeyParts
      readonly differences: ReadonlyArray<Difference>
    } & Made)
  | { readonly _tag: "Refused"; readonly why: Refusal }

type Acceptable = Extract<Review, { readonly _tag: "Acceptable" }>

/** What accepting would mean for every node of the plan that is not left out, in its order. */
export const review = Effect.fn("review")(function* (
  plan: Plan,
  context: RunContext,
): Effect.fn.Return<ReadonlyMap<StageNode, Review>, CacheError | SpecError, Store> {
  const known: Settlements = new Map()
  const reviews = new Map<StageNode, Review>()
  // For each node that would run, or is behind such a node: the name of the node that runs.
  const running = new Map<Node, string>()
  for (const node of plan.nodes) {
    if (node._tag === "SourceNode") {
      known.set(node, {
        _tag: "Done",
        key: null,
        outcome: "hit",
        outputs: [{ name: "bytes", ...(yield* fetchSource(node)) }],
        seconds: 0,
      })
      continue
    }
    const open = inputsOf(node).find((output) => !known.has(output.node))
    const what: Review =
      open === undefined
        ? yield* reviewOf(node, digestsOf(node, known), context)
        : refused({ _tag: "Behind", producer: running.get(open.node)! })
    const asked = !context.leftOut.has(node)
    if (what._tag === "Hit" || (what._tag === "Acceptable" && asked)) known.set(node, doneBy(what))
    else running.set(node, open === undefined ? node.name : running.get(open.node)!)
    if (asked) reviews.set(node, what)
  }
  return reviews
})

const reviewOf = Effect.fnUntraced(function* (
  node: StageNode,
  inputs: InputDigests,
  context: RunContext,
): Effect.fn.Return<Review, CacheError, Store> {
  const decision = yield* decide(node, inputs, context)
  if (decision._tag === "Hit") return decision
  const { key, parts, reason } = decision
  if (reason._tag === "Lost") return refused({ _tag: "Gone", outputs: reason.outputs })
  const from = context.lastKey(node.name)
  if (reason._tag !== "Changed" || from === undefined) return refused({ _tag: "NeverMade" })
  const differences = otherMeaning(reason.differences)
  if (differences.length > 0) return refused({ _tag: "OtherMeaning", differences })
  const store = yield* Store
  const made = Option.all({ record: yield* store.record(from), provenance: yield* provenanceOf(from) })
  if (Option.isNone(made)) return refused({ _tag: "NeverMade" })
  const gone = yield* Effect.filter(made.value.record.outputs, ({ digest }) =>
    Effect.map(store.has(digest), (there) => !there),
  )
  if (gone.length > 0) return refused({ _tag: "Gone", outputs: gone.map(({ name }) => name) })
  return { _tag: "Acceptable", from, key, parts, differences: reason.differences, ...made.value }
})

const refused = (why: Refusal): Review => ({ _tag: "Refused", why })

/**
 * Writes the accepted record. For a node over a list, first writes the records of its items, and returns these. If
 * another run made the record in the meantime, that record stays.
 */
export const accept = Effect.fn("accept")(function* (
  { from, key, parts, differences, record, provenance }: Acceptable,
  word: Word,
): Effect.fn.Return<ReadonlyArray<AcceptedPiece>, CacheError, Store> {
  const acceptance = { ...word, differences }
  const pieces = yield* Effect.forEach(provenance.pieces ?? [], (piece) => acceptPiece(piece, parts, acceptance))
  const whole =
    provenance.pieces === undefined ? provenance : { ...provenance, pieces: pieces.map((piece) => piece.key) }
  yield* publishAccepted({ record, provenance: whole }, key, parts, { from, ...acceptance })
  return pieces
})

type AcceptedPiece = Pick<Provenance, "seconds"> & { readonly key: Key }

// Only the code and what the code runs on differ, so an item keeps its other parts. An item whose record is gone keeps
// its key: a longer list makes it again.
const acceptPiece = Effect.fnUntraced(function* (
  from: Key,
  { code, packages, node }: KeyParts,
  acceptance: Omit<Acceptance, "from">,
): Effect.fn.Return<AcceptedPiece, CacheError, Store> {
  const store = yield* Store
  const made = Option.all({ record: yield* store.record(from), provenance: yield* provenanceOf(from) })
  if (Option.isNone(made)) return { key: from, seconds: 0 }
  const parts = { ...made.value.provenance.parts, code, packages, node }
  const key = keyOf(parts)
  const { seconds } = yield* publishAccepted(made.value, key, parts, { from, ...acceptance })
  return { key, seconds }
})
