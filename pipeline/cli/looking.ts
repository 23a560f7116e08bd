// The commands that look at one spec, as the command line knows them: a node's why, its outputs, the graph.
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { node, settings, spec } from "./flags.ts"
import { late, type Lent } from "./lent.ts"

const format = Flag.Literals("format", ["mermaid", "dot", "svg"]).pipe(Flag.withDefault("mermaid"), Flag.withDescription("Text for Mermaid or Graphviz, or a picture"))
const output = Argument.String("output").pipe(Argument.withDescription("The name of one of its outputs, as show prints it"))
const file = Flag.String("output").pipe(Flag.withAlias("o"), Flag.withDescription("The file to write; its ending chooses the form"))

export const lookingCommands = ({ ending, store }: Lent) => {
  const why = Command.make("why", { spec, node, ...settings }, (options) =>
    ending(late(() => import("../command/why.ts"), ({ whyCommand }) => whyCommand(options))).pipe(Effect.provide(store(options.store))),
  ).pipe(Command.withDescription("Show each part of a node's key that differs from the last time"))

  const show = Command.make("show", { spec, node, ...settings }, (options) =>
    ending(late(() => import("../command/show.ts"), ({ showCommand }) => showCommand(options))).pipe(Effect.provide(store(options.store))),
  ).pipe(Command.withDescription("Show a node's outputs, digests, log and provenance"))

  const graph = Command.make("graph", { spec, set: settings.set, format }, (options) => ending(late(() => import("../command/graph.ts"), ({ graphCommand }) => graphCommand(options)))).pipe(
    Command.withDescription("Print the graph of stages, grids folded"),
  )

  const exporting = Command.make("export", { spec, node, output, file, ...settings }, (options) =>
    ending(late(() => import("../command/export.ts"), ({ exportCommand }) => exportCommand(options))).pipe(Effect.provide(store(options.store))),
  ).pipe(
    Command.withDescription("Write an output to a file: .safetensors, .arrow, .csv or .json"),
    Command.withExamples([{ command: "pipeline export specs/paper.ts summarize summary -o summary.csv", description: "A table as CSV" }]),
  )
  return [why, show, graph, exporting] as const
}
