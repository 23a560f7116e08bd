// A graph of any size: layers of a hundred cheap nodes, of which each takes two of the layer before.
import { Schema } from "effect"
import { node, type Output } from "../../../pipeline/node.ts"
import { setting, spec } from "../../../pipeline/spec.ts"
import { sum } from "./stages.ts"

const width = 100

export default spec({
  config: {
    nodes: setting(Schema.Int, 1000, "how many nodes"),
    constant: setting(Schema.Int, 0, "a number that enters every node"),
  },
  nodes: ({ nodes, constant }) => {
    let before: ReadonlyArray<Output> = []
    const layers = Array.from({ length: Math.ceil(nodes / width) }, (_, layer) => {
      const made = Array.from({ length: Math.min(width, nodes - layer * width) }, (_, i) =>
        node(
          sum,
          { number: constant + i },
          { terms: layer === 0 ? [] : [before[i]!, before[(i + 1) % width]!] },
          { layer, i },
        ),
      )
      before = made.map(({ out }) => out.sum)
      return made
    })
    return layers.flat()
  },
  checks: () => [],
  page: () => ({ title: "Layers", lead: [], figures: [], render: () => import("../../../report/page.ts") }),
})
