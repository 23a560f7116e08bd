// `init` on the command line. Knows nothing about its work.
import { Argument, Command } from "effect/cli"
import { lazily, type Services } from "../services.ts"

const directory = Argument.Path("directory", { pathType: "directory" }).pipe(
  Argument.withDefault("."),
  Argument.withDescription("The folder for the project; the default is this folder"),
)

export const initCommands = ({ withExitCode }: Services) => {
  const init = Command.make("init", { directory }, (options) =>
    withExitCode(
      lazily(
        () => import("./init.ts"),
        ({ initCommand }) => initCommand(options.directory),
      ),
    ),
  ).pipe(
    Command.withDescription(
      "Make a new project that runs: a spec, two stages, a check, a figure. It is linked to this installation; " +
        "nothing is downloaded, and no file is overwritten",
    ),
    Command.withShortDescription("Make a new project that runs"),
    Command.withExamples([
      { command: "pipeline init ../my-study", description: "Then: cd ../my-study && npx pipeline run specs/first.ts" },
    ]),
  )
  return [init] as const
}
