// `pipeline gc [SPEC…]`: removes everything that neither the current plans of the specs nor the last runs need. Knows
// nothing about how files are removed safely.
import { Clock, Console, Effect } from "effect"
import { sweep, wasteOf, type Roots, type Waste } from "../../../cache/collect.ts"
import type { Digest, Key } from "../../../cache/digest.ts"
import { totalOf } from "../../../cache/inventory.ts"
import { clearDead, holdersIn } from "../../../cache/live.ts"
import { exitCode, type ExitCode } from "../../error.ts"
import * as message from "../../store/message.ts"
import { heldByPlan, heldByRuns, remakeableIn } from "../../store/roots.ts"
import { noProvenance, stockOf, type Stock } from "../../store/stock.ts"
import { look } from "../look.ts"

export interface GcOptions {
  readonly specs: ReadonlyArray<string>
  readonly set: { readonly [name: string]: string }
  readonly store: string
  readonly keepRuns: number
  /** In days. */
  readonly olderThan: number
  readonly maxSize: number
  /** Also drops outputs that only nodes of the plan read. */
  readonly inner: boolean
  readonly dryRun: boolean
  readonly json: boolean
}

const dayMilliseconds = 86_400_000

/**
 * 1. refuses to work on a store while a run uses it;
 * 2. decides what has to stay;
 * 3. sorts what may go, and prints it by stage;
 * 4. removes it, unless it is a dry run.
 */
export const gcCommand = Effect.fn("gcCommand")(function* (options: GcOptions) {
  const holders = options.dryRun ? [] : yield* holdersIn(options.store) // 1
  if (holders.length > 0) {
    yield* Console.error(message.busy(holders))
    return exitCode.busy as ExitCode
  }
  const held = yield* rootsOf(options) // 2
  const stock = yield* stockOf(options.store)
  if (held.keys.size === 0) {
    yield* Console.error(message.nothingToKeep)
    return exitCode.usage
  }
  const roots = {
    ...held,
    blobs: new Set([...held.blobs, ...[...held.keys].flatMap((key) => stock.sources.get(key) ?? [])]),
  }
  const before = (yield* Clock.currentTimeMillis) - options.olderThan * dayMilliseconds
  const waste = wasteOf(stock.inventory, roots, { before, maxSize: options.maxSize }) // 3
  const removed = options.dryRun ? waste : yield* sweep(options.store, waste) // 4
  if (!options.dryRun) yield* clearDead(options.store)
  yield* tell(removed, stock, options)
  if (removed.length === waste.length) return exitCode.done
  yield* Console.error(message.interrupted(waste.length - removed.length))
  return exitCode.busy
})

const rootsOf = Effect.fnUntraced(function* (options: GcOptions) {
  const byRuns = yield* heldByRuns(options.keepRuns)
  const [keys, blobs, spare] = [new Set<Key>(byRuns.keys), new Set<Digest>(byRuns.blobs), new Set<Digest>()]
  for (const spec of options.specs) {
    const {
      loaded: { plan },
      predicted,
      history,
    } = yield* look({ spec, set: options.set, store: options.store })
    const byPlan = yield* heldByPlan(predicted, history)
    for (const key of byPlan.keys) keys.add(key)
    for (const digest of byPlan.blobs) blobs.add(digest)
    if (options.inner) for (const digest of remakeableIn(plan, predicted)) spare.add(digest)
  }
  return { keys, blobs, spare } satisfies Roots
})

const tell = Effect.fnUntraced(function* (
  removed: ReadonlyArray<Waste>,
  { inventory, stages }: Stock,
  { dryRun, json }: GcOptions,
) {
  const groups = Map.groupBy(removed, (each) =>
    each._tag === "Record" ? (stages.get(each.key) ?? noProvenance) : kinds[each._tag],
  )
  const rows = Array.from(groups).sort(([, a], [, b]) => bytesOf(b) - bytesOf(a))
  for (const [kind, group] of rows) {
    yield* Console.log(
      json
        ? JSON.stringify({ v: 1, kind, count: group.length, bytes: bytesOf(group), dryRun })
        : message.waste(kind, group),
    )
  }
  if (!json) yield* Console.log(message.collected(removed, totalOf(inventory) - bytesOf(removed), dryRun))
})

const bytesOf = (group: ReadonlyArray<Waste>): number => group.reduce((sum, { bytes }) => sum + bytes, 0)

const kinds = { Unreferenced: "(unreferenced)", Spare: "(inner outputs)", Debris: "(debris)" } as const
