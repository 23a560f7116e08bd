// Which predicted hits are not certain? Dropped bytes are made again if a node that runs reads them, and they may come
// out different. Then the nodes that read these bytes get other keys, and the nodes that hold the same bytes lose them.
// Walks from the nodes that run, or may run, to all nodes they can affect. Knows nothing about why the first nodes run.
import { Effect } from "effect"
import type { Digest } from "../../cache/digest.ts"
import type { CacheError, Store, Stored } from "../../cache/store.ts"
import { blamed, maybe, type Prediction, type Outlook } from "./prediction.ts"
import { goneOf } from "./keep.ts"
import type { Node } from "../node.ts"
import { inputsOf, type Plan } from "../plan/plan.ts"
import type { Reason } from "../key/reason.ts"
import { outputsByName } from "./settled.ts"
import type { RunContext } from "./context.ts"

/** Which nodes are affected because other nodes run. */
interface Spread {
  /** The nodes that are no longer certain, each with the node that causes this. */
  readonly shaken: Map<Node, string>
  /** Missing outputs of known nodes that other nodes need. */
  readonly demands: Map<Node, { readonly gone: Map<Digest, Stored>; readonly by: Set<Node> }>
}

/** Corrects the predictions: for hits whose missing outputs are needed, and for all nodes that depend on these hits. */
export const correctPredictions = Effect.fn("correctPredictions")(function* (
  plan: Plan,
  outlook: Outlook,
  context: RunContext,
): Effect.fn.Return<void, CacheError, Store> {
  const { predicted, doubtful } = outlook
  const open = plan.nodes.filter((node) => isOpen(predicted.get(node)!))
  const { shaken, demands } = yield* spreadFrom(open, plan, outlook, context)
  if (demands.size === 0 && shaken.size === 0) return
  const { sure, blocked } = surelyAsked(plan, { shaken, demands }, outlook, context)
  const shared = sharedBy({ shaken, demands }, outlook)
  for (const node of plan.nodes) {
    const what = predicted.get(node)!
    const producers = inputsOf(node).map((output) => output.node)
    const input = blocked.get(node) ?? producers.map((producer) => predicted.get(producer)!).find(isBlocked)?.input
    if (input !== undefined && !context.leftOut.has(node)) {
      predicted.set(node, { _tag: "Blocked", input })
      continue
    }
    if ((shaken.has(node) && context.leftOut.has(node)) || producers.some((producer) => doubtful.has(producer)))
      doubtful.add(node)
    const before = producers.find((producer) => shaken.has(producer))
    const behind = before === undefined ? shaken.get(node) : blamed(before, outlook, context)
    const runsAnyway = context.forced.has(node) && !doubtful.has(node)
    if (behind === undefined || runsAnyway || (what._tag !== "Hit" && what._tag !== "Run")) continue
    const gone = [...(demands.get(node)?.gone.values() ?? [])]
    const reason = what._tag === "Run" ? what.reason : lostOf(gone)
    const isSure = before === undefined && sure.has(node) && !gone.some(({ digest }) => shared.has(digest))
    const runs = reason !== undefined && isSure
    predicted.set(node, runs ? { _tag: "Run", reason, ...recordedOf(what) } : maybe(behind, reason, recordedOf(what)))
  }
})

const lostOf = (gone: ReadonlyArray<Stored>): Reason | undefined =>
  gone.length === 0 ? undefined : { _tag: "Lost", outputs: gone.map(({ name }) => name) }
const isOpen = ({ _tag }: Prediction): boolean => _tag === "Run" || _tag === "Maybe"
const isBlocked = (what: Prediction): what is Extract<Prediction, { _tag: "Blocked" }> => what._tag === "Blocked"

