// Where does a node come from, and which nodes use it? Pure: walks the plan up to the sources, or down to the nodes
// that no other node reads. A part of the graph that was already walked is named again but not walked again. Knows
// nothing about what nodes compute.
import type { Stored } from "../../cache/store.ts"
import type { Node, Output } from "../node.ts"
import type { Plan } from "../plan/plan.ts"

export interface Ancestor {
  readonly depth: number
  readonly node: string
  /** The outputs that matter here, with their digests if they are made. */
  readonly outputs: ReadonlyArray<{ readonly name: string; readonly digest: string | null }>
  /** The name of the input that connects the two nodes. */
  readonly input: string | null
  /** Whether the rows behind this node are already listed further up. */
  readonly again: boolean
}

export type Direction = "up" | "down"

/** One row for the node and for every node before it (`up`) or after it (`down`), in tree order. */
export const lineage = (
  plan: Plan,
  root: Node,
  direction: Direction,
  stored: (node: Node) => ReadonlyArray<Stored> | undefined,
): ReadonlyArray<Ancestor> => {
  const rows: Array<Ancestor> = []
  const walked = new Set<Node>()
  const stack: Array<Link & { readonly depth: number }> = [
    { node: root, outputs: namesOf(root), input: null, depth: 0 },
  ]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, outputs, input, depth } = next
    const made = stored(node)
    const links = direction === "up" ? producersOf(node) : consumersOf(plan, node)
    const again = walked.has(node) && links.length > 0
    rows.push({ depth, node: node.name, outputs: outputs.flatMap((name) => named(node, name, made)), input, again })
    if (!again) stack.push(...links.map((link) => ({ ...link, depth: depth + 1 })).reverse())
    walked.add(node)
  }
  return rows
}

// A finished node over a list has one stored output per item.
const named = (node: Node, name: string, made: ReadonlyArray<Stored> | undefined): Ancestor["outputs"] => {
  if (made === undefined || node._tag === "SourceNode" || node.over === undefined)
    return [{ name, digest: made?.find((output) => output.name === name)?.digest ?? null }]
  return made.flatMap((output) =>
    output.name.startsWith(`${name}/`) ? [{ name: output.name, digest: output.digest }] : [],
  )
}

interface Link {
  readonly node: Node
  readonly outputs: ReadonlyArray<string>
  readonly input: string | null
}

const namesOf = (node: Node): ReadonlyArray<string> =>
  node._tag === "SourceNode" ? ["bytes"] : Object.keys(node.stage.outputs)

const takenBy = (node: Node): ReadonlyArray<readonly [input: string, output: Output]> =>
  node._tag === "SourceNode"
    ? []
    : Object.entries(node.inputs).flatMap(([input, outputs]) =>
        [outputs].flat().map((output) => [input, output] as const),
      )

const producersOf = (node: Node): ReadonlyArray<Link> =>
  takenBy(node).map(([input, output]) => ({ node: output.node, outputs: [output.name], input }))

const consumersOf = (plan: Plan, node: Node): ReadonlyArray<Link> =>
  plan.nodes.flatMap((consumer) => {
    const inputs = new Set(takenBy(consumer).flatMap(([input, output]) => (output.node === node ? [input] : [])))
    return inputs.size === 0 ? [] : [{ node: consumer, outputs: namesOf(consumer), input: [...inputs].join(", ") }]
  })
