// What the engine costs, as a table that people read. Knows nothing about how it was measured.
import { markdown } from "../markdown.ts"

export type Unit = "s" | "ms" | "MB" | "of sha256"

export interface Entry {
  readonly work: string
  readonly ours: number
  readonly target: number
  /** At least 1 where the target is reached. */
  readonly ratio: number
  readonly unit: Unit
}

const figure = (value: number, unit: Unit): string =>
  unit === "of sha256" ? `${Math.round(100 * value)} % of sha256` : `${Number(value.toPrecision(3))} ${unit}`

export const tableOf = (entries: ReadonlyArray<Entry>): string =>
  markdown([
    ["work", "ours", "target", "ratio", "reached"],
    ...entries.map(({ work, ours, target, ratio, unit }) => [
      work,
      figure(ours, unit),
      figure(target, unit),
      `${ratio.toFixed(2)}x`,
      ratio >= 1 ? "yes" : "no",
    ]),
  ])

export const captionOf = ({
  machine,
  node,
  date,
  rounds,
}: {
  readonly machine: string
  readonly node: string
  readonly date: string
  readonly rounds: number
}): string =>
  [
    `${date}, ${machine}; Node ${node}. Layers of a hundred nodes, each taking two of the layer before; the ` +
      `best of ${rounds}.`,
    "Whole processes, from their start to their end. The cost of a node is the CPU time of a first run, " +
      "workers included, less that of one of a tenth as many nodes, for each node more.",
  ].join("\n")
