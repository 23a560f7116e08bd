// The commands that look at one spec, on the command line: why a node runs, its outputs, the graph, and code that no
// key covers. Knows nothing about their work.
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { json, node, settings, spec } from "../flags.ts"
import { lazily, readOnly, type Services } from "../services.ts"

const format = Flag.Literals("format", ["mermaid", "dot", "svg"]).pipe(
  Flag.withDefault("mermaid"),
  Flag.withDescription("Text for Mermaid or Graphviz, or a picture"),
)
const output = Argument.String("output").pipe(
  Argument.withDescription("The name of one of the outputs of the node, as pipeline show prints it"),
)
const file = Flag.String("output").pipe(
  Flag.withAlias("o"),
  Flag.withDescription("The file to write; its extension chooses the format"),
)

export const inspectCommands = ({ withExitCode, store }: Services) => {
  const why = Command.make("why", { spec, node, ...settings }, (options) =>
    withExitCode(
      lazily(
        () => import("./why.ts"),
        ({ whyCommand }) => whyCommand(options),
      ),
    ).pipe(Effect.provide(store(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show each part of a node's key that differs from the last time"),
    Command.withExamples([
      { command: "pipeline why specs/paper.ts summarize", description: "Why it would run: old and new values" },
    ]),
  )

  const code = Flag.Boolean("code").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Print only the code that made the result, as it ran"),
  )
  const show = Command.make("show", { spec, node, code, ...settings }, (options) =>
    withExitCode(
      lazily(
        () => import("./show.ts"),
        ({ showCommand }) => showCommand(options),
      ),
    ).pipe(Effect.provide(store(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show a node's outputs, digests, log and provenance"),
    Command.withExamples([
      {
        command: "pipeline show specs/paper.ts summarize",
        description: "What the node made, from which inputs, when, and how long it took",
      },
      {
        command: "pipeline show specs/paper.ts summarize --code > summarize.js",
        description: "The exact code that ran",
      },
    ]),
  )

  const graph = Command.make("graph", { spec, set: settings.set, format }, (options) =>
    withExitCode(
      lazily(
        () => import("./graph.ts"),
        ({ graphCommand }) => graphCommand(options),
      ),
    ),
  ).pipe(
    Command.withDescription("Print the graph of stages, with one box for all nodes of a stage"),
    Command.withExamples([
      { command: "pipeline graph specs/paper.ts --format svg > graph.svg", description: "As a picture" },
    ]),
  )

  const exporting = Command.make("export", { spec, node, output, file, ...settings }, (options) =>
    withExitCode(
      lazily(
        () => import("./export.ts"),
        ({ exportCommand }) => exportCommand(options),
      ),
    ).pipe(Effect.provide(store(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Write an output to a file: .safetensors, .arrow, .csv or .json"),
    Command.withExamples([
      { command: "pipeline export specs/paper.ts summarize summary -o summary.csv", description: "A table as CSV" },
    ]),
  )

  const lint = Command.make("lint", { spec, set: settings.set, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./lint.ts"),
        ({ lintCommand }) => lintCommand(options),
      ),
    ),
  ).pipe(
    Command.withDescription(
      "Find, before the stages run, where they would use something that no key contains: computed imports, files, " +
        "undeclared environment variables, time, random numbers, network",
    ),
    Command.withExamples([
      {
        command: "pipeline lint specs/paper.ts",
        description: "Every place, with the stages that use it and what to write instead",
      },
    ]),
  )
  return [why, show, graph, exporting, lint] as const
}
