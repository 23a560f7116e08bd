// `pipeline plan SPEC`: what would run, and why. Executes nothing. Knows nothing about how predictions are made.
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { estimate } from "../../run/estimate.ts"
import { estimate as summary, predicted as sentence } from "../../run/message.ts"
import type { Choice } from "../choose.ts"
import { look, type LookOptions } from "../look.ts"

export interface PlanOptions extends LookOptions, Choice {
  /** How many nodes would run at once; needed for the expected time. */
  readonly jobs: number
  readonly json: boolean
  /** Name the hits too. */
  readonly all: boolean
  /** Exit with 3 if something would run. */
  readonly check: boolean
}

export const planCommand = Effect.fn("planCommand")(function* (
  options: PlanOptions,
): Effect.fn.Return<ExitCode, Effect.Error<ReturnType<typeof look>>, Effect.Services<ReturnType<typeof look>>> {
  const { loaded, predicted, history, context } = yield* look(options, options)
  const whole = estimate(predicted, history, {
    jobs: options.jobs,
    leftOut: context.leftOut.size,
    expected: loaded.built.seconds,
  })
  const lines = options.json
    ? [
        ...Array.from(predicted, ([{ name }, what]) => JSON.stringify({ v: 1, node: name, ...what })),
        JSON.stringify({ v: 1, _tag: "Summary", ...whole }),
      ]
    : [
        ...Array.from(predicted).flatMap(([{ name }, what]) =>
          options.all || what._tag !== "Hit" ? [`${name}  ${sentence(what)}`] : [],
        ),
        summary(whole),
      ]
  yield* Console.log(lines.join("\n")) // one write: ten thousand writes take longer than the predictions
  return options.check && whole.hit < predicted.size ? exitCode.workFound : exitCode.done
})
