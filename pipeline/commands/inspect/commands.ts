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
  Argument.withDescription("The name of one of its outputs, as show prints it"),
)
const file = Flag.String("output").pipe(
  Flag.withAlias("o"),
  Flag.withDescription("The file to write; its ending chooses the form"),
)

export const inspectCommands = ({ ending, store }: Services) => {
  const why = Command.make("why", { spec, node, ...settings }, (options) =>
    ending(
      lazily(
        () => import("./why.ts"),
        ({ whyCommand }) => whyCommand(options),
      ),
    ).pipe(Effect.provide(store(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show each part of a node's key that differs from the last time"),
    Command.withExamples([
      { command: "pipeline why specs/paper.ts summarize", description: "What makes it run, before and after" },
    ]),
  )

  const code = Flag.Boolean("code").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Print the code that made it, as it ran, and nothing else"),
  )
  const show = Command.make("show", { spec, node, code, ...settings }, (options) =>
    ending(
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
        description: "What it made, from what, when, and in how long",
      },
      {
        command: "pipeline show specs/paper.ts summarize --code > summarize.js",
        description: "The exact text that ran",
      },
    ]),
  )

  const graph = Command.make("graph", { spec, set: settings.set, format }, (options) =>
    ending(
      lazily(
        () => import("./graph.ts"),
        ({ graphCommand }) => graphCommand(options),
      ),
    ),
  ).pipe(
    Command.withDescription("Print the graph of stages, grids folded"),
    Command.withExamples([
      { command: "pipeline graph specs/paper.ts --format svg > graph.svg", description: "As a picture" },
    ]),
  )

  const exporting = Command.make("export", { spec, node, output, file, ...settings }, (options) =>
    ending(
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
    ending(
      lazily(
        () => import("./lint.ts"),
        ({ lintCommand }) => lintCommand(options),
      ),
    ),
  ).pipe(
    Command.withDescription(
      "Find where the stages would reach out of their world, before they run: computed imports, files, " +
        "undeclared variables, time, chance, network",
    ),
    Command.withExamples([
      {
        command: "pipeline lint specs/paper.ts",
        description: "Every place, with the stages that reach it and what to write instead",
      },
    ]),
  )
  return [why, show, graph, exporting, lint] as const
}
