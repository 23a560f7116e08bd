// `watch` on the command line, and the hidden command `sources` that `watch` calls in a separate process. Knows nothing
// about their work.
import { Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { settings, spec } from "../flags.ts"
import { running } from "../run/commands.ts"
import { lazily, type Services } from "../services.ts"

const port = Flag.Int("port").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))),
  Flag.withDefault(0),
  Flag.withDescription("The port on this machine for the page; the default is any free port"),
)

export const watchCommands = ({ withExitCode, onDrain }: Services) => {
  const watch = Command.make("watch", { spec, ...running, port }, ({ spec, port, ...flags }) =>
    withExitCode(
      lazily(
        () => import("./watch.ts"),
        ({ watchCommand }) => watchCommand({ spec, port, flags, onDrain }),
      ),
    ),
  ).pipe(
    Command.withDescription(
      "Run, and run again when a file that the spec uses changes: code, bodies of stages, data. The page is " +
        "served on this machine and reloads by itself. If a file changes during a run, the nodes that are running " +
        "finish first. Ctrl-C ends the command, with exit code 130",
    ),
    Command.withShortDescription("Run, and run again when a file of the spec changes; the page reloads"),
    Command.withExamples([
      { command: "pipeline watch specs/smoke.ts", description: "Edit, save, look at the page" },
      {
        command: "pipeline watch specs/paper.ts --until 'train/*h=64*' --port 8000",
        description: "A part, with the page always at the same address",
      },
    ]),
  )

  // Called by `watch`, not by people.
  const sources = Command.make("sources", { spec, set: settings.set }, (options) =>
    withExitCode(
      lazily(
        () => import("./sources.ts"),
        ({ sourcesCommand }) => sourcesCommand(options),
      ),
    ),
  ).pipe(Command.unlisted)
  return [watch, sources] as const
}
