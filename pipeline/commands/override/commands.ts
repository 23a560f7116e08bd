// The commands with which a person decides what counts as done, on the command line: `accept` and `forget`. Knows
// nothing about their work.
import { resolve } from "node:path"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { json, settings, spec } from "../flags.ts"
import { lazily, type Services } from "../services.ts"

const patterns = Argument.String("pattern").pipe(
  Argument.variadic({ min: 1 }),
  Argument.withDescription("The nodes: 'train/*h=64*', or a stage's name"),
)
const because = Flag.String("because").pipe(
  Flag.withMetavar("REASON"),
  Flag.withDescription("Why the results are still right; the reason is kept with the results and shown on the page"),
)
const by = Flag.String("by").pipe(
  Flag.optional,
  Flag.withMetavar("NAME"),
  Flag.withDescription("Who accepts the results; the default is the name of the system's user"),
)
const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Change nothing; print what would happen to each node"),
)

export const overrideCommands = ({ withExitCode, store }: Services) => {
  const accept = Command.make("accept", { spec, patterns, because, by, ...settings, dryRun, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./accept.ts"),
        ({ acceptCommand }) => acceptCommand({ ...options, by: Option.getOrUndefined(options.by) }),
      ),
    ).pipe(Effect.provide(store(options.store, { looking: options.dryRun }))),
  ).pipe(
    Command.withDescription(
      "Keep the results that nodes made before their code changed, if the change does not affect the results: " +
        "nothing is computed, and results and page say who accepted them. Other params or inputs are refused",
    ),
    Command.withExamples([
      {
        command: 'pipeline accept specs/paper.ts train --because "the sum is taken by a loop now" --dry-run',
        description: "Which nodes would be accepted, and which refused",
      },
      {
        command: 'pipeline accept specs/paper.ts train measure --because "the sum is taken by a loop now"',
        description: "Two stages, where the second needs the first",
      },
    ]),
  )

  const forget = Command.make("forget", { spec, patterns, ...settings, dryRun, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./forget.ts"),
        ({ forgetCommand }) => forgetCommand({ ...options, store: resolve(options.store) }),
      ),
    ).pipe(Effect.provide(store(options.store, { looking: options.dryRun }))),
  ).pipe(
    Command.withDescription(
      "Forget that nodes are done, so that the next run makes them again although nothing changed: for results " +
        "that you do not trust. Refused while a run uses the store",
    ),
    Command.withExamples([
      { command: "pipeline forget specs/paper.ts 'train/*h=64*'", description: "All training nodes of one width" },
    ]),
  )
  return [accept, forget] as const
}
