// The command line, and the one place that picks live layers: where the store is, where stages run, who
// listens to events. Turns every failure into one message and an exit code.
import { resolve } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, Exit, Fiber, Layer } from "effect"
import { Argument, CliError, Command, Flag } from "effect/cli"
import { diskLayer } from "../cache/disk.ts"
import { diskJournal } from "../cache/journal-disk.ts"
import { CacheError } from "../cache/store.ts"
import { careCommands } from "./command/care.ts"
import { diffCommand } from "./command/diff.ts"
import { exportCommand } from "./command/export.ts"
import { jobs, json, node, selecting, settings, spec, timeout } from "./command/flags.ts"
import { graphCommand } from "./command/graph.ts"
import { lineageCommand } from "./command/lineage.ts"
import { logsCommand } from "./command/logs.ts"
import { planCommand } from "./command/plan.ts"
import { codeOf, runCommand } from "./command/run.ts"
import { runsCommand } from "./command/runs.ts"
import { showCommand } from "./command/show.ts"
import { timelineCommand } from "./command/timeline.ts"
import { whyCommand } from "./command/why.ts"
import { exitCode, ExecutorError, PlanError, SpecError, type ExitCode } from "./error.ts"
import { Events } from "./event.ts"
import { inline } from "./executor/inline.ts"
import { pool } from "./executor/pool.ts"
import * as message from "./message.ts"
import { jsonPrinter, livePrinter, plainPrinter, type Printer } from "./printer.ts"
import { StageError } from "./stage.ts"

/** The exit code of the command that ran. A parser has no place to return it. */
let code: ExitCode = exitCode.done
/** What the first Ctrl-C does, where something can end gently. */
let drain: (() => void) | undefined

const store = (directory: string) => Layer.mergeAll(diskLayer(resolve(directory)), diskJournal(resolve(directory, "journal")))
const ending = <E, R>(command: Effect.Effect<ExitCode, E, R>) => Effect.map(command, (result) => { code = result })

const write = (text: string): void => { process.stdout.write(text) }
const printerFor = (asJson: boolean, jobs: number): Printer => {
  if (asJson) return jsonPrinter(write)
  return process.stdout.isTTY && process.env["CI"] === undefined ? livePrinter(process.stdout, jobs) : plainPrinter(write)
}

const run = Command.make(
  "run",
  {
    spec,
    ...settings,
    out: Flag.String("out").pipe(Flag.withDefault("out"), Flag.withDescription("Directory of the pages, one folder a spec")),
    executor: Flag.Literals("executor", ["pool", "inline"]).pipe(Flag.withDefault("pool"), Flag.withDescription("Where stages run: in worker processes, or in this one")),
    jobs,
    timeout,
    ...selecting,
    json,
  },
  (options) => {
    const printer = printerFor(options.json, options.jobs)
    const directory = resolve(options.store)
    const executor = options.executor === "pool" ? pool(options.jobs, directory) : inline
    const work = runCommand({ ...options, store: directory, timeout: options.timeout === 0 ? null : options.timeout, onDrain: (gently) => { drain = gently } })
    return ending(work).pipe(
      Effect.provide(executor.pipe(Layer.provideMerge(store(options.store)), Layer.merge(Events.layer(printer.listen)))),
      Effect.ensuring(Effect.sync(printer.close)),
    )
  },
).pipe(
  Command.withDescription("Compute what changed, judge the checks, draw the page. A failed node stops those that need it and no others; what failed runs again the next time"),
  Command.withExamples([
    { command: "pipeline run specs/paper.ts", description: "Everything, at the quick scale" },
    { command: "pipeline run specs/paper.ts --set widths=64,128,256", description: "One width more: only what it touches is computed" },
    { command: "pipeline run specs/paper.ts --until 'train/*h=64*'", description: "A part: the nets of one width, and what they need" },
    { command: "pipeline run specs/paper.ts --only summarize --force summarize", description: "One stage once more, although nothing changed" },
  ]),
)

const plan = Command.make(
  "plan",
  {
    spec,
    ...settings,
    all: Flag.Boolean("all").pipe(Flag.withDefault(false), Flag.withDescription("Name the nodes that are hits, too")),
    check: Flag.Boolean("check").pipe(Flag.withDefault(false), Flag.withDescription("Exit with 3 if anything would run")),
    ...selecting,
    jobs,
    json,
  },
  (options) => ending(planCommand(options)).pipe(Effect.provide(store(options.store))),
).pipe(
  Command.withDescription("Show what would run, why, and how long it may take; nothing is executed"),
  Command.withExamples([{ command: "pipeline plan specs/paper.ts --from train", description: "What a change of the training would touch" }]),
)

const why = Command.make("why", { spec, node, ...settings }, (options) => ending(whyCommand(options)).pipe(Effect.provide(store(options.store)))).pipe(
  Command.withDescription("Show each part of a node's key that differs from the last time"),
)

const show = Command.make("show", { spec, node, ...settings }, (options) => ending(showCommand(options)).pipe(Effect.provide(store(options.store)))).pipe(
  Command.withDescription("Show a node's outputs, digests, log and provenance"),
)

