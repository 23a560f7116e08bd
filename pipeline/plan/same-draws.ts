// Refuses two nodes of a random stage that have different names but the same draw. A seed comes from stage, params,
// replica and item, so only the label `replica` makes another draw. Pure. Knows nothing about the other labels.
import { canonical, type Data } from "../../cache/digest.ts"
import { PlanError } from "../error.ts"
import { replicaOf, type Node, type Output, type StageNode } from "../node.ts"

/** Throws a PlanError that names the nodes with the same draw. The given nodes must be ordered, inputs first. */
export const refuseSameDraws = (nodes: ReadonlyArray<Node>): void => {
  const random = nodes.filter((node) => node._tag === "StageNode" && node.stage.random) as ReadonlyArray<StageNode>
  // In nearly all plans no two nodes share a seed. Then their inputs need no comparison.
  if (new Set(random.map(textOf)).size === random.length) return
  const meanings = meaningsOf(nodes)
  const groups = Map.groupBy(random, (node) => meanings.get(node))
  for (const [first, ...others] of groups.values()) if (others.length > 0) throw sameDraw(first!, others)
}

/** A text for a node without its inputs. */
const textOf = ({ stage, params, labels, over }: StageNode): string =>
  canonical([stage.module, stage.name, params, stage.random ? replicaOf(labels) : null, over ?? null])

/**
 * A number for each node. Nodes with the same stage, params and inputs have the same number, whatever their names are.
 */
const meaningsOf = (nodes: ReadonlyArray<Node>): ReadonlyMap<Node, number> => {
  const numbers = new Map<string, number>()
  const meanings = new Map<Node, number>()
  const given = ({ node, name, each }: Output): Data => [meanings.get(node)!, name, each ?? false]
  const taken = (inputs: StageNode["inputs"]): Data => {
    const all = Object.entries(inputs)
    return Object.fromEntries(all.map(([name, input]) => [name, "node" in input ? given(input) : input.map(given)]))
  }
  const meaningOf = (node: Node): string =>
    node._tag === "SourceNode"
      ? JSON.stringify([node.place, node.sha256])
      : canonical([textOf(node), taken(node.inputs)])
  for (const node of nodes) {
    const text = meaningOf(node)
    numbers.set(text, numbers.get(text) ?? numbers.size)
    meanings.set(node, numbers.get(text)!)
  }
  return meanings
}

const shown = 3

const sameDraw = (first: StageNode, others: ReadonlyArray<StageNode>): PlanError => {
  const names = [first, ...others.slice(0, shown - 1)].map(({ name }) => name).join(", ")
  const more = others.length < shown ? "" : ` and ${others.length + 1 - shown} more`
  return new PlanError({
    reason: "SameDraw",
    message:
      `These nodes would draw the same random numbers: ${names}${more}. They have the same params and inputs, ` +
      "and only the label replica numbers the draws of a random stage. Name the label replica (replica: 0, " +
      "replica: 1, …), or use one node instead of all of them.",
  })
}
