// The sentences about nodes over lists: how many items there are, and by which names to ask for one. Functions
// from data to text. Refuses to know who asks.
import type { Stored } from "../../cache/store.ts"
import { pieceName, type StageNode } from "../node.ts"

const many = (count: number): string => `${count} ${count === 1 ? "item" : "items"}`
const span = (first: string, last: string): string => (first === last ? first : `${first} to ${last}`)

/** What stands in the place of a log of its own: how many items a node has, and how to ask what one of them said. */
export const itemsLine = ({ name, stage }: StageNode, outputs: ReadonlyArray<Stored>): string => {
  const count = outputs.length / Object.keys(stage.outputs).length
  const names =
    count === 0
      ? ""
      : `, ${span(pieceName(name, 0), pieceName(name, count - 1))}: see pipeline logs SPEC '${pieceName(name, 0)}'`
  return `items       ${many(count)}${names}`
}

/** Not one of the outputs of a node over a list was asked for. */
export const oneOfItems = (node: string, output: string, outputs: ReadonlyArray<Stored>): string => {
  const name = output.replace(/\/\d+$/, "")
  const items = outputs.filter((each) => each.name.startsWith(`${name}/`))
  const hint = items.length === 0 ? "Its list is empty." : `Ask for one: ${span(items[0]!.name, items.at(-1)!.name)}.`
  return `${node} goes over a list of ${many(items.length)} and has no single output ${output}. ${hint}`
}
