// The commands that maintain a store, on the command line: what takes room, what may go, what is damaged. Knows nothing
// about their work.
import { resolve } from "node:path"
import { Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { Count, json, settings } from "../flags.ts"
import { lazily, readOnly, type Services } from "../services.ts"
import { sizeIn, notASize } from "../../text/amount.ts"

const Days = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const specs = Argument.String("spec").pipe(
  Argument.variadic(),
  Argument.withDescription("Specs whose current results are kept"),
)
const keepRuns = Flag.Int("keep-runs").pipe(
  Flag.withSchema(Count),
  Flag.withDefault(10),
  Flag.withDescription("Keep the results that this many of the last runs made or found done"),
)
const olderThan = Flag.Finite("older-than").pipe(
  Flag.withSchema(Days),
  Flag.withDefault(0),
  Flag.withMetavar("DAYS"),
  Flag.withDescription("Remove only results that were made more than this many days ago"),
)
const inner = Flag.Boolean("inner").pipe(
  Flag.withDefault(false),
  Flag.withDescription(
    "Also remove outputs that only nodes of the specs read; an output is made again when one of them has to run",
  ),
)
const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Remove nothing; list by stage what would be removed"),
)

const maxSize = Flag.String("max-size").pipe(
  Flag.withDefault("0B"),
  Flag.filterMap(sizeIn, notASize),
  Flag.withMetavar("SIZE"),
  Flag.withDescription("Remove the oldest first, and stop when the store is no larger than this: 10GB"),
)

export const storeCommands = ({ existing, withExitCode }: Services) => {
  const gc = Command.make("gc", { specs, ...settings, keepRuns, olderThan, maxSize, inner, dryRun, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./gc.ts"),
        ({ gcCommand }) => gcCommand({ ...options, store: resolve(options.store) }),
      ),
    ).pipe(Effect.provide(existing(options.store, { looking: options.dryRun }))),
  ).pipe(
    Command.withDescription(
      "Remove what neither the named specs nor the last runs nor the tagged runs need, the oldest first. Refused " +
        "while a run uses the store",
    ),
    Command.withExamples([
      { command: "pipeline gc specs/paper.ts --dry-run", description: "What would be removed, by stage, with bytes" },
      {
        command: "pipeline gc specs/paper.ts --keep-runs 0",
        description: "Keep what the spec needs as it is now, and nothing else",
      },
      {
        command: "pipeline gc --older-than 30 --max-size 10GB",
        description: "Shrink the store to 10 GB, but keep what is younger than a month",
      },
    ]),
  )
  const du = Command.make("du", { store: settings.store, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./du.ts"),
        ({ duCommand }) => duCommand({ ...options, store: resolve(options.store) }),
      ),
    ).pipe(Effect.provide(existing(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show how much room each stage takes in the store, the largest first"),
    Command.withExamples([
      { command: "pipeline du", description: "Bytes and records of every stage, and what no record names" },
    ]),
  )
  const fsck = Command.make("fsck", { store: settings.store, json }, (options) =>
    withExitCode(
      lazily(
        () => import("./fsck.ts"),
        ({ fsckCommand }) => fsckCommand({ ...options, store: resolve(options.store) }),
      ),
    ).pipe(Effect.provide(existing(options.store))),
  ).pipe(
    Command.withDescription(
      "Hash every blob again and read every record and journal; put damaged files aside, and exit then with code 4",
    ),
    Command.withExamples([
      { command: "pipeline fsck", description: "After a power cut, or before you trust an old disk" },
    ]),
  )
  return [gc, du, fsck] as const
}