/** Walks from open nodes to all nodes they may change. A node that is left out reads nothing, and is never made. */
const spreadFrom = Effect.fnUntraced(function* (
  open: ReadonlyArray<Node>,
  plan: Plan,
  outlook: Outlook,
  context: RunContext,
): Effect.fn.Return<Spread, CacheError, Store> {
  const { predicted, known, gone } = outlook
  const spread: Spread = { shaken: new Map(), demands: new Map() }
  const { shaken, demands } = spread
  const queue = [...open]
  let index: ReturnType<typeof indexOf> | undefined
  const shake = (node: Node, behind: string): void => {
    if (!known.has(node) || shaken.has(node)) return
    shaken.set(node, behind)
    queue.push(node)
  }
  for (const node of queue) {
    const lost = gone.get(node) ?? (yield* goneOf(known.get(node)?.outputs ?? []))
    if (shaken.has(node) || lost.length > 0) index ??= indexOf(plan, outlook)
    if (shaken.has(node))
      for (const reader of index!.readers.get(node) ?? []) shake(reader, blamed(node, outlook, context))
    for (const { digest } of lost)
      for (const holder of index!.holders.get(digest) ?? [])
        if (holder !== node) shake(holder, blamed(node, outlook, context))
    if (context.leftOut.has(node)) continue
    const what = predicted.get(node)!
    for (const output of inputsOf(node)) {
      const { node: producer } = output
      if (producer._tag === "SourceNode") continue
      for (const stored of yield* goneOf(outputsByName(output, known.get(producer)?.outputs ?? []))) {
        const demand = demands.get(producer) ?? { gone: new Map<Digest, Stored>(), by: new Set<Node>() }
        demands.set(producer, demand)
        demand.gone.set(stored.digest, stored)
        demand.by.add(node)
        if (!context.leftOut.has(producer))
          shake(producer, what._tag === "Maybe" ? what.behind : (shaken.get(node) ?? node.name))
      }
    }
  }
  return spread
})

const add = <K>(to: Map<K, Array<Node>>, key: K, node: Node): void => {
  const others = to.get(key)
  if (others === undefined) to.set(key, [node])
  else others.push(node)
}

/** Which nodes read from a node, and which known nodes hold the bytes of a digest. */
const indexOf = (plan: Plan, { known }: Outlook) => {
  const readers = new Map<Node, Array<Node>>()
  const holders = new Map<Digest, Array<Node>>()
  for (const node of plan.nodes)
    for (const producer of new Set(inputsOf(node).map((output) => output.node))) add(readers, producer, node)
  for (const [node, { outputs }] of known)
    for (const digest of new Set(outputs.map((output) => output.digest))) add(holders, digest, node)
  return { readers, holders }
}

/**
 * Which demands are certain, and which nodes cannot run because they need an output of a node that is left out. A
 * demand is certain if it comes from a node that runs for certain, or from a node that such a node needs, unless
 * something else may change the demanding node first.
 */
const surelyAsked = (plan: Plan, { shaken, demands }: Spread, { predicted, known }: Outlook, context: RunContext) => {
  const sure = new Set<Node>()
  const blocked = new Map<Node, string>()
  for (const node of plan.nodes.toReversed()) {
    const producers = [...new Set(inputsOf(node).map((output) => output.node))]
    const runs = predicted.get(node)!._tag === "Run" && producers.every((producer) => known.has(producer))
    const asked = producers.filter((producer) => demands.get(producer)?.by.has(node))
    const others = producers.filter((producer) => producer !== asked[0])
    // A node that is needed again needs its own inputs, unless something else changes these inputs first.
    const asks = sure.has(node) && !others.some((producer) => shaken.has(producer) || asked.includes(producer))
    if (!runs && !asks) continue
    for (const producer of asked) {
      if (context.leftOut.has(producer)) blocked.set(node, producer.name)
      else sure.add(producer)
    }
  }
  return { sure, blocked }
}

/**
 * Missing bytes that belong to more than one node: the first of these nodes that runs brings the bytes back for all.
 */
const sharedBy = ({ demands }: Spread, { gone }: Outlook): ReadonlySet<Digest> => {
  const holders = new Map<Digest, Set<Node>>()
  const note = (node: Node, digest: Digest) => holders.set(digest, (holders.get(digest) ?? new Set()).add(node))
  for (const [node, demand] of demands) for (const digest of demand.gone.keys()) note(node, digest)
  for (const [node, lost] of gone) for (const { digest } of lost) note(node, digest)
  return new Set([...holders].flatMap(([digest, nodes]) => (nodes.size > 1 ? [digest] : [])))
}

const recordedOf = (what: Prediction) => ({
  ...("key" in what && what.key != null && { key: what.key }),
  ...("pieces" in what && what.pieces !== undefined && { pieces: what.pieces }),
})
