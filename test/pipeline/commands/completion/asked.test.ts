// What a Tab asks for, word by word, in a tree of two commands.
import { Argument, Command, Completions, Flag } from "effect/cli"
import { expect, it } from "vitest"
import { askedBy } from "../../../../pipeline/commands/completion/asked.ts"

const show = Command.make("show", {
  spec: Argument.String("spec"),
  node: Argument.String("node").pipe(Argument.variadic()),
  until: Flag.String("until").pipe(Flag.atLeast(0)),
  jobs: Flag.Int("jobs").pipe(Flag.withAlias("j")),
  json: Flag.Boolean("json"),
})
const du = Command.make("du", { json: Flag.Boolean("json") })
const tree = Completions.fromCommand(Command.make("pipeline").pipe(Command.withSubcommands([show, du])))

/** In short: what, which, and what stands before it. */
const asked = (line: string): string => {
  const found = askedBy(tree, line.split(" "))
  switch (found._tag) {
    case "Command":
      return `command: ${found.commands.map(({ name }) => name).join(" ")}`
    case "Flag":
      return `flag: ${found.flags.map(({ name }) => name).join(" ")}`
    case "Argument":
      return `argument ${found.of.name}, given ${JSON.stringify(found.given)}`
    case "FlagValue":
      return `value of ${found.of.name} behind "${found.head}", given ${JSON.stringify(found.given)}`
    case "Nothing":
      return "nothing"
  }
}

it.each([
  ["", "command: show du"],
  ["sh", "command: show du"],
  ["show ", "argument spec, given {}"],
  ["show a.ts ", 'argument node, given {"spec":["a.ts"]}'],
  ["show a.ts n1 n", 'argument node, given {"spec":["a.ts"],"node":["n1"]}'],
  ["show -", "flag: until jobs json"],
  ["show --json a", "argument spec, given {}"],
  ["show a.ts --until ", 'value of until behind "", given {"spec":["a.ts"]}'],
  ["show a.ts --until=tr", 'value of until behind "--until=", given {"spec":["a.ts"]}'],
  ["show --until one --until=two a", 'argument spec, given {"--until":["one","two"]}'],
  ["show -j ", 'value of jobs behind "", given {}'],
  ["show -j 3 a", 'argument spec, given {"--jobs":["3"]}'],
  ["show --none a", "argument spec, given {}"],
  ["du ", "flag: json"],
  ["du x", "nothing"],
])("behind `pipeline %s` stands a %s", (line, what) => {
  expect(asked(line)).toBe(what)
})
