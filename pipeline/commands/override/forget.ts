// `pipeline forget SPEC PATTERN…`: removes the records of nodes, so that the next run makes these nodes again. Knows
// nothing about blobs: their bytes stay until `pipeline gc`.
import { Console, Effect, Option } from "effect"
import type { Key } from "../../../cache/digest.ts"
import { holdersIn } from "../../../cache/live.ts"
import { Store } from "../../../cache/store.ts"
import { exitCode, PlanError, type ExitCode } from "../../error.ts"
import { piecesIn, type Prediction } from "../../run/prediction.ts"
import { busy } from "../../store/message.ts"
import { forgotten, forgottenInAll, onlySources } from "./message.ts"
import { isOver } from "../../node.ts"
import { pieceKeys } from "../../run/map.ts"
import { everything } from "../choose.ts"
import { look, type LookOptions } from "../look.ts"

export interface ForgetOptions extends LookOptions {
  readonly patterns: ReadonlyArray<string>
  readonly dryRun: boolean
  readonly json: boolean
}

/**
 * Refuses to work during a live run: that run treats these results as done, uses them as inputs, and would draw a page
 * whose results have no records.
 */
export const forgetCommand = Effect.fn("forgetCommand")(function* (options: ForgetOptions) {
  const holders = options.dryRun ? [] : yield* holdersIn(options.store)
  if (holders.length > 0) {
    yield* Console.error(busy(holders))
    return exitCode.busy as ExitCode
  }
  const { predicted, context, history } = yield* look(options, { ...everything, only: options.patterns })
  const nodes = Array.from(predicted).filter(([node]) => node._tag === "StageNode")
  if (nodes.length === 0) return yield* new PlanError({ reason: "NothingSelected", message: onlySources })
  const store = yield* Store
  let removed = 0
  const remove = (key: Key) => (options.dryRun ? Effect.map(store.record(key), Option.isSome) : store.forget(key))
  for (const [node, what] of nodes) {
    const { name } = node
    const key = keyOf(what, context.lastKey(name))
    // Items first: after a crash, the record of the whole still names the items that are left.
    const pieces = isOver(node) ? yield* pieceKeys(name, key, history, piecesIn(what)) : []
    const items = (yield* Effect.filter(pieces, remove)).length
    const was = (key !== undefined && (yield* remove(key))) || items > 0
    if (was) removed++
    yield* Console.log(
      options.json
        ? JSON.stringify({ v: 1, node: name, key: key ?? null, forgotten: was, items, dryRun: options.dryRun })
        : forgotten(name, what, was, items, options.dryRun),
    )
  }
  if (!options.json) yield* Console.log(forgottenInAll(removed, nodes.length - removed, options.dryRun))
  return exitCode.done
})

/**
 * The key under which a run may find a node done. A node behind a node that reruns may still be a hit, with the key of
 * the last run.
 */
const keyOf = (what: Prediction, last: Key | undefined): Key | undefined => {
  if (what._tag === "Blocked") return last
  return what.key ?? (what._tag === "Maybe" && what.differences.length === 0 ? last : undefined)
}
