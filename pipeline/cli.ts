// The command line. Only this file picks live layers: where the store is, where stages run, who listens to events. It
// turns every failure into one message and an exit code. Knows nothing about what a command does.
import { resolve } from "node:path"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeStdio from "@effect/platform-node/NodeStdio"
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import { Cause, Console, Effect, Exit, Fiber, FileSystem, Layer, Option } from "effect"
import { CliError, Command, Completions } from "effect/cli"
import { ChildProcessSpawner } from "effect/process"
import { diskLayer } from "../cache/disk.ts"
import { diskJournal } from "../cache/journal-disk.ts"
import { storeDirectoryAt } from "../cache/store-directory.ts"
import { CacheError } from "../cache/store.ts"
import { storeCommands } from "./commands/store/commands.ts"
import type { EngineOptions, Services } from "./commands/services.ts"
import { inspectCommands } from "./commands/inspect/commands.ts"
import { runCommands } from "./commands/run/commands.ts"
import { historyCommands } from "./commands/history/commands.ts"
import { verifyCommands } from "./commands/verify/commands.ts"
import { overrideCommands } from "./commands/override/commands.ts"
import { completionCommands } from "./commands/completion/commands.ts"
import { initCommands } from "./commands/init/commands.ts"
import { watchCommands } from "./commands/watch/commands.ts"
import { codeOf, exitCode, ExecutorError, PlanError, SpecError, type ExitCode } from "./error.ts"
import { Events } from "./event.ts"
import { executors } from "./executor/executors.ts"
import { machineMemory } from "./executor/limit.ts"
import { retrying } from "./executor/retrying.ts"
import { noStore } from "./store/message.ts"
import { printable } from "./text/printable.ts"
import { cache } from "./text/failure.ts"
import { jsonPrinter, plainPrinter, type Printer } from "./printer/printer.ts"
import { githubPrinter } from "./printer/github.ts"
import { outliveReaders } from "./printer/reader.ts"
import { StageError } from "./stage.ts"
import { sizeIn } from "./text/amount.ts"

/** The exit code of the command that ran. The parser cannot return it. */
let code: ExitCode = exitCode.done
/** The effect of the first Ctrl-C, if the command can stop gently. */
let drain: (() => void) | undefined

outliveReaders()
// The module that draws is slow to load, and a script needs no drawing.
const terminal = process.stdout.isTTY && process.env["CI"] === undefined ? await import("./printer/live.ts") : undefined
const write = (text: string): void => {
  process.stdout.write(text)
}
// Checked before anything is written, because a directory of other files must not become a store.
const recognised = (directory: string) => storeDirectoryAt(resolve(directory))
const opened: Services["store"] = (directory, options) =>
  Layer.mergeAll(diskLayer(resolve(directory), options), diskJournal(resolve(directory, "journal"), options))
const store: Services["store"] = (directory, options) =>
  Layer.unwrap(Effect.as(recognised(directory), opened(directory, options)))
const existing: Services["existing"] = (directory, options) =>
  Layer.unwrap(
    Effect.flatMap(recognised(directory), (found) =>
      found === "Store"
        ? Effect.succeed(opened(directory, options))
        : Effect.fail(new SpecError({ reason: "NotFound", message: noStore(resolve(directory)) })),
    ),
  )

/** The console of our commands. It escapes control characters in texts from a spec, a stage or a store. */
const people: Console.Console = Object.assign(Object.create(console) as Console.Console, {
  log: (text: string) => console.log(printable(text)),
  error: (text: string) => console.error(printable(text)),
})

const withExitCode: Services["withExitCode"] = (command) =>
  Effect.map(command, (result) => {
    code = result
  }).pipe(Effect.provideService(Console.Console, people))

/** The store, the executor, and the listener for events. */
const engine = (
  { store: directory, executor, jobs, memory = "0B", retries = 0, durable }: EngineOptions,
  { listen }: Printer,
) => {
  const limit = Option.filter(sizeIn(memory), (bytes) => bytes > 0)
  const options = { size: jobs, store: resolve(directory), memory: Option.getOrNull(limit), shared: machineMemory() }
  return retrying(retries).pipe(
    Layer.provide(executors[executor](options)),
    Layer.provideMerge(Layer.merge(store(directory, { durable }), Events.layer(listen))),
  )
}

const printer = ({ json = false, jobs }: EngineOptions): Printer => {
  if (json) return jsonPrinter(write)
  if (process.env["GITHUB_ACTIONS"] === "true") return githubPrinter(write)
  return terminal === undefined ? plainPrinter(write) : terminal.livePrinter(process.stdout, jobs)
}

const services: Services = {
  withExitCode,
  withEngine: (options, command) => {
    const printing = printer(options)
    return withExitCode(command).pipe(
      Effect.provide(engine(options, printing)),
      Effect.ensuring(Effect.sync(printing.close)),
    )
  },
  store,
  existing,
  onDrain: (gently) => {
    drain = gently
  },
  tree: () => Completions.fromCommand(root),
}

const root = Command.make("pipeline").pipe(
  Command.withDescription("Reproducible experiments on neural nets: a spec declares them, a run computes what changed"),
  Command.withSubcommands([
    ...runCommands(services),
    ...inspectCommands(services),
    ...historyCommands(services),
    ...verifyCommands(services),
    ...overrideCommands(services),
    ...storeCommands(services),
    ...watchCommands(services),
    ...initCommands(services),
    ...completionCommands(services),
  ]),
)

/** Turns a user's mistake or a failure of the system into one message. A bug of our own is printed in full. */
const sayFailure = (cause: Cause.Cause<unknown>): Effect.Effect<ExitCode> => {
  const error = Cause.squash(cause)
  if (Cause.hasInterruptsOnly(cause))
    return Effect.as(Console.error("Stopped. Finished results are kept."), exitCode.interrupted)
  if (error instanceof CacheError) return Effect.as(Console.error(cache(error)), codeOf(error))
  if (error instanceof SpecError || error instanceof StageError || error instanceof ExecutorError)
    return Effect.as(Console.error(error.message), codeOf(error))
  if (error instanceof PlanError) return Effect.as(Console.error(error.message), exitCode.usage)
  if (CliError.isCliError(error))
    return Effect.as(error._tag === "ShowHelp" ? Effect.void : Console.error(error.message), exitCode.usage)
  return Effect.as(Console.error(Cause.pretty(cause)), exitCode.stageFailed)
}

// The services that the parser needs. None of our flags names a file to be read or starts a process.
const parserServices = Layer.mergeAll(
  NodeStdio.layer,
  NodeTerminal.layer,
  NodePath.layer,
  FileSystem.layerNoop({}),
  Layer.succeed(
    ChildProcessSpawner.ChildProcessSpawner,
    ChildProcessSpawner.make(() => Effect.die(new Error("the command line starts no process"))),
  ),
)
const main = Command.run(root, { version: "0.1.0" }).pipe(Effect.provide(parserServices))
const fiber = Effect.runFork(main)
fiber.addObserver((exit) => {
  const finish = Exit.isSuccess(exit) ? Effect.succeed(code) : sayFailure(exit.cause)
  void Effect.runPromise(Effect.provideService(finish, Console.Console, people)).then((status) => {
    process.exitCode = status
  })
})

// The first Ctrl-C stops gently, the second at once: interruption reaches the executor, which kills the computations.
process.on("SIGINT", () => {
  const gently = drain
  drain = undefined
  if (gently === undefined) Effect.runFork(Fiber.interrupt(fiber))
  else gently()
})
// SIGHUP comes from a terminal that was closed.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => Effect.runFork(Fiber.interrupt(fiber)))
