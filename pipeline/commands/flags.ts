// The arguments and flags that several commands share. Knows nothing about the commands.
import { availableParallelism } from "node:os"
import { Option, Schema } from "effect"
import { Argument, Flag } from "effect/cli"
import { sizeIn, notASize } from "../text/amount.ts"

/** A whole number, 0 or larger. */
export const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
export const spec = Argument.String("spec").pipe(Argument.withDescription("The spec file, such as specs/paper.ts"))
export const node = Argument.String("node").pipe(Argument.withDescription("The name of a node, as plan prints it"))
export const settings = {
  set: Flag.KeyValuePair("set").pipe(
    Flag.withDefault({}),
    Flag.withDescription("Set a config value: --set scale=paper --set widths=64,128"),
  ),
  store: Flag.String("store").pipe(Flag.withDefault(".pipeline"), Flag.withDescription("Directory of the store")),
}
export const out = Flag.String("out").pipe(
  Flag.withDefault("out"),
  Flag.withDescription("Directory of the pages, each in a folder of its own"),
)
export const json = Flag.Boolean("json").pipe(Flag.withDefault(false), Flag.withDescription("One JSON object a line"))
export const jobs = Flag.Int("jobs").pipe(
  Flag.withAlias("j"),
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1024 }))),
  Flag.withDefault(availableParallelism()),
  Flag.withDescription("How many nodes run at once; one per core unless told"),
)
export const timeout = Flag.Int("timeout").pipe(
  Flag.withSchema(Count),
  Flag.withDefault(0),
  Flag.withDescription("Stop a node after so many seconds, in place of its stage's own limit; 0 for no other limit"),
)

export const memory = Flag.String("memory").pipe(
  Flag.withDefault("0B"),
  Flag.filter((text) => Option.isSome(sizeIn(text)), notASize),
  Flag.withMetavar("SIZE"),
  Flag.withDescription(
    "Stop a node whose stage declares no limit when its worker holds more: 2GB (on Linux); 0B for no limit",
  ),
)
export const retries = Flag.Int("retries").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 }))),
  Flag.withDefault(2),
  Flag.withDescription(
    "How often a node is tried again, each time later, when its worker was lost or the store did not answer; a " +
      "stage's own failure never is",
  ),
)

const patterns = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.atLeast(0),
    Flag.withMetavar("PATTERN"),
    Flag.withDescription(`${description}; may be given again`),
  )
export const selecting = {
  until: patterns("until", "Only these nodes and all they need: 'train/*h=64*', a stage's name, or figure/3a"),
  from: patterns("from", "Only these nodes and all that needs them, with what those need"),
  only: patterns("only", "Exactly these nodes: their inputs must be there"),
  except: patterns("except", "Neither these nodes nor what needs them"),
  force: patterns("force", "Run these nodes although they are hits; the first result stays"),
  retryFailed: Flag.Boolean("retry-failed").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Only what failed the last time and all that needs it, with what those need"),
  ),
}
