// `pipeline plan SPEC`: what would run, and why. Nothing is executed.
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../error.ts"
import type { Foreseen } from "../foresee.ts"
import { changed, foreseen as sentence, seconds } from "../message.ts"
import { look, type LookOptions } from "./look.ts"

export interface PlanOptions extends LookOptions {
  readonly json: boolean
  /** Name the hits too. */
  readonly all: boolean
  /** Exit with 3 when something would run. */
  readonly check: boolean
}

export const planCommand = Effect.fn("planCommand")(function* (options: PlanOptions): Effect.fn.Return<ExitCode, Effect.Error<ReturnType<typeof look>>, Effect.Services<ReturnType<typeof look>>> {
  const { foreseen, history, loaded } = yield* look(options)
  const rows = [...foreseen].map(([node, what]) => ({ node: node.name, what }))
  if (options.json) {
    for (const { node, what } of rows) yield* Console.log(JSON.stringify({ v: 1, node, ...what }))
  } else {
    for (const { node, what } of rows) if (options.all || what._tag !== "Hit") yield* Console.log(`${node}  ${sentence(what)}`)
    const count = (tag: Foreseen["_tag"]): number => rows.filter(({ what }) => what._tag === tag).length
    const open = rows.filter(({ what }) => what._tag !== "Hit")
    const timed = open.flatMap(({ node }) => history.get(node)?.seconds ?? [])
    const known = `about ${seconds(timed.reduce((sum, each) => sum + each, 0))} of work by what they took the last time`
    const expected = open.length === 0 ? "" : timed.length === open.length ? ` · ${known}` : ` · ${open.length - timed.length} never timed${timed.length === 0 ? "" : `, the others ${known}`}`
    for (const [reason, nodes] of byReason(rows)) yield* Console.log(`  ${String(nodes).padStart(6)} ${reason}`)
    yield* Console.log(`${loaded.plan.nodes.length} nodes: ${count("Hit")} hit, ${count("Run")} to run, ${count("Maybe")} maybe${expected}`)
  }
  return options.check && rows.some(({ what }) => what._tag !== "Hit") ? exitCode.workFound : exitCode.done
})

// A summary a person can read at a hundred thousand nodes.
const byReason = (rows: ReadonlyArray<{ readonly what: Foreseen }>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { what } of rows) {
    for (const reason of reasonsOf(what)) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a))
}

const reasonsOf = (what: Foreseen): ReadonlyArray<string> => {
  if (what._tag === "Hit") return []
  const differences = what._tag === "Maybe" ? what.differences : what.reason._tag === "Changed" ? what.reason.differences : []
  const own = new Set(differences.map((each) => (each.path.startsWith("inputs.") ? "input" : changed(each))))
  if (what._tag === "Maybe") return [...own, "maybe: upstream reruns"]
  return what.reason._tag === "FirstRun" ? ["first run"] : what.reason._tag === "Lost" ? ["missing output"] : [...own]
}
