// Where does a node come from, and what is made of it? Pure: a walk over the plan, up to the sources or down to
// what nobody takes. A part of the graph that was walked already is named once more and not walked again.
import type { Stored } from "../../cache/store.ts"
import type { Node, Output } from "../node.ts"
import type { Plan } from "../plan/plan.ts"

export interface Ancestor {
  readonly depth: number
  readonly node: string
  /** Which of its outputs count here, with their digests where they are made. */
  readonly outputs: ReadonlyArray<{ readonly name: string; readonly digest: string | null }>
  /** The input by which one of the two takes the other. */
  readonly input: string | null
  /** Whether what is behind it stands further up. */
  readonly again: boolean
}

export type Direction = "up" | "down"

/** A row for the node and for everything behind it (`up`) or after it (`down`), in the order of a tree. */
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

// Of a node over a list that is made an output is as many as there are items.
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
