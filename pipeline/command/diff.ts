// `pipeline diff RUN1 RUN2`: settings, nodes and checks in which two runs differ, with the digests before and after.
import { Console, Effect, Option } from "effect"
import { Store } from "../../cache/store.ts"
import { compare, type Change, type Comparison } from "../compare.ts"
import { exitCode, type ExitCode } from "../error.ts"
import { difference } from "../key.ts"
import { changed } from "../message.ts"
import { checkChange, end, noDifference, outputChange, partial } from "../message-past.ts"
import { nodesOf, type NodeEnd } from "../past.ts"
import { partsOf } from "../provenance.ts"
import { findRun, recall } from "./recall.ts"

export const diffCommand = Effect.fn("diffCommand")(function* (options: { readonly before: string; readonly after: string; readonly json: boolean }) {
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

/** What the store knows of a node's two keys. */
const behind = Effect.fnUntraced(function* (change: Change<NodeEnd>) {
  const { before, after } = change
  if (before._tag !== "Done" || after._tag !== "Done") return { ...change, parts: [], outputs: [] }
  const store = yield* Store
  const [old, now] = yield* Effect.forEach([before.key, after.key], partsOf)
  const records = yield* Effect.forEach([before.key, after.key], (key) => store.record(key))
  const [was, is] = records.map((record) => new Map(Option.isNone(record) ? [] : record.value.outputs.map(({ name, digest }) => [name, digest])))
  const names = new Set([...was!.keys(), ...is!.keys()])
  return {
    ...change,
    parts: Option.isSome(old!) && Option.isSome(now!) ? difference(old.value, now.value) : [],
    outputs: [...names].map((name) => ({ name, before: was!.get(name), after: is!.get(name) })),
  }
})

const lines = function* ({ settings, onlyBefore, onlyAfter, nodes, checks }: Omit<Comparison, "nodes"> & { readonly nodes: ReadonlyArray<Detailed> }): Generator<string> {
  for (const setting of settings) yield `setting  ${changed(setting)}`
  for (const node of onlyBefore) yield `gone     ${node}`
  for (const node of onlyAfter) yield `new      ${node}`
  for (const { name, before, after, parts, outputs } of nodes) {
    yield `changed  ${name}  ${end(before)} → ${end(after)}`
    for (const part of parts) yield `           ${changed(part)}`
    if (outputs.length > 0) yield `           outputs: ${outputs.map((output) => outputChange(output.name, output.before, output.after)).join(", ")}`
  }
  for (const check of checks) yield `check    ${checkChange(check)}`
  if (settings.length + onlyBefore.length + onlyAfter.length + nodes.length + checks.length === 0) yield noDifference
}
