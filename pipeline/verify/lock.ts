// The lock: the results of a spec as a file for version control. It holds keys and digests of the nodes, the numbers of
// the checks, and the tables that checks and page show. The tables are there because a processor that rounds
// differently gives other digests. Knows nothing about how two locks are compared.
import { cpus } from "node:os"
import { Effect, Schema } from "effect"
import { Digest, Key } from "../../cache/digest.ts"
import type { CacheError, Store } from "../../cache/store.ts"
import { verdicts, type Check, type Expectation, type Judged } from "../check.ts"
import { valuesOf, type Finished } from "../run/verdicts.ts"
import type { Events } from "../event.ts"
import type { Executor } from "../executor/executor.ts"
import type { Output } from "../node.ts"
import type { Settled } from "../run/settled.ts"
import type { Built } from "../spec.ts"
import type { Table } from "../stage.ts"

const named = <S extends Schema.Top>(schema: S) => Schema.Record(Schema.String, schema)
const Cell = Schema.Union([Schema.Finite, Schema.String, Schema.Boolean])

const Lock = Schema.Struct({
  v: Schema.Literal(2),
  spec: Schema.String,
  /** As `--set` takes them; always with the scale. */
  settings: named(Schema.String),
  machine: Schema.Struct({ platform: Schema.String, node: Schema.String, processor: Schema.String }),
  /** How far apart (relative to their size) numbers from another machine may be. */
  tolerance: Schema.Finite,
  /** Sources have no key. */
  nodes: named(Schema.Struct({ key: Schema.NullOr(Key), outputs: named(Digest) })),
  checks: named(
    Schema.Struct({
      measured: Schema.NullOr(Cell),
      spread: Schema.NullOr(Cell),
      verdict: Schema.Literals(verdicts),
      /** What the check expects, in words: an expectation that is loosened or withdrawn shows. */
      expects: Schema.String,
    }),
  ),
  tables: named(named(Schema.Array(Cell))),
})
export type Lock = typeof Lock.Type

/** Reads a lock from its text. Fails if the text is not a lock, or a lock of another version. */
export const decodeLock = Schema.decodeUnknownEffect(Schema.fromJsonString(Lock))

// A larger table would hide the differences that people look for; the digest stands for such a table.
const mostCells = 10_000

/** The lock of a spec whose nodes are all done. */
export const lockOf = Effect.fn("lockOf")(function* (
  finished: Finished,
  judged: ReadonlyArray<Judged>,
  { settings, tolerance }: Pick<Lock, "settings" | "tolerance">,
): Effect.fn.Return<Lock, CacheError, Store | Executor | Events> {
  const { loaded, settled, context } = finished
  const shown = [...shownTables(loaded.built)]
  const tableOf = yield* valuesOf(finished, shown, "the lock")
  const tables = shown.map((output) => [`${output.node.name}:${output.name}`, tableOf(output) as Table] as const)
  const { node, platform } = context.ground
  return {
    v: 2,
    spec: loaded.path,
    settings: sorted(Object.entries({ ...settings, scale: loaded.built.scale })),
    machine: { platform, node, processor: cpus()[0]?.model.trim() ?? "unknown" },
    tolerance,
    nodes: sorted(loaded.plan.nodes.map((each) => [each.name, nodeOf(settled.get(each)!)])),
    checks: sorted(
      judged.map(({ check, expect, measured, spread, verdict }) => [
        check.id,
        {
          measured: measured === null ? null : plain(measured),
          spread: spread === null ? null : plain(spread),
          verdict,
          expects: expectsOf(check, expect),
        },
      ]),
    ),
    tables: sorted(
      tables.filter(([, table]) => cellsIn(table) <= mostCells).map(([name, table]) => [name, columnsOf(table)]),
    ),
  }
})

// In all digits: the text of an expectation is rounded.
const expectsOf = (check: Check, expect: Expectation): string => {
  const { kind = "claim", stated = expect.stated, rival, differs, declared, scales, spread, value } = check
  const parts: ReadonlyArray<readonly [string, string | number | undefined]> = [
    ["bounds", expect.bounds.join(" and ")],
    ["stated", stated],
    ["rival", rival?.value],
    ["differs", differs?.bounds.join(" and ")],
    ["declared", declared?.verdict],
    ["only at", scales?.join(", ")],
    ["kind", kind],
    ["of", `${value.output.node.name}:${value.output.name} ${value.column} where ${JSON.stringify(value.where)}`],
    ["interval", spread],
  ]
  return [expect.text, ...parts.flatMap(([name, part]) => (part === undefined ? [] : [`${name} ${part}`]))].join("; ")
}

/** The tables that checks and figures show, each table once. */
const shownTables = ({ checks, page }: Built): ReadonlySet<Output<Table>> =>
  new Set([...checks.map(({ value }) => value.output), ...page.figures.flatMap(({ table }) => table ?? [])])

const nodeOf = (how: Settled): Lock["nodes"][string] => {
  const { key, outputs } = how as Extract<Settled, { readonly _tag: "Done" }>
  return { key, outputs: sorted(outputs.map(({ name, digest }) => [name, digest])) }
}

const cellsIn = (table: Table): number => Object.values(table).reduce((sum, column) => sum + column.length, 0)
const columnsOf = (table: Table): Lock["tables"][string] =>
  Object.fromEntries(Object.entries(table).map(([name, column]) => [name, column.map(plain)]))

// JSON has no NaN and no infinity, so these become text. Unlike NaN, a text equals itself.
const plain = <A extends number | string | boolean>(value: A): A | string =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value

const sorted = <A>(entries: ReadonlyArray<readonly [string, A]>): { readonly [name: string]: A } =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** Whether a text is a lock, also a lock of another version or one with a merge conflict. */
export const isLock = (text: string): boolean => text.startsWith('{\n"v": ')

/** The text of a lock, with one node, check or column per line, so that a diff shows each change as a line. */
export const encodeLock = ({ nodes, checks, tables, ...head }: Lock): string => {
  const parts = [
    ...Object.entries(head).map(([name, value]) => [name, JSON.stringify(value)]),
    ["nodes", opened(nodes, 1)],
    ["checks", opened(checks, 1)],
    ["tables", opened(tables, 2)],
  ]
  return `{\n${parts.map(([name, text]) => `"${name}": ${text}`).join(",\n")}\n}\n`
}

const opened = (value: object, depth: number, indent = ""): string => {
  const lines = Object.entries(value).map(
    ([name, item]) =>
      `${indent}  ${JSON.stringify(name)}: ` +
      `${depth === 1 ? JSON.stringify(item) : opened(item as object, depth - 1, `${indent}  `)}`,
  )
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`
}
