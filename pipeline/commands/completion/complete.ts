// `pipeline complete -- WORDS…`: prints what the last word may become, one candidate per line, then a tab and its
// description. A shell calls this while a line is being typed, so it prints nothing else, even after an error. Knows
// nothing about the syntax of a shell.
import { Console, Effect, type Layer } from "effect"
import type { Completions } from "effect/cli"
import type { Journal } from "../../../cache/journal.ts"
import type { CacheError } from "../../../cache/store.ts"
import { askedBy, type Asked, type Given } from "./asked.ts"
import { nodes, outputs, patterns, runs, settingsOf, specs, type Candidate } from "./candidates.ts"
import { selecting } from "../flags.ts"
import { exitCode, type ExitCode, type SpecError } from "../../error.ts"

type Store = (directory: string) => Layer.Layer<Journal, CacheError | SpecError>

export const completeCommand = Effect.fn("completeCommand")(function* (
  tree: Completions.CommandDescriptor,
  words: ReadonlyArray<string>,
  store: Store,
): Effect.fn.Return<ExitCode> {
  const asked = askedBy(tree, words)
  const typed = words.at(-1) ?? ""
  const found = yield* Effect.catchCause(candidates(asked, typed, store), () => Effect.succeed([]))
  const lines = found
    .filter(({ text }) => text.startsWith(typed))
    .map(({ text, about }) => (about === "" ? text : `${text}\t${about}`))
  if (lines.length > 0) yield* Console.log(lines.join("\n"))
  return exitCode.done
})

const candidates = Effect.fnUntraced(function* (asked: Asked, typed: string, store: Store) {
  switch (asked._tag) {
    case "Command":
      return asked.commands.map(({ name, description = "" }): Candidate => ({ text: name, about: description }))
    case "Flag":
      return asked.flags.map(({ name, description = "" }): Candidate => ({ text: `--${name}`, about: description }))
    case "Argument":
      return asked.of.type._tag === "Choice"
        ? chosen(asked.of.type.values)
        : yield* valuesOf(asked.of.name, asked.given, typed, store)
    case "FlagValue": {
      const { of: flag, head, given } = asked
      const values =
        flag.type._tag === "Choice"
          ? chosen(flag.type.values)
          : yield* valuesOf(`--${flag.name}`, given, typed.slice(head.length), store)
      return values.map(({ text, about }): Candidate => ({ text: `${head}${text}`, about }))
    }
    case "Nothing":
      return []
  }
})

const chosen = (values: ReadonlyArray<string>): ReadonlyArray<Candidate> => values.map((text) => ({ text, about: "" }))

const valuesOf = Effect.fnUntraced(function* (name: string, given: Given, typed: string, store: Store) {
  const spec = given["spec"]?.[0] ?? ""
  const settings = Object.fromEntries(
    (given["--set"] ?? []).map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]),
  )
  if (name.startsWith("--") && name.slice(2) in selecting) return yield* patterns(spec, settings)
  switch (name) {
    case "spec":
      return yield* specs(typed)
    case "--set":
      return yield* settingsOf(spec, settings, typed)
    case "node":
      return yield* nodes(spec, settings)
    case "pattern":
      return yield* patterns(spec, settings)
    case "output":
      return yield* outputs(spec, settings, given["node"]?.[0] ?? "")
    case "run":
    case "run1":
    case "run2":
      return yield* Effect.provide(runs, store(given["--store"]?.at(-1) ?? ".pipeline"))
    default:
      return [] // the shell completes file names itself
  }
})
