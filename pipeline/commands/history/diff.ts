// `pipeline diff RUN1 RUN2`: the settings, nodes and checks that differ between two runs, with the digests before and
// after, and what changed in tables. Knows nothing about specs, so it also works for a spec that no longer loads.
import { Console, Effect, Option } from "effect"
import { Store, type Stored } from "../../../cache/store.ts"
import { tableIn } from "../../artifact/artifact.ts"
import { compare, type Change, type Comparison } from "../../history/compare.ts"
import { compareTables } from "../../history/compare-table.ts"
import { exitCode, type ExitCode } from "../../error.ts"
import { difference } from "../../key/key.ts"
import { checkChange, end, noDifference, outputChange, partial, tableChange } from "../../history/message.ts"
import { nodesOf, type NodeEnd } from "../../history/runs.ts"
import { partsOf } from "../../run/provenance.ts"
import { findRun, recall } from "./find-run.ts"
import { changed } from "../../key/message.ts"

export const diffCommand = Effect.fn("diffCommand")(function* (options: {
  readonly before: string
  readonly after: string
  readonly json: boolean
}) {
  const { all, runs } = yield* recall
  const pair = yield* Effect.forEach([options.before, options.after], (name) => findRun(runs, name))
  const [before, after] = pair.map((past) => ({ ...past, nodes: nodesOf(past, all) }))
  const found = compare(before!, after!)
  const nodes = yield* Effect.forEach(found.nodes, behind)
  if (options.json) {
    yield* Console.log(JSON.stringify({ v: 1, before: before!.run, after: after!.run, ...found, nodes }))
    return exitCode.done as ExitCode
  }
  for (const past of pair) if (past.code === null || past.settings === null) yield* Console.log(partial(past.run))
  for (const text of lines({ ...found, nodes })) yield* Console.log(text)
  return exitCode.done as ExitCode
})

type Detailed = Effect.Success<ReturnType<typeof behind>>

/** What the store knows about the two keys of a node. */
const behind = Effect.fnUntraced(function* (change: Change<NodeEnd>) {
  const { before, after } = change
  if (before._tag !== "Done" || after._tag !== "Done") return { ...change, parts: [], outputs: [], tables: [] }
  const store = yield* Store
  const [old, now] = yield* Effect.forEach([before.key, after.key], partsOf)
  const records = yield* Effect.forEach([before.key, after.key], (key) => store.record(key))
  const [was, is] = records.map(
    (record) => new Map(Option.isNone(record) ? [] : record.value.outputs.map((output) => [output.name, output])),
  )
  const names = new Set([...was!.keys(), ...is!.keys()])
  return {
    ...change,
    parts: Option.isSome(old!) && Option.isSome(now!) ? difference(old.value, now.value) : [],
    outputs: [...names].map((name) => ({ name, before: was!.get(name)?.digest, after: is!.get(name)?.digest })),
    tables: (yield* Effect.forEach(names, (name) => tableBehind(name, was!.get(name), is!.get(name)))).flat(),
  }
})

// A record does not say which kind an output has. Tables are small, so larger outputs are not read to find out.
const largestTable = 64e6

/** What changed in an output that is a table in both runs. */
const tableBehind = Effect.fnUntraced(function* (name: string, before: Stored | undefined, after: Stored | undefined) {
  if (before === undefined || after === undefined || before.digest === after.digest) return []
  const [old, now] = yield* Effect.forEach([before, after], tableOf)
  return old === undefined || now === undefined ? [] : [{ name, ...compareTables(old, now) }]
})

const tableOf = Effect.fnUntraced(function* ({ digest, size }: Stored) {
  const store = yield* Store
  return size <= largestTable && (yield* store.has(digest)) ? tableIn(yield* store.get(digest)) : undefined
})

const lines = function* ({
  settings,
  onlyBefore,
  onlyAfter,
  nodes,
  checks,
}: Omit<Comparison, "nodes"> & { readonly nodes: ReadonlyArray<Detailed> }): Generator<string> {
  for (const setting of settings) yield `setting  ${changed(setting)}`
  for (const node of onlyBefore) yield `gone     ${node}`
  for (const node of onlyAfter) yield `new      ${node}`
  for (const { name, before, after, parts, outputs, tables } of nodes) {
    yield `changed  ${name}  ${end(before)} → ${end(after)}`
    for (const part of parts) yield `           ${changed(part)}`
    if (outputs.length > 0)
      yield (
        "           outputs: " +
        `${outputs.map((output) => outputChange(output.name, output.before, output.after)).join(", ")}`
      )
    for (const { name: table, ...change } of tables)
      for (const text of tableChange(table, change)) yield `           ${text}`
  }
  for (const check of checks) yield `check    ${checkChange(check)}`
  if (settings.length + onlyBefore.length + onlyAfter.length + nodes.length + checks.length === 0) yield noDifference
}
