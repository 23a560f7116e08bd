// Cells as a table in Markdown, in columns that also line up in a terminal: the first to the left, figures to the
// right.

export const markdown = (cells: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = cells[0]!.map((_, j) => Math.max(...cells.map((row) => row[j]!.length)))
  const line = (row: ReadonlyArray<string>): string =>
    `| ${row.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!))).join(" | ")} |`
  const dashes = widths.map((width, j) => (j === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`))
  const rule = `|${dashes.join("|")}|`
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n")
}
