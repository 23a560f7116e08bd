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
    "Where stages run: in worker processes, which read nothing but code, packages and the store, or in this " +
      "one, where all files are open to them",
  ),
)
const durable = Flag.Boolean("durable").pipe(
  Flag.withDefault(false),
  Flag.withDescription(
    "Force every result to the disk before its record, so that a power cut loses nothing finished; slower " +
      "where nodes are many and small",
  ),
)
const all = Flag.Boolean("all").pipe(Flag.withDefault(false), Flag.withDescription("Name the nodes that are hits, too"))
const check = Flag.Boolean("check").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Exit with 3 if anything would run"),
)
export const junit = Flag.String("junit").pipe(
  Flag.optional,
  Flag.withMetavar("FILE"),
  Flag.withDescription("Write what became of nodes and checks as JUnit XML, for build servers"),
)

/** The flags of a run, which `watch` passes on to its runs. */
export const running = { ...settings, out, executor, durable, jobs, timeout, memory, retries, ...selecting, json }

export const runCommands = ({ ending, store, engine, printer, onDrain }: Services) => {
  const run = Command.make("run", { spec, ...running, junit }, (options) => {
    const printing = printer(options)
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
    return ending(work).pipe(Effect.provide(engine(told, printing)), Effect.ensuring(Effect.sync(printing.close)))
  }).pipe(
    Command.withDescription(
      "Compute what changed, judge the checks, draw the page. A failed node stops those that need it and no " +
        "others; what failed runs again the next time",
    ),
    Command.withExamples([
      { command: "pipeline run specs/paper.ts", description: "Everything, at the quick scale" },
      {
        command: "pipeline run specs/paper.ts --set widths=64,128,256",
        description: "One width more: only what it touches is computed",
      },
      {
        command: "pipeline run specs/paper.ts --until 'train/*h=64*'",
        description: "A part: the nets of one width, and what they need",
      },
      {
        command: "pipeline run specs/paper.ts --durable",
        description: "Days of work on a machine whose power may fail",
      },
      {
        command: "pipeline run specs/paper.ts --only summarize --force summarize",
        description: "One stage once more, although nothing changed",
      },
    ]),
  )

  const plan = Command.make("plan", { spec, ...settings, all, check, ...selecting, jobs, json }, (options) =>
    ending(
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
        description: "What a change of the training would touch",
      },
    ]),
  )
  return [run, plan] as const
}
