// The commands about the past, on the command line: runs, logs, lineage, differences. Knows nothing about their work.
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { Count, json, node, out, settings, spec } from "../flags.ts"
import { lazily, readOnly, type Services } from "../services.ts"

const side = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDefault(false), Flag.withDescription(description))
const limit = Flag.Int("limit").pipe(
  Flag.withAlias("n"),
  Flag.withSchema(Count),
  Flag.withDefault(20),
  Flag.withDescription("How many of the last runs to list; 0 for all"),
)
const pastRun = (name: string) =>
  Argument.String(name).pipe(
    Argument.withDescription(
      "A run: its tag, its id as pipeline runs prints it, the beginning of its id, or last, last~1, …",
    ),
  )
const picture = Flag.String("output").pipe(
  Flag.withAlias("o"),
  Flag.optional,
  Flag.withDescription("Write a page (.html) or a picture (.svg) instead of the table"),
)

export const historyCommands = ({ withExitCode, store, existing }: Services) => {
  const logs = Command.make("logs", { spec, node, store: settings.store, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./logs.ts"),
        ({ logsCommand }) => logsCommand(options),
      ),
    ).pipe(Effect.provide(existing(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show what a node logged when it was last executed, even if it failed"),
    Command.withExamples([
      { command: "pipeline logs specs/paper.ts summarize", description: "What the node logged, and when" },
    ]),
  )

  const up = side("up", "Show only the nodes that this node needs")
  const down = side("down", "Show only the nodes that need this node")
  const lineage = Command.make("lineage", { spec, node, ...settings, up, down, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./lineage.ts"),
        ({ lineageCommand }) => lineageCommand(options),
      ),
    ).pipe(Effect.provide(store(options.store, readOnly))),
  ).pipe(
    Command.withDescription(
      "Show the nodes that a node needs, down to the sources, and the nodes that need it, with digests",
    ),
    Command.withExamples([
      { command: "pipeline lineage specs/paper.ts summarize --up", description: "All that the summary is made from" },
    ]),
  )

  const runs = Command.make("runs", { store: settings.store, limit, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./runs.ts"),
        ({ runsCommand }) => runsCommand(options),
      ),
    ).pipe(Effect.provide(existing(options.store, readOnly))),
  ).pipe(
    Command.withDescription("List the last runs: their settings, what each run did, and how it ended"),
    Command.withExamples([{ command: "pipeline runs -n 5", description: "The last five runs" }]),
  )

  const diff = Command.make(
    "diff",
    { before: pastRun("run1"), after: pastRun("run2"), store: settings.store, json },
    (options) =>
      withExitCode(
        lazily(
          () => import("./diff.ts"),
          ({ diffCommand }) => diffCommand(options),
        ),
      ).pipe(Effect.provide(existing(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show in which settings, nodes, outputs, tables and checks two runs differ"),
    Command.withExamples([
      { command: "pipeline diff last~1 last", description: "What the last run changed" },
      { command: "pipeline diff baseline last", description: "What changed since the run that is tagged baseline" },
    ]),
  )

  const compare = Command.make(
    "compare",
    { before: pastRun("run1"), after: pastRun("run2"), out, store: settings.store },
    (options) =>
      withExitCode(
        lazily(
          () => import("./compare.ts"),
          ({ compareCommand }) => compareCommand(options),
        ),
      ).pipe(Effect.provide(existing(options.store, readOnly))),
  ).pipe(
    Command.withDescription(
      "Draw the figures of two runs of one spec on one page, with the numbers and verdicts of both",
    ),
    Command.withExamples([
      {
        command: "pipeline compare baseline last",
        description: "What a changed parameter, or another scale, does to every figure",
      },
    ]),
  )

  const name = Argument.String("name").pipe(
    Argument.optional,
    Argument.withDescription("The new name: letters, digits, dots, dashes and underscores"),
  )
  const remove = Flag.String("delete").pipe(
    Flag.optional,
    Flag.withMetavar("NAME"),
    Flag.withDescription("Remove this tag"),
  )
  const tag = Command.make(
    "tag",
    { run: pastRun("run").pipe(Argument.optional), name, remove, store: settings.store },
    (options) =>
      withExitCode(
        lazily(
          () => import("./tag.ts"),
          ({ tagCommand }) => tagCommand(options),
        ),
      ).pipe(Effect.provide(existing(options.store))),
  ).pipe(
    Command.withDescription(
      "Give a run a name that every command accepts; gc keeps the results that the run made or found done",
    ),
    Command.withExamples([
      { command: "pipeline tag last baseline", description: "Name the last run" },
      { command: "pipeline tag --delete baseline", description: "Remove the name" },
    ]),
  )

  const timeline = Command.make(
    "timeline",
    { run: pastRun("run"), file: picture, store: settings.store, json },
    (options) =>
      withExitCode(
        lazily(
          () => import("./timeline.ts"),
          ({ timelineCommand }) => timelineCommand(options),
        ),
      ).pipe(Effect.provide(existing(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show when each node of a run ran, and mark the critical path (*)"),
    Command.withExamples([{ command: "pipeline timeline last -o timeline.html", description: "As a page" }]),
  )
  const claim = Argument.String("claim").pipe(Argument.withDescription("The id of a claim, as a run prints it"))
  const history = Command.make("history", { claim, store: settings.store, limit, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./history.ts"),
        ({ historyCommand }) => historyCommand(options),
      ),
    ).pipe(Effect.provide(existing(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show what a claim measured in each past run, with its interval and its verdict"),
    Command.withExamples([
      { command: "pipeline history kernel-slope-lazy", description: "One line for each run that judged the claim" },
    ]),
  )
  return [runs, history, logs, lineage, diff, compare, tag, timeline] as const
}
