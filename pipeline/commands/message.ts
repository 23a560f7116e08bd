// Sentences about a node's results that several groups of commands use: the items of a list, who accepted a result,
// what is not in the store. Functions from data to text. Knows nothing about where the text goes.
import type { Stored } from "../../cache/store.ts"
import { pieceName, type StageNode } from "../node.ts"
import { changed } from "../key/message.ts"
import type { Acceptance } from "../run/provenance.ts"
import { count } from "../text/amount.ts"

const span = (first: string, last: string): string => (first === last ? first : `${first} to ${last}`)

/** Shown instead of a log for a node over a list: how many items it has, and how to see the log of an item. */
export const itemsLine = ({ name, stage }: StageNode, outputs: ReadonlyArray<Stored>): string => {
  const number = outputs.length / Object.keys(stage.outputs).length
  const names =
    number === 0
      ? ""
      : `, ${span(pieceName(name, 0), pieceName(name, number - 1))}: see pipeline logs SPEC '${pieceName(name, 0)}'`
  return `items       ${count(number, "item")}${names}`
}

/** An output of a node over a list was asked for without its item. */
export const oneOfItems = (node: string, output: string, outputs: ReadonlyArray<Stored>): string => {
  const name = output.replace(/\/\d+$/, "")
  const items = outputs.filter((each) => each.name.startsWith(`${name}/`))
  const hint = items.length === 0 ? "Its list is empty." : `Name one of: ${span(items[0]!.name, items.at(-1)!.name)}.`
  return `${node} runs over a list of ${count(items.length, "item")}, so it has no single output ${output}. ${hint}`
}

/** Who accepted a result, when and why. */
export const acceptedBy = ({ by, when, because, from, differences }: Acceptance): string =>
  `by ${by} on ${when.slice(0, 10)}: ${because} (${differences.map(changed).join(", ")}; from key ${from})`

/** For an output that gc dropped to make room, and that somebody wants now. */
export const dropped = (node: string, output: string): string =>
  `${output} of ${node} was dropped by pipeline gc --inner. ` +
  "The next run makes it again, because you asked for it: run the spec, then export it."

/** For an output whose bytes are gone. */
export const bytesGone = "(not in the store: it is made again when a run needs it)"

/** The earlier outputs that a result replaced. */
export const replacedOutputs = (outputs: ReadonlyArray<Stored>): string =>
  `${outputs.map(({ name, digest }) => `${name} ${digest.slice(0, 12)}`).join(", ")}: lost, and made again ` +
  "with other bytes"

/** For a node over a list that has no record of its own yet. */
export const notGathered = "All its items are done; the next run gathers them."
