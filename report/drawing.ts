// Turns the figures of a page into files, and into the specifications that the page's script draws. Only this module
// loads Vega.
// Knows nothing about the page around the figures.
import type { Claim, PageContent, Shown } from "./content.ts"
import { csv } from "./csv.ts"
import { dataOf, untitled, type Figure } from "./figure.ts"
import { columnsOf } from "./figure/rows.ts"
import { claimsAsText } from "./section/claims.ts"
import { filesOf, judgedBy, type Prepared } from "./section/figures.ts"
import { nodesOfFigures, type Behind } from "./section/nodes.ts"

/**
 * Throws if `name` cannot be part of a file name: the name of a figure or a table is part of the names of its files.
 */
export const checkName = (name: string): void => {
  if (!/^[\w-][\w.-]*$/.test(name))
    throw new Error(`"${name}" cannot be part of a file name; use letters, digits, dots and dashes`)
}

export interface Drawn {
  readonly files: ReadonlyMap<string, string | Uint8Array>
  /** The figures by their ids. */
  readonly prepared: ReadonlyMap<string, Prepared>
  readonly behind: Behind
}

// The height in pixels that a drawing loses without its title.
const TITLE_HEIGHT = 24

/** Draws the figures. Throws if the id of a figure cannot be part of a file name. */
export const drawn = async ({
  figures,
  claims,
  nodes,
  show,
}: {
  readonly figures: ReadonlyArray<Shown>
  readonly claims: ReadonlyArray<Claim>
  readonly nodes: PageContent["nodes"]
  readonly show: string
}): Promise<Drawn> => {
  const { compiled, pngOf, svgOf } = await import("./render.ts")
  const files = new Map<string, string | Uint8Array>()
  const described = figures.map((shown): Shown => ({ ...shown, spec: withVerdicts(shown, claims) }))
  const heights: Array<number> = []
  for (const shown of described) {
    checkName(shown.id)
    const { spec, table } = shown
    const svg = await svgOf(compiled(spec))
    const paths = filesOf(shown)
    if (table === undefined) files.set(paths.csv, csv(columnsOf(dataOf(spec as Figure))))
    files
      .set(paths.svg, svg)
      .set(paths.png, pngOf(svg))
      .set(paths.spec, `${JSON.stringify(spec)}\n`)
    heights.push(Number(/height="([\d.]+)"/.exec(svg)?.[1] ?? 0) - TITLE_HEIGHT)
  }
  const { behind, drawings } = nodesOfFigures(
    nodes,
    show,
    described.map(({ spec }) => compiled(untitled(spec as Figure))),
  )
  return {
    files,
    prepared: new Map(
      figures.map(({ id }, index): [string, Prepared] => [id, { spec: drawings[index], height: heights[index]! }]),
    ),
    behind,
  }
}

// A reader who cannot see a figure hears its description and the verdicts of its claims.
const withVerdicts = (shown: Shown, claims: ReadonlyArray<Claim>): Figure => {
  const figure = shown.spec as Figure
  return {
    ...figure,
    description: [figure["description"], claimsAsText(judgedBy(shown, claims))].filter(Boolean).join(" "),
  }
}
