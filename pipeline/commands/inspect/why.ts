// `pipeline why SPEC NODE`: each part of the node's key that changed since the last run, old and new. Knows nothing
// about how keys are made.
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { predicted as sentence } from "../../run/message.ts"
import { findNode, look, type LookOptions } from "../look.ts"

export const whyCommand = Effect.fn("whyCommand")(function* (options: LookOptions & { readonly node: string }) {
  const { loaded, predicted } = yield* look(options)
  const { node, predicted: what } = yield* findNode(loaded.plan, predicted, options.node)
  yield* Console.log(`${node.name}  ${sentence(what)}`)
  const differences =
    what._tag === "Maybe"
      ? what.differences
      : what._tag === "Run" && what.reason._tag === "Changed"
        ? what.reason.differences
        : []
  for (const { path, before, after } of differences) {
    yield* Console.log(`  ${path}\n    before ${before ?? "(none)"}\n    after  ${after ?? "(none)"}`)
  }
  return exitCode.done as ExitCode
})