const graph = Command.make(
  "graph",
  {
    spec,
    set: settings.set,
    format: Flag.Literals("format", ["mermaid", "dot", "svg"]).pipe(Flag.withDefault("mermaid"), Flag.withDescription("Text for Mermaid or Graphviz, or a picture")),
  },
  (options) => ending(graphCommand(options)),
).pipe(Command.withDescription("Print the graph of stages, grids folded"))

const output = Argument.String("output").pipe(Argument.withDescription("The name of one of its outputs, as show prints it"))
const file = Flag.String("output").pipe(Flag.withAlias("o"), Flag.withDescription("The file to write; its ending chooses the form"))
const exporting = Command.make("export", { spec, node, output, file, ...settings }, (options) =>
  ending(exportCommand(options)).pipe(Effect.provide(store(options.store))),
).pipe(
  Command.withDescription("Write an output to a file: .safetensors, .arrow, .csv or .json"),
  Command.withExamples([{ command: "pipeline export specs/paper.ts summarize summary -o summary.csv", description: "A table as CSV" }]),
)

const logs = Command.make("logs", { spec, node, store: settings.store, json }, (options) => ending(logsCommand(options)).pipe(Effect.provide(store(options.store)))).pipe(
  Command.withDescription("Show what a node logged when it was last executed, also if it failed"),
)

const side = (name: string, description: string) => Flag.Boolean(name).pipe(Flag.withDefault(false), Flag.withDescription(description))
const lineage = Command.make(
  "lineage",
  { spec, node, ...settings, up: side("up", "Only what it comes from"), down: side("down", "Only what needs it"), json },
  (options) => ending(lineageCommand(options)).pipe(Effect.provide(store(options.store))),
).pipe(
  Command.withDescription("Show what a node comes from, down to the sources, and what is made of it, with digests"),
  Command.withExamples([{ command: "pipeline lineage specs/paper.ts summarize --up", description: "Everything behind the summary" }]),
)

const limit = Flag.Int("limit").pipe(Flag.withAlias("n"), Flag.withDefault(20), Flag.withDescription("How many of the last runs; 0 for all"))
const runs = Command.make("runs", { store: settings.store, limit, json }, (options) => ending(runsCommand(options)).pipe(Effect.provide(store(options.store)))).pipe(
  Command.withDescription("List the last runs: settings, what each did, how it ended"),
)

const pastRun = (name: string) => Argument.String(name).pipe(Argument.withDescription("A run: its id as runs prints it, or the beginning of it; or last, last~1, …"))
const diff = Command.make("diff", { before: pastRun("run1"), after: pastRun("run2"), store: settings.store, json }, (options) =>
  ending(diffCommand(options)).pipe(Effect.provide(store(options.store))),
).pipe(
  Command.withDescription("Show in which settings, nodes, outputs and checks two runs differ"),
  Command.withExamples([{ command: "pipeline diff last~1 last", description: "What the last run changed" }]),
)

const picture = Flag.String("output").pipe(Flag.withAlias("o"), Flag.optional, Flag.withDescription("Write a page (.html) or a picture (.svg) in place of the table"))
const timeline = Command.make("timeline", { run: pastRun("run"), file: picture, store: settings.store, json }, (options) =>
  ending(timelineCommand(options)).pipe(Effect.provide(store(options.store))),
).pipe(
  Command.withDescription("Show when the nodes of a run computed, the critical path marked (*)"),
  Command.withExamples([{ command: "pipeline timeline last -o timeline.html", description: "As a page" }]),
)

const root = Command.make("pipeline").pipe(
  Command.withDescription("Reproducible experiments on neural nets: a spec declares them, a run computes what changed"),
  Command.withSubcommands([run, plan, why, show, graph, exporting, runs, logs, lineage, diff, timeline, ...careCommands({ settings, json, store, ending })]),
)

/** A person's mistake or the world's trouble as one message; nothing of our own bugs is hidden. */
const sayFailure = (cause: Cause.Cause<unknown>): Effect.Effect<ExitCode> => {
  const error = Cause.squash(cause)
  if (Cause.hasInterruptsOnly(cause)) return Effect.as(Console.error("Stopped. What was finished is kept."), exitCode.interrupted)
  if (error instanceof CacheError) return Effect.as(Console.error(message.cache(error)), exitCode.infrastructure)
  if (error instanceof SpecError || error instanceof StageError || error instanceof ExecutorError) return Effect.as(Console.error(error.message), codeOf(error))
  if (error instanceof PlanError) return Effect.as(Console.error(error.message), exitCode.usage)
  if (CliError.isCliError(error)) return Effect.as(error._tag === "ShowHelp" ? Effect.void : Console.error(error.message), exitCode.usage)
  return Effect.as(Console.error(Cause.pretty(cause)), exitCode.stageFailed)
}

const main = Command.run(root, { version: "0.1.0" }).pipe(Effect.provide(NodeServices.layer))
const fiber = Effect.runFork(main)
fiber.addObserver((exit) => {
  const finish = Exit.isSuccess(exit) ? Effect.succeed(code) : sayFailure(exit.cause)
  void Effect.runPromise(finish).then((status) => { process.exitCode = status })
})

// Once ends gently, twice at once: interruption reaches the executor, which kills what computes.
process.on("SIGINT", () => {
  const gently = drain
  drain = undefined
  if (gently === undefined) Effect.runFork(Fiber.interrupt(fiber))
  else gently()
})
process.on("SIGTERM", () => Effect.runFork(Fiber.interrupt(fiber)))
