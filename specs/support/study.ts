// The nodes of one spec: a node that several sections ask for exists once. Tables are gathered, summarized and drawn
// here.
// Knows nothing about models, data and claims.
import { node, source, type Labels, type Node, type Output, type Place } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"
import { csvTable } from "../../stages/data/csv-table.ts"
import { gather } from "../../stages/statistics/gather.ts"
import { jackknife } from "../../stages/statistics/jackknife.ts"
import { plot, type PlotParams } from "../../stages/plot/plot.ts"
import type { Quantity } from "../../stages/statistics/quantity.ts"
import { summarize } from "../../stages/statistics/summarize.ts"

/** A table from all replicas together, and a table from all replicas except one, for each replica in turn. */
export type Jackknifed = { readonly whole: Output<Table>; readonly without: Output<Table> }

export class Study {
  readonly #known = new Map<string, Node>()

  /**
   * The node with this name, if there is already one; otherwise the new node. Throws if the two differ in stage, params
   * or inputs.
   */
  once<N extends Node>(made: N): N {
    const known = this.#known.get(made.name)
    if (known === undefined) {
      this.#known.set(made.name, made)
      return made
    }
    const other = differenceOf(known, made)
    if (other !== undefined)
      throw new Error(`two nodes are called ${made.name}, and differ in ${other}. Give one of them another label`)
    return known as N
  }

  /** The bytes of a file: of a package, of a data set or at a path. */
  source(place: Place & { readonly sha256?: string }): Output<Uint8Array> {
    return this.once(source(place)).out.bytes
  }

  /** A table that is kept in a CSV file, at a path from the folder of the project. */
  kept(path: string): Output<Table> {
    const of = path.slice(path.lastIndexOf("/") + 1).replace(/\.csv$/, "")
    return this.once(node(csvTable, {}, { bytes: this.source({ path }) }, { of })).out.table
  }

  /** Several tables as one. Each row has its labels and the name of the node that made it. */
  gather(
    of: string,
    parts: ReadonlyArray<readonly [Labels, Output<Table>]>,
    choice: { readonly columns?: ReadonlyArray<string>; readonly rows?: number } = {},
  ): Output<Table> {
    const labels = parts.map(([labels, { node }]) => ({ ...labels, node: node.name }))
    return this.once(
      node(
        gather,
        { labels, columns: choice.columns ?? null, rows: choice.rows ?? null },
        { tables: parts.map(([, output]) => output) },
        { of },
      ),
    ).out.table
  }

  /** The quantities of a table, with their intervals over replicas. */
  summarize(of: string, table: Output<Table>, quantities: ReadonlyArray<Quantity>): Output<Table> {
    return this.once(node(summarize, { quantities }, { table }, { of })).out.summary
  }

  /** The quantities of a table from all replicas together, with their intervals by the jackknife. */
  jackknife(of: string, { whole, without }: Jackknifed, quantities: ReadonlyArray<Quantity>): Output<Table> {
    return this.once(node(jackknife, { quantities }, { table: whole, without }, { of })).out.summary
  }

  /** A figure of a table. */
  plot(figure: string, params: PlotParams, table: Output<Table>): Output {
    return this.once(node(plot, params, { table }, { figure })).out.figure
  }
}

/** The difference between two nodes of one name. Undefined if they are the same. */
const differenceOf = (one: Node, other: Node): string | undefined => {
  if (one === other) return undefined
  if (one._tag !== "StageNode" || other._tag !== "StageNode")
    return JSON.stringify({ ...one, out: null }) === JSON.stringify({ ...other, out: null })
      ? undefined
      : "what they are"
  if (one.stage !== other.stage) return `their stage: ${one.stage.name} of two files`
  const [params, others] = [one.params, other.params].map((each) => new Map(Object.entries(each ?? {})))
  const param = [...params!.keys(), ...others!.keys()].find((name) => said(params!, name) !== said(others!, name))
  if (param !== undefined) return `the param ${param}: ${said(params!, param)} and ${said(others!, param)}`
  const input = Object.keys({ ...one.inputs, ...other.inputs }).find(
    (name) => sourcesOf(one.inputs[name]) !== sourcesOf(other.inputs[name]),
  )
  return input === undefined
    ? undefined
    : `the input ${input}: ${sourcesOf(one.inputs[input])} and ${sourcesOf(other.inputs[input])}`
}

const said = (params: ReadonlyMap<string, unknown>, name: string): string =>
  params.has(name) ? JSON.stringify(params.get(name)) : "none"

const sourcesOf = (given: Output | ReadonlyArray<Output> | undefined): string =>
  [given ?? []]
    .flat()
    .map(({ node, name }) => `${node.name}.${name}`)
    .join(", ")
