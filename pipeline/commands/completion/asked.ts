// What does a person who presses Tab ask for: a command, a flag, or the value of an argument or flag? Pure: uses the
// words typed so far and the tree of commands. Knows nothing about which values exist.
import type { Completions } from "effect/cli"

type Tree = Completions.CommandDescriptor
type Flag = Completions.FlagDescriptor
type Argument = Completions.ArgumentDescriptor

export type Asked =
  | { readonly _tag: "Command"; readonly commands: ReadonlyArray<Tree> }
  | { readonly _tag: "Flag"; readonly flags: ReadonlyArray<Flag> }
  /** The value of an argument. */
  | { readonly _tag: "Argument"; readonly of: Argument; readonly given: Given }
  /** The value of a flag. After `--name=` the `head` is that text, otherwise it is empty. */
  | { readonly _tag: "FlagValue"; readonly of: Flag; readonly head: string; readonly given: Given }
  | { readonly _tag: "Nothing" }

/** The earlier words, by the argument or flag (`--set`) that they belong to. */
export interface Given {
  readonly [name: string]: ReadonlyArray<string>
}

/** Reads the words from left to right. The last word is at the cursor, and may be empty. */
export const askedBy = (tree: Tree, words: ReadonlyArray<string>): Asked => {
  const at = words.at(-1) ?? ""
  let command = tree
  let open: Flag | undefined // waits for its value
  let places = 0
  const given: { [name: string]: ReadonlyArray<string> } = {}
  const give = (name: string, value: string): void => {
    given[name] = [...(given[name] ?? []), value]
  }
  for (const word of words.slice(0, -1)) {
    if (open !== undefined) {
      give(`--${open.name}`, word)
      open = undefined
      continue
    }
    if (word.startsWith("-")) {
      const { flag, value } = flagIn(command, word)
      if (value !== undefined && flag !== undefined) give(`--${flag.name}`, value)
      else if (flag?.type._tag !== "Boolean") open = flag
      continue
    }
    const next = command.subcommands.find(({ name }) => name === word)
    if (next === undefined) give(placeOf(command, places++)?.name ?? "", word)
    else command = next
  }
  if (open !== undefined) return { _tag: "FlagValue", of: open, head: "", given }
  if (at.startsWith("-")) {
    const { flag, value } = flagIn(command, at)
    return flag === undefined || value === undefined
      ? { _tag: "Flag", flags: command.flags }
      : { _tag: "FlagValue", of: flag, head: at.slice(0, at.length - value.length), given }
  }
  if (command.subcommands.length > 0) return { _tag: "Command", commands: command.subcommands }
  const place = placeOf(command, places)
  return place === undefined
    ? at === ""
      ? { _tag: "Flag", flags: command.flags }
      : { _tag: "Nothing" }
    : { _tag: "Argument", of: place, given }
}

/** The argument at a position; a variadic argument takes all further words. */
const placeOf = ({ arguments: all }: Tree, place: number): Argument | undefined =>
  all[place] ?? (all.at(-1)?.variadic === true ? all.at(-1) : undefined)

/** `--name`, `--name=value` or `-n`. */
const flagIn = (
  command: Tree,
  word: string,
): { readonly flag: Flag | undefined; readonly value: string | undefined } => {
  const end = word.indexOf("=")
  const name = (end === -1 ? word : word.slice(0, end)).replace(/^--?/, "")
  return {
    flag: command.flags.find((flag) => flag.name === name || flag.aliases.includes(name)),
    value: end === -1 ? undefined : word.slice(end + 1),
  }
}
