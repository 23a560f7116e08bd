// Orders the nodes of a spec, inputs first. Pure: from a built spec to all its nodes. Knows nothing about keys, the
// store, and whether a node has to run.
import { nodesIn } from "../spec/declared.ts"
import { refuseSameDraws } from "./same-draws.ts"
import { PlanError } from "../error.ts"
import type { Node, Output } from "../node.ts"
import type { Built } from "../spec.ts"

export interface Plan {
  /** In order: the inputs of a node come before the node. */
  readonly nodes: ReadonlyArray<Node>
  readonly byName: ReadonlyMap<string, Node>
  /**
   * For each figure of the page, by id: the nodes that draw it, that give its table, and that give the tables of its
   * checks.
   */
  readonly figures: ReadonlyMap<string, ReadonlyArray<Node>>
  /** The outputs that checks use and that the page shows. */
  readonly shown: ReadonlyArray<Output>
}

/**
 * Orders the nodes of a spec. Throws a PlanError for a cycle, for two nodes with the same name, for one draw under two
 * names, or for outputs that collide on the page.
 */
export const plan = (built: Pick<Built, "nodes" | "checks" | "page">): Plan => {
  const shown: ReadonlyArray<Output> = [
    ...built.checks.map(({ value }) => value.output),
    ...built.page.figures.flatMap(({ figure, table }) => (table === undefined ? [figure] : [figure, table])),
  ]
  const nodes = order([...nodesIn(built.nodes), ...shown.map(({ node }) => node)])
  const byName = new Map<string, Node>()
  for (const node of nodes) {
    if (byName.has(node.name))
      throw new PlanError({
        reason: "DuplicateName",
        message: `Two nodes are called ${node.name}. Add a label to one of them, so that the names differ.`,
      })
    byName.set(node.name, node)
  }
  refuseSameDraws(nodes)
  refuseTwice(
    "figures",
    built.page.figures.map((figure) => figure.id),
  )
  refuseTwice(
    "checks",
    built.checks.map((check) => check.id),
  )
  return { nodes, byName, figures: figuresOf(built), shown }
}

const figuresOf = ({ checks, page }: Pick<Built, "checks" | "page">): Plan["figures"] =>
  new Map(
    page.figures.map(({ id, figure, table, checks: judged = [] }) => {
      const judging = checks.filter((check) => judged.includes(check.id)).map(({ value }) => value.output.node)
      return [id, [...new Set([figure.node, ...(table === undefined ? [] : [table.node]), ...judging])]]
    }),
  )

/** Every output that a node takes, in the order of its inputs' names. */
export const inputsOf = (node: Node): ReadonlyArray<Output> => {
  if (node._tag === "SourceNode") return []
  const inputs = Object.values(node.inputs)
  return inputs.length === 1 && isList(inputs[0]!) ? inputs[0] : inputs.flat()
}

const isList = <A>(value: A | ReadonlyArray<A>): value is ReadonlyArray<A> => Array.isArray(value)

// Depth first without recursion, because a chain of 100,000 nodes must not overflow the stack.
const order = (wanted: ReadonlyArray<Node>): ReadonlyArray<Node> => {
  const state = new Map<Node, "open" | "done">()
  const ordered: Array<Node> = []
  const stack: Array<{ readonly node: Node; readonly inputs: ReadonlyArray<Output>; next: number }> = []
  const open = (node: Node): void => {
    const known = state.get(node)
    if (known === "done") return
    if (known === "open") throw cycle([...stack.map((frame) => frame.node.name), node.name])
    state.set(node, "open")
    stack.push({ node, inputs: inputsOf(node), next: 0 })
  }
  for (const root of wanted) {
    open(root)
    while (stack.length > 0) {
      const frame = stack.at(-1)!
      const input = frame.inputs[frame.next++]
      if (input !== undefined) open(input.node)
      else {
        state.set(frame.node, "done")
        ordered.push(frame.node)
        stack.pop()
      }
    }
  }
  return ordered
}

const cycle = (path: ReadonlyArray<string>): PlanError => {
  const loop = path.slice(path.indexOf(path.at(-1)!))
  return new PlanError({
    reason: "Cycle",
    message: `These nodes wait for each other: ${loop.join(" <- ")}. Remove one of the inputs.`,
  })
}

const refuseTwice = (what: string, ids: ReadonlyArray<string>): void => {
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined)
    throw new PlanError({
      reason: "CollidingOutput",
      message: `Two ${what} of the page are called ${twice}. Rename one of them.`,
    })
}
