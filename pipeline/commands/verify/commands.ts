// The commands that check results, on the command line: `verify` (run again and compare), `lock`, and `check` (compare
// with a lock). Knows nothing about their work.
import { resolve } from "node:path"
import { Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { tolerances } from "../../artifact/agree.ts"
import { notASample } from "../../verify/message.ts"
import { all, type Size } from "../../verify/sample.ts"
import { jobs, json, selecting, settings, spec, timeout } from "../flags.ts"
import { lazily, type Services } from "../services.ts"
import { junit, running } from "../run/commands.ts"

const { executor, durable, out, memory, retries } = running

/** The size in a text such as `5%` or `20`; none for any other text. */
const sizeIn = (text: string): Option.Option<Size> => {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  if (percent === "%" && Number(number) <= 100) return Option.some({ _tag: "Share", share: Number(number) / 100 })
  return percent === "" && Number.isInteger(Number(number))
    ? Option.some({ _tag: "Count", count: Number(number) })
    : Option.none()
}
const sample = Flag.String("sample").pipe(Flag.filterMap(sizeIn, notASample), Flag.withMetavar("5%|N"))
const drawn = sample.pipe(
  Flag.withDefault(all),
  Flag.withDescription("Verify this share or this number of nodes; the default is all"),
)
const sampled = sample.pipe(
  Flag.optional,
  Flag.withDescription("Run no node that is not done; verify a sample of the done nodes, then compare"),
)
const seed = Flag.Int("seed").pipe(Flag.withDefault(0), Flag.withDescription("Another seed draws another sample"))
const Tolerance = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const tolerance = Flag.Finite("tolerance").pipe(
  Flag.withSchema(Tolerance),
  Flag.optional,
  Flag.withDescription(
    "The largest relative difference of two numbers, such as 1e-6. The default is 0 on the machine that made " +
      "them; on another machine the lock or the kind of the output declares it",
  ),
)
const lasting = Flag.Finite("tolerance").pipe(
  Flag.withSchema(Tolerance),
  Flag.withDefault(tolerances.table),
  Flag.withDescription("The largest relative difference of numbers that another machine makes; kept in the lock"),
)
const lockFile = Flag.String("output").pipe(
  Flag.withAlias("o"),
  Flag.optional,
  Flag.withDescription("The file to write, instead of the lock beside the spec"),
)
const locked = Flag.String("lock").pipe(
  Flag.withOptionalValue(""),
  Flag.withDefault(""),
  Flag.withMetavar("FILE"),
  Flag.withDescription("Compare with the lock beside the spec, or with this file; the lock also gives the settings"),
)

export const verifyCommands = ({ withEngine, onDrain }: Services) => {
  const verify = Command.make(
    "verify",
    {
      spec,
      ...settings,
      sample: drawn,
      seed,
      until: selecting.until,
      only: selecting.only,
      tolerance,
      executor,
      jobs,
      timeout,
      memory,
      retries,
      json,
    },
    (options) => {
      const told = {
        ...options,
        store: resolve(options.store),
        durable: false,
        timeout: options.timeout === 0 ? null : options.timeout,
        tolerance: Option.getOrUndefined(options.tolerance),
        onDrain,
      }
      const work = lazily(
        () => import("./verify.ts"),
        ({ verifyCommand }) => verifyCommand(told),
      )
      return withEngine(told, work)
    },
  ).pipe(
    Command.withDescription(
      "Run done nodes again and compare the new results with the stored results, which stay; the exit code " +
        "is 4 if something differs",
    ),
    Command.withExamples([
      {
        command: "pipeline verify specs/paper.ts --sample 5%",
        description: "One node in twenty, the same nodes every time",
      },
      {
        command: "pipeline verify specs/paper.ts --only train --sample 3 --seed 7",
        description: "Three training nodes; another seed draws other nodes",
      },
    ]),
  )

  const lock = Command.make("lock", { spec, ...settings, file: lockFile, tolerance: lasting }, (options) => {
    const told = { ...options, store: resolve(options.store), durable: false, executor: "pool" as const, jobs: 1 }
    const work = lazily(
      () => import("./lock.ts"),
      ({ lockCommand }) => lockCommand(told),
    )
    return withEngine(told, work)
  }).pipe(
    Command.withDescription(
      "Write the results of the spec to a file beside it, for version control: keys, digests, and the values " +
        "of checks and of the tables that the checks and the page show",
    ),
    Command.withExamples([
      {
        command: "pipeline lock specs/paper.ts",
        description: "Writes specs/paper.lock.json; all nodes must be done, or the exit code is 3",
      },
      {
        command: "pipeline lock specs/paper.ts --set widths=64 -o specs/paper.narrow.lock.json",
        description: "With other settings, in a separate file",
      },
    ]),
  )

  const check = Command.make(
    "check",
    {
      spec,
      lock: locked,
      sample: sampled,
      seed,
      tolerance,
      store: settings.store,
      out,
      executor,
      durable,
      jobs,
      timeout,
      memory,
      retries,
      junit,
      json,
    },
    (options) => {
      const told = {
        ...options,
        store: resolve(options.store),
        timeout: options.timeout === 0 ? null : options.timeout,
        tolerance: Option.getOrUndefined(options.tolerance),
        onDrain,
      }
      const work = lazily(
        () => import("./check.ts"),
        ({ checkCommand }) => checkCommand(told),
      )
      return withEngine(told, work)
    },
  ).pipe(
    Command.withDescription(
      "Run the nodes that are not done, compare every result with the lock; the exit code is 4 if something differs",
    ),
    Command.withExamples([
      { command: "pipeline check specs/paper.ts --lock", description: "From an empty store: recompute everything" },
      {
        command: "pipeline check specs/paper.ts --lock --sample 5% --junit check.xml",
        description: "From a full store: a sample, with a file for the build server",
      },
    ]),
  )
  return [verify, lock, check] as const
}
