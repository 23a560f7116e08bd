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
  Argument.withDescription("Specs whose current nodes stay"),
)
const keepRuns = Flag.Int("keep-runs").pipe(
  Flag.withSchema(Count),
  Flag.withDefault(10),
  Flag.withDescription("What so many of the last runs made or found done stays"),
)
const olderThan = Flag.Finite("older-than").pipe(
  Flag.withSchema(Days),
  Flag.withDefault(0),
  Flag.withMetavar("DAYS"),
  Flag.withDescription("Remove only what was made more than so many days ago"),
)
const inner = Flag.Boolean("inner").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Also drop what only nodes of the specs read; it is made again when one of them has to run"),
)
const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Remove nothing; list by stage what would go"),
)

const maxSize = Flag.String("max-size").pipe(
  Flag.withDefault("0B"),
  Flag.filterMap(sizeIn, notASize),
  Flag.withMetavar("SIZE"),
  Flag.withDescription("Stop, the oldest first, when the store has at most so much: 10GB"),
)

export const storeCommands = ({ existing, ending }: Services) => {
  const gc = Command.make("gc", { specs, ...settings, keepRuns, olderThan, maxSize, inner, dryRun, json }, (options) =>
    ending(
      lazily(
        () => import("./gc.ts"),
        ({ gcCommand }) => gcCommand({ ...options, store: resolve(options.store) }),
      ),
    ).pipe(Effect.provide(existing(options.store, { looking: options.dryRun }))),
  ).pipe(
    Command.withDescription(
      "Remove what neither the specs named nor the last and the tagged runs hold, the oldest first; never " +
        "beside a live run",
    ),
    Command.withExamples([
      { command: "pipeline gc specs/paper.ts --dry-run", description: "What would go, by stage, with bytes" },
      {
        command: "pipeline gc specs/paper.ts --keep-runs 0",
        description: "Keep what the spec needs as it is now, and nothing else",
      },
      {
        command: "pipeline gc --older-than 30 --max-size 10GB",
        description: "No more than 10 GB, of what is older than a month",
      },
    ]),
  )
  const du = Command.make("du", { store: settings.store, json }, (options) =>
    ending(
      lazily(
        () => import("./du.ts"),
        ({ duCommand }) => duCommand({ ...options, store: resolve(options.store) }),
      ),
    ).pipe(Effect.provide(existing(options.store, readOnly))),
  ).pipe(
    Command.withDescription("Show what takes room in the store, by stage, the largest first"),
    Command.withExamples([
      { command: "pipeline du", description: "Bytes and records of every stage, and what no record names" },
    ]),
  )
  const fsck = Command.make("fsck", { store: settings.store, json }, (options) =>
    ending(
      lazily(
        () => import("./fsck.ts"),
        ({ fsckCommand }) => fsckCommand({ ...options, store: resolve(options.store) }),
      ),
    ).pipe(Effect.provide(existing(options.store))),
  ).pipe(
    Command.withDescription(
      "Hash every blob again and read every record and journal; what is damaged is put aside, and the exit code is 4",
    ),
    Command.withExamples([
      { command: "pipeline fsck", description: "After a power cut, or before trusting an old disk" },
    ]),
  )
  return [gc, du, fsck] as const
}
