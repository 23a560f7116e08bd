// `pipeline tag RUN NAME`, `pipeline tag --delete NAME`: names for runs, kept as lines in the journal. Knows nothing
// about specs or results.
import { Console, Effect, Option } from "effect"
import { Journal } from "../../../cache/journal.ts"
import { exitCode, SpecError, type ExitCode } from "../../error.ts"
import { badTag, howToTag, noSuchTag, tagged, untagged } from "../../history/message.ts"
import { tagId } from "../../history/runs.ts"
import { findRun, recall } from "./find-run.ts"

export interface TagOptions {
  readonly run: Option.Option<string>
  readonly name: Option.Option<string>
  /** The tag to delete. */
  readonly remove: Option.Option<string>
}

export const tagCommand = Effect.fn("tagCommand")(function* ({ run, name, remove }: TagOptions) {
  if (Option.isSome(remove) && Option.isNone(run)) return yield* removeTag(remove.value)
  if (Option.isSome(run) && Option.isSome(name) && Option.isNone(remove)) return yield* addTag(run.value, name.value)
  return yield* new SpecError({ reason: "BadArgument", message: howToTag })
})

const addTag = Effect.fnUntraced(function* (run: string, name: string) {
  if (!isTag(name)) return yield* new SpecError({ reason: "BadArgument", message: badTag(name) })
  const { runs } = yield* recall
  const named = (yield* findRun(runs, run)).run
  yield* write(name, named)
  yield* Console.log(tagged(name, named, runs.find(({ tags }) => tags.includes(name))?.run))
  return exitCode.done as ExitCode
})

const removeTag = Effect.fnUntraced(function* (name: string) {
  const { runs } = yield* recall
  const named = runs.find(({ tags }) => tags.includes(name))
  if (named === undefined)
    return yield* new SpecError({
      reason: "NotFound",
      message: noSuchTag(
        name,
        runs.flatMap(({ tags }) => tags),
      ),
    })
  yield* write(name, null)
  yield* Console.log(untagged(name, named.run))
  return exitCode.done as ExitCode
})

// A tag must not look like the beginning of an id or like `last`, because these also name runs.
const isTag = (name: string): boolean =>
  /^[A-Za-z0-9][\w.-]*$/.test(name) && name !== "last" && !/^(?:[0-9a-f]{1,8}|\d{4}-.*)$/.test(name)

// All tags are in their own journal, which belongs to no run and no spec.
const write = Effect.fnUntraced(function* (name: string, run: string | null) {
  const journal = yield* Journal
  const { append, flush } = yield* journal.open("tags")
  yield* append(tagId(name), run)
  yield* flush
}, Effect.scoped)
