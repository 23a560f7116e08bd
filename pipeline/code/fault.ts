// Code of the project that a stage cannot be made of is told with its place, before anything runs. Knows no syntax, so
// that whoever catches it needs no parser.
import { relative } from "node:path"

/** Code that a stage cannot be made of: where, what is wrong, what to do. */
export class CodeFault extends Error {
  override readonly name = "CodeFault"
  constructor(file: string, text: string, offset: number, said: string) {
    const { line, column } = placeIn(text)(offset)
    super(`${relative(process.cwd(), file)}:${line}:${column}: ${said}`)
  }
}

/** The place in a text as people count it: lines and columns from 1. */
export const placeIn = (text: string): ((offset: number) => { readonly line: number; readonly column: number }) => {
  const starts = [0]
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return (offset) => {
    const after = starts.findIndex((start) => start > offset)
    const line = after === -1 ? starts.length : after
    return { line, column: offset - starts[line - 1]! + 1 }
  }
}
