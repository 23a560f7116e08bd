// A table as comma-separated text (RFC 4180), every digit kept.
import type { Columns } from "./figure/rows.ts"

const cell = (value: number | string | boolean): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The rows of a table under a line of column names. */
export const csv = (columns: Columns): string => {
  const names = Object.keys(columns)
  const length = Math.max(0, ...names.map((name) => columns[name]!.length))
  const line = (index: number): string => names.map((name) => cell(columns[name]![index] ?? "")).join(",")
  return [names.map(cell).join(","), ...Array.from({ length }, (_, index) => line(index))].join("\n") + "\n"
}
