// The commands around the work, as the command line knows them: a new project, watching, completion.
import { Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { settings, spec } from "./flags.ts"
import { late, looking, type Lent } from "./lent.ts"
import { running } from "./making.ts"

const port = Flag.Int("port").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))),
  Flag.withDefault(0),
  Flag.withDescription("Where on this machine the page is served; any free port unless told"),
)
const directory = Argument.Path("directory", { pathType: "directory" }).pipe(
  Argument.withDefault("."),
  Argument.withDescription("Where the project goes; this folder unless told"),
)
const shell = Argument.Literals("shell", ["bash", "zsh", "fish"]).pipe(Argument.withDescription("The shell that asks"))
const words = Argument.String("words").pipe(
  Argument.variadic(),
  Argument.withDescription("What was typed behind the command's name, up to the cursor"),
)

export const startCommands = ({ ending, existing, onDrain, tree }: Lent) => {
  const watch = Command.make("watch", { spec, ...running, port }, ({ spec, port, ...flags }) =>
    ending(
      late(
        () => import("../command/watch.ts"),
        ({ watchCommand }) => watchCommand({ spec, port, flags, onDrain }),
      ),
    ),
  ).pipe(
    Command.withDescription(
      "Run, and run again when a file changes that the spec reaches: code, stages' bodies, data. The page is " +
        "served on this machine and reloads by itself. A change during a run lets what computes finish first. " +
        "Ctrl-C ends, with exit code 130",
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

  const init = Command.make("init", { directory }, (options) =>
    ending(
      late(
        () => import("../command/init.ts"),
        ({ initCommand }) => initCommand(options.directory),
      ),
    ),
  ).pipe(
    Command.withDescription(
      "Make a new project that runs: a spec, two stages, a check, a figure. It is linked to this installation; " +
        "nothing is fetched, and no file is written over",
    ),
    Command.withShortDescription("Make a new project that runs"),
    Command.withExamples([
      { command: "pipeline init ../my-study", description: "Then: cd ../my-study && npx pipeline run specs/first.ts" },
    ]),
  )

  const completion = Command.make("completion", { shell }, (options) =>
    ending(
      late(
        () => import("../command/completion.ts"),
        ({ completionCommand }) => completionCommand(options.shell),
      ),
    ),
  ).pipe(
    Command.withDescription("Print what a shell needs to complete commands, flags, specs, settings, nodes and runs"),
    Command.withExamples([
      { command: "source <(pipeline completion bash)", description: "For ~/.bashrc" },
      { command: "source <(pipeline completion zsh)", description: "For ~/.zshrc, behind compinit" },
      { command: "pipeline completion fish | source", description: "For ~/.config/fish/config.fish" },
    ]),
  )

  // Asked by the scripts of `completion` and by `watch`, not by people.
  const complete = Command.make("complete", { words }, (options) =>
    ending(
      late(
        () => import("../command/complete.ts"),
        ({ completeCommand }) => completeCommand(tree(), options.words, (directory) => existing(directory, looking)),
      ),
    ),
  ).pipe(Command.unlisted)
  const sources = Command.make("sources", { spec, set: settings.set }, (options) =>
    ending(
      late(
        () => import("../command/sources.ts"),
        ({ sourcesCommand }) => sourcesCommand(options),
      ),
    ),
  ).pipe(Command.unlisted)

  return [watch, init, completion, complete, sources] as const
}
