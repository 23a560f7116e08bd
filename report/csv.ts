// Writes a table as comma-separated text (RFC 4180) with all digits.
// Knows nothing about files.
import type { Columns } from "./figure/rows.ts"

const cell = (value: number | string | boolean): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A line of column names, then one line for each row of the table. */
export const csv = (columns: Columns): string => {
  const names = Object.keys(columns)
  const length = Math.max(0, ...names.map((name) => columns[name]!.length))
  const line = (index: number): string => names.map((name) => cell(columns[name]![index] ?? "")).join(",")
  return [names.map(cell).join(","), ...Array.from({ length }, (_, index) => line(index))].join("\n") + "\n"
}
