// `pipeline accept SPEC PATTERN…`: keeps the outputs that nodes made before their code changed, because a person states
// that the change did not change the meaning. Knows nothing about which changes can be accepted: `verify/accept.ts`
// decides that.
import { userInfo } from "node:os"
import { Clock, Console, Effect } from "effect"
import { beAtWork } from "../../../cache/live.ts"
import { accept, review, type Review } from "../../override/accept.ts"
import { openRunJournal } from "../../history/run-journal.ts"
import { exitCode, PlanError, SpecError, type ExitCode } from "../../error.ts"
import { Events } from "../../event.ts"
import { load } from "../../plan/load.ts"
import { acceptedInAll, noReason, noUser, onlySources, reviewed } from "./message.ts"
import { pieceName, type StageNode } from "../../node.ts"
import { prepare } from "../../run/context.ts"
import type { Word } from "../../run/provenance.ts"
import { countsOf, doneBy, type Settlements } from "../../run/settled.ts"
import { choose, everything } from "../choose.ts"
import type { LookOptions } from "../look.ts"

export interface AcceptOptions extends LookOptions {
  readonly patterns: ReadonlyArray<string>
  readonly because: string
  /** Undefined for the name of the user. */
  readonly by: string | undefined
  readonly dryRun: boolean
  readonly json: boolean
}

/**
 * 1. checks the person's statement;
 * 2. decides for each node what accepting it would mean;
 * 3. writes the records, and journal lines as a run does, so that gc keeps them with the last runs;
 * 4. prints the result, and fails if a node was refused.
 */
export const acceptCommand = Effect.fn("acceptCommand")(function* (options: AcceptOptions) {
  const started = performance.now()
  const word = yield* wordOf(options) // 1
  const loaded = yield* load(options.spec, options.set)
  if (!options.dryRun) yield* beAtWork
  const prepared = yield* prepare(loaded, options.store, { jobs: 1, timeout: null })
  const { plan, context } = yield* choose(loaded.plan, { ...everything, only: options.patterns }, prepared)
  const reviews = yield* review(plan, context) // 2
  if (reviews.size === 0) return yield* new PlanError({ reason: "NothingSelected", message: onlySources })
  const counts = { accepted: 0, hit: 0, refused: 0 }
  for (const what of reviews.values())
    counts[what._tag === "Acceptable" ? "accepted" : what._tag === "Hit" ? "hit" : "refused"]++
  const code: ExitCode = counts.refused > 0 ? exitCode.usage : exitCode.done
  if (!options.dryRun && counts.accepted > 0) {
    const account = yield* openRunJournal({ ...loaded, plan }, prepared, context) // 3
    yield* account.listening(write(reviews, word)).pipe(Effect.provideService(Events, { tell: () => Effect.void }))
    const settled = settlementsOf(reviews)
    yield* account.close({
      code,
      counts: countsOf(settled),
      seconds: (performance.now() - started) / 1000,
      settled,
      judged: [],
      accepted: counts.accepted,
    })
  }
  for (const [{ name }, what] of reviews)
    yield* Console.log(options.json ? JSON.stringify(rowOf(name, what)) : reviewed(name, what, options.dryRun)) // 4
  if (!options.json) yield* Console.log(acceptedInAll(counts, options.dryRun))
  return code
}, Effect.scoped)

const wordOf = Effect.fnUntraced(function* ({
  because,
  by,
}: Pick<AcceptOptions, "because" | "by">): Effect.fn.Return<Word, SpecError> {
  if (because.trim() === "") return yield* new SpecError({ reason: "BadArgument", message: noReason })
  // A process may run for a user who has no name in the system.
  const user = yield* Effect.try({
    try: () => by ?? userInfo().username,
    catch: () => new SpecError({ reason: "BadArgument", message: noUser }),
  })
  if (user.trim() === "") return yield* new SpecError({ reason: "BadArgument", message: noUser })
  return { by: user.trim(), when: new Date(yield* Clock.currentTimeMillis).toISOString(), because: because.trim() }
})

const write = Effect.fnUntraced(function* (reviews: ReadonlyMap<StageNode, Review>, word: Word) {
  const events = yield* Events
  for (const [node, what] of reviews) {
    if (what._tag === "Refused") continue
    const stage = node.stage.name
    const pieces = what._tag === "Acceptable" ? yield* accept(what, word) : []
    for (const [i, piece] of pieces.entries())
      yield* events.tell({
        _tag: "NodeDone",
        node: pieceName(node.name, i),
        within: node.name,
        stage,
        ...piece,
        outcome: "hit",
      })
    yield* events.tell({
      _tag: "NodeDone",
      node: node.name,
      stage,
      key: what.key,
      outcome: "hit",
      seconds: what.record.seconds,
    })
  }
})

const settlementsOf = (reviews: ReadonlyMap<StageNode, Review>): Settlements =>
  new Map(
    Array.from(reviews, ([node, what]) => [
      node,
      what._tag === "Refused" ? { _tag: "Skipped", because: null } : doneBy(what),
    ]),
  )

const rowOf = (node: string, what: Review) => {
  if (what._tag === "Refused") return { v: 1, node, _tag: what._tag, why: what.why }
  return what._tag === "Hit"
    ? { v: 1, node, _tag: what._tag, key: what.key }
    : { v: 1, node, _tag: what._tag, key: what.key, from: what.from, differences: what.differences }
}
