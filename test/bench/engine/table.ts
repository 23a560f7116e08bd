// What the engine costs, as a table that people read. Knows nothing of how it was measured.

export type Unit = "s" | "ms" | "MB" | "of sha256"

export interface Entry {
  readonly work: string
  readonly ours: number
  readonly target: number
  /** At least 1 where the target is reached. */
  readonly ratio: number
  readonly unit: Unit
}

const figure = (value: number, unit: Unit): string => (unit === "of sha256" ? `${Math.round(100 * value)} % of sha256` : `${Number(value.toPrecision(3))} ${unit}`)

/** Markdown, in columns that also line up in a terminal. */
export const tableOf = (entries: ReadonlyArray<Entry>): string => {
  const cells = [["work", "ours", "target", "ratio", "reached"], ...entries.map(({ work, ours, target, ratio, unit }) => [work, figure(ours, unit), figure(target, unit), `${ratio.toFixed(2)}x`, ratio >= 1 ? "yes" : "no"])]
  const widths = cells[0]!.map((_, j) => Math.max(...cells.map((row) => row[j]!.length)))
  const line = (row: ReadonlyArray<string>): string => `| ${row.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!))).join(" | ")} |`
  const rule = `|${widths.map((width, j) => (j === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n")
}

export const captionOf = ({ machine, node, date, rounds }: { readonly machine: string; readonly node: string; readonly date: string; readonly rounds: number }): string =>
  [
    `${date}, ${machine}; Node ${node}. Layers of a hundred nodes, each taking two of the layer before; the best of ${rounds}.`,
    "Whole processes, from their start to their end. The cost of a node is the CPU time of a first run, workers included, less that of one of a tenth as many nodes, for each node more.",
  ].join("\n")
