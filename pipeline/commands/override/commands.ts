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
  Flag.withDescription("Why the meaning is the same; kept with the results and shown on the page"),
)
const by = Flag.String("by").pipe(
  Flag.optional,
  Flag.withMetavar("NAME"),
  Flag.withDescription("Who says so; the name of the system's user unless told"),
)
const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Change nothing; say what would become of each node"),
)

export const overrideCommands = ({ ending, store }: Services) => {
  const accept = Command.make("accept", { spec, patterns, because, by, ...settings, dryRun, json }, (options) =>
    ending(
      lazily(
        () => import("./accept.ts"),
        ({ acceptCommand }) => acceptCommand({ ...options, by: Option.getOrUndefined(options.by) }),
      ),
    ).pipe(Effect.provide(store(options.store, { looking: options.dryRun }))),
  ).pipe(
    Command.withDescription(
      "Keep what nodes made before their code changed, where the change has no meaning: nothing is computed, " +
        "and results and page say by whose word. Other params or inputs are refused",
    ),
    Command.withExamples([
      {
        command: 'pipeline accept specs/paper.ts train --because "the sum is taken by a loop now" --dry-run',
        description: "What would be accepted, and what refused",
      },
      {
        command: 'pipeline accept specs/paper.ts train measure --because "the sum is taken by a loop now"',
        description: "Two stages, the second behind the first",
      },
    ]),
  )

  const forget = Command.make("forget", { spec, patterns, ...settings, dryRun, json }, (options) =>
    ending(
      lazily(
        () => import("./forget.ts"),
        ({ forgetCommand }) => forgetCommand({ ...options, store: resolve(options.store) }),
      ),
    ).pipe(Effect.provide(store(options.store, { looking: options.dryRun }))),
  ).pipe(
    Command.withDescription(
      "Forget that nodes are done, so that the next run makes them anew although nothing changed: for results " +
        "that are not to be trusted; never beside a live run",
    ),
    Command.withExamples([
      { command: "pipeline forget specs/paper.ts 'train/*h=64*'", description: "The trainings of one width" },
    ]),
  )
  return [accept, forget] as const
}
