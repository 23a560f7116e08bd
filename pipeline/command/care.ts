// The commands that care for a store, as the command line knows them: what takes room, what may go, what is not
// as it was. The live layers and the exit code are the caller's.
import { resolve } from "node:path"
import { Effect, Option, Schema, type Layer } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import type { Journal } from "../../cache/journal.ts"
import type { CacheError, Store } from "../../cache/store.ts"
import type { ExitCode } from "../error.ts"
import { notASize } from "../message-care.ts"
import { duCommand } from "./du.ts"
import { fsckCommand } from "./fsck.ts"
import { gcCommand } from "./gc.ts"

/** The flags that every command has, and what the composition root lends. */
interface Lent {
  readonly settings: { readonly set: Flag.Flag<{ [name: string]: string }>; readonly store: Flag.Flag<string> }
  readonly json: Flag.Flag<boolean>
  readonly store: (directory: string) => Layer.Layer<Store | Journal, CacheError>
  readonly ending: <E, R>(command: Effect.Effect<ExitCode, E, R>) => Effect.Effect<void, E, R>
}

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const specs = Argument.String("spec").pipe(Argument.variadic(), Argument.withDescription("Specs whose current nodes stay"))
const keepRuns = Flag.Int("keep-runs").pipe(Flag.withSchema(Count), Flag.withDefault(10), Flag.withDescription("What so many of the last runs made or found done stays"))
const olderThan = Flag.Finite("older-than").pipe(Flag.withDefault(0), Flag.withMetavar("DAYS"), Flag.withDescription("Remove only what was made more than so many days ago"))
const inner = Flag.Boolean("inner").pipe(Flag.withDefault(false), Flag.withDescription("Also drop what only nodes of the specs read; it is made again when one of them has to run"))
const dryRun = Flag.Boolean("dry-run").pipe(Flag.withDefault(false), Flag.withDescription("Remove nothing; list by stage what would go"))

const units: { readonly [unit: string]: number } = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }
/** The bytes in a text such as 500MB; none where it is no size. */
const sizeIn = (text: string): Option.Option<number> => {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([kMGT]?B)$/.exec(text) ?? []
  return number === undefined ? Option.none() : Option.some(Number(number) * units[unit!]!)
}
const maxSize = Flag.String("max-size").pipe(Flag.withDefault("0B"), Flag.filterMap(sizeIn, notASize), Flag.withMetavar("SIZE"), Flag.withDescription("Stop, the oldest first, when the store has at most so much: 10GB"))

/** `gc`, `du` and `fsck`. */
export const careCommands = ({ settings, json, store, ending }: Lent) => {
  const gc = Command.make("gc", { specs, ...settings, keepRuns, olderThan, maxSize, inner, dryRun, json }, (options) =>
    ending(gcCommand({ ...options, store: resolve(options.store) })).pipe(Effect.provide(store(options.store))),
  ).pipe(
    Command.withDescription("Remove what neither the specs named nor the last runs hold, the oldest first; never beside a live run"),
    Command.withExamples([
      { command: "pipeline gc specs/paper.ts --dry-run", description: "What would go, by stage, with bytes" },
      { command: "pipeline gc specs/paper.ts --keep-runs 0", description: "Keep what the spec needs as it is now, and nothing else" },
      { command: "pipeline gc --older-than 30 --max-size 10GB", description: "No more than 10 GB, of what is older than a month" },
    ]),
  )
  const du = Command.make("du", { store: settings.store, json }, (options) => ending(duCommand({ ...options, store: resolve(options.store) })).pipe(Effect.provide(store(options.store)))).pipe(
    Command.withDescription("Show what takes room in the store, by stage, the largest first"),
    Command.withExamples([{ command: "pipeline du", description: "Bytes and records of every stage, and what no record names" }]),
  )
  const fsck = Command.make("fsck", { store: settings.store, json }, (options) => ending(fsckCommand({ ...options, store: resolve(options.store) })).pipe(Effect.provide(store(options.store)))).pipe(
    Command.withDescription("Hash every blob again and read every record and journal; what is damaged is put aside, and the exit code is 4"),
    Command.withExamples([{ command: "pipeline fsck", description: "After a power cut, or before trusting an old disk" }]),
  )
  return [gc, du, fsck] as const
}
