// The graph of a plan for people: one box for each stage, with its number of nodes; grids are folded. Written as
// Mermaid or DOT, or drawn as SVG. Knows nothing about what the stages do.
import { stageOf } from "../node.ts"
import { inputsOf, type Plan } from "./plan.ts"

export interface Folded {
  readonly boxes: ReadonlyArray<{ readonly name: string; readonly nodes: number }>
  readonly arrows: ReadonlyArray<{ readonly from: string; readonly to: string; readonly count: number }>
}

/** One box for all nodes of a stage; one arrow for all edges from one stage to another. */
export const fold = (plan: Plan): Folded => {
  const boxes = new Map<string, number>()
  const arrows = new Map<string, { from: string; to: string; count: number }>()
  for (const node of plan.nodes) {
    const to = stageOf(node)
    boxes.set(to, (boxes.get(to) ?? 0) + 1)
    for (const output of inputsOf(node)) {
      const from = stageOf(output.node)
      const arrow = arrows.get(`${from} ${to}`) ?? { from, to, count: 0 }
      arrows.set(`${from} ${to}`, { ...arrow, count: arrow.count + 1 })
    }
  }
  return { boxes: [...boxes].map(([name, nodes]) => ({ name, nodes })), arrows: [...arrows.values()] }
}

const label = ({ name, nodes }: Folded["boxes"][number]): string => (nodes === 1 ? name : `${name} × ${nodes}`)

export const mermaid = ({ boxes, arrows }: Folded): string =>
  [
    "flowchart LR",
    ...boxes.map((box) => `  ${box.name}["${label(box)}"]`),
    ...arrows.map(({ from, to }) => `  ${from} --> ${to}`),
  ].join("\n") + "\n"

export const dot = ({ boxes, arrows }: Folded): string =>
  [
    "digraph {",
    '  rankdir=LR; bgcolor="transparent"; node [shape=box, style=rounded, fontname="DejaVu Sans", ' +
      "fontsize=11]; edge [arrowsize=0.6]",
    ...boxes.map((box) => `  "${box.name}" [label="${label(box)}"]`),
    ...arrows.map(({ from, to }) => `  "${from}" -> "${to}"`),
    "}",
  ].join("\n") + "\n"

/** Lays out a DOT text and draws it. */
export const svg = async (text: string): Promise<string> => {
  const { instance } = await import("@viz-js/viz") // a few megabytes of Graphviz, loaded only for a picture
  // The picture takes the reader's text colour, so that it can be read on a dark page, too.
  return (await instance())
    .renderString(text, { format: "svg" })
    .replaceAll('"black"', '"currentColor"')
    .replaceAll("<text ", '<text fill="currentColor" ')
}
