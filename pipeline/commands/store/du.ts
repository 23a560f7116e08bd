// `pipeline du`: how much room each part of the store takes, largest first. Knows nothing about specs.
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { holding, holdingTotal } from "../../store/message.ts"
import { holdings, stockOf } from "../../store/stock.ts"

export const duCommand = Effect.fn("duCommand")(function* (options: {
  readonly store: string
  readonly json: boolean
}) {
  const held = holdings(yield* stockOf(options.store))
  for (const each of held) yield* Console.log(options.json ? JSON.stringify({ v: 1, ...each }) : holding(each))
  if (!options.json) yield* Console.log(holdingTotal(held))
  return exitCode.done as ExitCode
})
