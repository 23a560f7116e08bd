// The commands `run` and `plan` on the command line. Knows nothing about their work.
import { resolve } from "node:path"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { executorNames } from "../../executor/executors.ts"
import { jobs, json, memory, out, retries, selecting, settings, spec, timeout } from "../flags.ts"
import { lazily, readOnly, type Services } from "../services.ts"

const executor = Flag.Literals("executor", executorNames).pipe(
  Flag.withDefault("pool"),
  Flag.withDescription(
    "Where stages run: in worker processes, which can read only code, packages and the store, or in this " +
      "process, where stages can read all files",
  ),
)
const durable = Flag.Boolean("durable").pipe(
  Flag.withDefault(false),
  Flag.withDescription(
    "Flush every result to the disk before its record, so that a power cut loses no finished result; slower " +
      "if there are many small nodes",
  ),
)
const all = Flag.Boolean("all").pipe(Flag.withDefault(false), Flag.withDescription("Also list the nodes that are hits"))
const check = Flag.Boolean("check").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Exit with code 3 if any node would run"),
)
export const junit = Flag.String("junit").pipe(
  Flag.optional,
  Flag.withMetavar("FILE"),
  Flag.withDescription("Write the outcome of every node and check as JUnit XML, for build servers"),
)

/** The flags of a run, which `watch` passes on to its runs. */
export const running = { ...settings, out, executor, durable, jobs, timeout, memory, retries, ...selecting, json }

export const runCommands = ({ withExitCode, withEngine, store, onDrain }: Services) => {
  const run = Command.make("run", { spec, ...running, junit }, (options) => {
    const told = {
      ...options,
      store: resolve(options.store),
      timeout: options.timeout === 0 ? null : options.timeout,
      onDrain,
    }
    const work = lazily(
      () => import("./run.ts"),
      ({ runCommand }) => runCommand(told),
    )
    return withEngine(told, work)
  }).pipe(
    Command.withDescription(
      "Compute what changed, judge the checks, draw the page. If a node fails, only the nodes that need it are " +
        "skipped; a failed node runs again the next time",
    ),
    Command.withExamples([
      { command: "pipeline run specs/paper.ts", description: "Everything, at the quick scale" },
      {
        command: "pipeline run specs/paper.ts --set widths=64,128,256",
        description: "One more width: only the nodes that change are computed",
      },
      {
        command: "pipeline run specs/paper.ts --until 'train/*h=64*'",
        description: "A part: the nets of one width, and the nodes that they need",
      },
      {
        command: "pipeline run specs/paper.ts --durable",
        description: "For days of work on a machine whose power may fail",
      },
      {
        command: "pipeline run specs/paper.ts --only summarize --force summarize",
        description: "Run one stage again, although nothing changed",
      },
    ]),
  )

  const plan = Command.make("plan", { spec, ...settings, all, check, ...selecting, jobs, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./plan.ts"),
        ({ planCommand }) => planCommand(options),
      ),
    ).pipe(Effect.provide(store(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show what would run, why, and how long it may take; nothing is executed"),
    Command.withExamples([
      {
        command: "pipeline plan specs/paper.ts --from train",
        description: "What would run after a change of the training",
      },
    ]),
  )
  return [run, plan] as const
}
