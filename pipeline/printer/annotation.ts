// Writes a workflow command, which turns a log line into a note on a file in GitHub's pages. Knows nothing about which
// messages deserve a note.

import { printable } from "../text/printable.ts"

/** A workflow command that shows a message; with a `place`, beside the lines that the message is about. */
export const annotation = (
  level: "error" | "warning" | "notice",
  message: string,
  place?: { readonly file: string; readonly line?: number; readonly column?: number },
): string => {
  const { file, line, column: col } = place ?? {}
  const properties = Object.entries({ file, line, col }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  )
  return `::${level}${properties.length === 0 ? "" : ` ${properties.join(",")}`}::${data(message)}`
}

const data = (text: string): string =>
  printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C")
