// Completion on the command line: the script for a shell, and the command that this script calls. Knows nothing about
// the candidates.
import { Argument, Command } from "effect/cli"
import { lazily, readOnly, type Services } from "../services.ts"

const shell = Argument.Literals("shell", ["bash", "zsh", "fish"]).pipe(
  Argument.withDescription("The shell that completes"),
)
const words = Argument.String("words").pipe(
  Argument.variadic(),
  Argument.withDescription("The words typed after the name of the command, up to the cursor"),
)

export const completionCommands = ({ withExitCode, existing, tree }: Services) => {
  const completion = Command.make("completion", { shell }, (options) =>
    withExitCode(
      lazily(
        () => import("./completion.ts"),
        ({ completionCommand }) => completionCommand(options.shell),
      ),
    ),
  ).pipe(
    Command.withDescription(
      "Print a script that lets a shell complete commands, flags, specs, settings, nodes and runs",
    ),
    Command.withExamples([
      { command: "source <(pipeline completion bash)", description: "For ~/.bashrc" },
      { command: "source <(pipeline completion zsh)", description: "For ~/.zshrc, after compinit" },
      { command: "pipeline completion fish | source", description: "For ~/.config/fish/config.fish" },
    ]),
  )

  // Called by the scripts of `completion`, not by people.
  const complete = Command.make("complete", { words }, (options) =>
    withExitCode(
      lazily(
        () => import("./complete.ts"),
        ({ completeCommand }) => completeCommand(tree(), options.words, (directory) => existing(directory, readOnly)),
      ),
    ),
  ).pipe(Command.unlisted)
  return [completion, complete] as const
}
