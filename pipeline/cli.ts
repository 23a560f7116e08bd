// The command line, and the one place that picks live layers: where the store is, where stages run, who
// listens to events. Turns every failure into one message and an exit code.
import { availableParallelism } from "node:os"
import { resolve } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { Argument, CliError, Command, Flag } from "effect/cli"
import { diskLayer } from "../cache/disk.ts"
import { diskJournal } from "../cache/journal-disk.ts"
import { CacheError } from "../cache/store.ts"
import { exportCommand } from "./command/export.ts"
import { graphCommand } from "./command/graph.ts"
import { planCommand } from "./command/plan.ts"
import { codeOf, runCommand } from "./command/run.ts"
import { showCommand } from "./command/show.ts"
import { whyCommand } from "./command/why.ts"
import { exitCode, ExecutorError, PlanError, SpecError, type ExitCode } from "./error.ts"
import { Events } from "./event.ts"
import { inline } from "./executor/inline.ts"
import { pool } from "./executor/pool.ts"
import * as message from "./message.ts"
import { jsonPrinter, livePrinter, plainPrinter, type Printer } from "./printer.ts"
import { StageError } from "./stage.ts"

const spec = Argument.String("spec").pipe(Argument.withDescription("The spec file, such as specs/paper.ts"))
const node = Argument.String("node").pipe(Argument.withDescription("The name of a node, as plan prints it"))
const settings = {
  set: Flag.KeyValuePair("set").pipe(Flag.withDefault({}), Flag.withDescription("Set a config value: --set scale=paper --set widths=64,128")),
  store: Flag.String("store").pipe(Flag.withDefault(".pipeline"), Flag.withDescription("Directory of the store")),
}
const json = Flag.Boolean("json").pipe(Flag.withDefault(false), Flag.withDescription("One JSON object a line"))
const jobs = Flag.Int("jobs").pipe(
  Flag.withAlias("j"),
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1024 }))),
  Flag.withDefault(availableParallelism()),
  Flag.withDescription("How many nodes run at once; one per core unless told"),
)
const timeout = Flag.Int("timeout").pipe(
  Flag.withDefault(0),
  Flag.withDescription("Stop a node after so many seconds, in place of its stage's own limit; 0 for no other limit"),
)

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
  Command.withDescription("Compute what changed, judge the checks, draw the page"),
  Command.withExamples([
    { command: "pipeline run specs/paper.ts", description: "Everything, at the quick scale" },
    { command: "pipeline run specs/paper.ts --set widths=64,128,256", description: "One width more: only what it touches is computed" },
  ]),
)

const plan = Command.make(
  "plan",
  {
    spec,
    ...settings,
    all: Flag.Boolean("all").pipe(Flag.withDefault(false), Flag.withDescription("Name the nodes that are hits, too")),
    check: Flag.Boolean("check").pipe(Flag.withDefault(false), Flag.withDescription("Exit with 3 if anything would run")),
    json,
  },
  (options) => ending(planCommand(options)).pipe(Effect.provide(store(options.store))),
).pipe(Command.withDescription("Show what would run and why; nothing is executed"))

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

const root = Command.make("pipeline").pipe(
  Command.withDescription("Reproducible experiments on neural nets: a spec declares them, a run computes what changed"),
  Command.withSubcommands([run, plan, why, show, graph, exporting]),
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
