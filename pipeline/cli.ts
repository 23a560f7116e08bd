// The command line, and the one place that picks live layers: where the store is, where stages run, who
// listens to events. Turns every failure into one message and an exit code.
import { resolve } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, Exit, Fiber, Layer } from "effect"
import { CliError, Command } from "effect/cli"
import { diskLayer } from "../cache/disk.ts"
import { diskJournal } from "../cache/journal-disk.ts"
import { CacheError } from "../cache/store.ts"
import { careCommands } from "./cli/care.ts"
import type { Lent } from "./cli/lent.ts"
import { lookingCommands } from "./cli/looking.ts"
import { makingCommands } from "./cli/making.ts"
import { pastCommands } from "./cli/past.ts"
import { codeOf, exitCode, ExecutorError, PlanError, SpecError, type ExitCode } from "./error.ts"
import { Events } from "./event.ts"
import { inline } from "./executor/inline.ts"
import { pool } from "./executor/pool.ts"
import * as message from "./message.ts"
import { jsonPrinter, livePrinter, plainPrinter } from "./printer.ts"
import { StageError } from "./stage.ts"

/** The exit code of the command that ran. A parser has no place to return it. */
let code: ExitCode = exitCode.done
/** What the first Ctrl-C does, where something can end gently. */
let drain: (() => void) | undefined

const write = (text: string): void => { process.stdout.write(text) }
const store: Lent["store"] = (directory) => Layer.mergeAll(diskLayer(resolve(directory)), diskJournal(resolve(directory, "journal")))

const lent: Lent = {
  ending: (command) => Effect.map(command, (result) => { code = result }),
  store,
  engine: ({ store: directory, executor, jobs }, { listen }) =>
    (executor === "pool" ? pool(jobs, resolve(directory)) : inline).pipe(Layer.provideMerge(store(directory)), Layer.merge(Events.layer(listen))),
  printer: ({ json, jobs }) => {
    if (json) return jsonPrinter(write)
    return process.stdout.isTTY && process.env["CI"] === undefined ? livePrinter(process.stdout, jobs) : plainPrinter(write)
  },
  onDrain: (gently) => { drain = gently },
}

const root = Command.make("pipeline").pipe(
  Command.withDescription("Reproducible experiments on neural nets: a spec declares them, a run computes what changed"),
  Command.withSubcommands([...makingCommands(lent), ...lookingCommands(lent), ...pastCommands(lent), ...careCommands(lent)]),
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
