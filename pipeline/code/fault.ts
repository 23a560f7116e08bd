// The error for project code that cannot become a stage. It carries file, line and column, and is reported before
// anything runs. Knows nothing about syntax, so code that catches the error does not load the parser.
import { relative } from "node:path"

/** The code cannot become a stage. The message says where the fault is, what is wrong and what to do. */
export class CodeFault extends Error {
  override readonly name = "CodeFault"
  constructor(file: string, text: string, offset: number, said: string) {
    const { line, column } = placeIn(text)(offset)
    super(`${relative(process.cwd(), file)}:${line}:${column}: ${said}`)
  }
}

/** Converts an offset in a text to a line and a column, both counted from 1. */
export const placeIn = (text: string): ((offset: number) => { readonly line: number; readonly column: number }) => {
  const starts = [0]
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return (offset) => {
    const after = starts.findIndex((start) => start > offset)
    const line = after === -1 ? starts.length : after
    return { line, column: offset - starts[line - 1]! + 1 }
  }
}
