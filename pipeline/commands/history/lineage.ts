// `pipeline lineage SPEC NODE`: what a node comes from, up to the digests of the sources, and which nodes need it.
// Knows nothing about how the graph is walked.
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { lineage, type Direction } from "../../history/lineage.ts"
import { ancestor, down, up } from "../../history/message.ts"
import { findNode, look, type LookOptions } from "../look.ts"

export interface LineageOptions extends LookOptions {
  readonly node: string
  /** If neither `up` nor `down` is set, both are shown. */
  readonly up: boolean
  readonly down: boolean
  readonly json: boolean
}

export const lineageCommand = Effect.fn("lineageCommand")(function* (options: LineageOptions) {
  const { loaded, predicted } = yield* look(options)
  const source = loaded.plan.byName.get(options.node)
  const node = source?._tag === "SourceNode" ? source : (yield* findNode(loaded.plan, predicted, options.node)).node
  const directions = (["up", "down"] as const).filter(
    (direction: Direction) => options[direction] || !(options.up || options.down),
  )
  for (const direction of directions) {
    const rows = lineage(loaded.plan, node, direction, (each) => {
      const what = predicted.get(each)
      return what?._tag === "Hit" ? what.outputs : undefined
    })
    if (!options.json) yield* Console.log(direction === "up" ? up : down)
    for (const row of rows)
      yield* Console.log(options.json ? JSON.stringify({ v: 1, direction, ...row }) : ancestor(row))
  }
  return exitCode.done as ExitCode
})
