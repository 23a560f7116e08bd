// Every sentence a person reads of what `lint` found.
import type { Finding } from "../code/lint.ts"
import { wrong } from "./world.ts"

const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`

/** A finding beside its line, where the place is known. */
export const annotated = (each: Finding): string =>
  `${each.stages.length === 1 ? "stage" : "stages"} ${each.stages.join(", ")}: ${wrong(each)}`

export const finding = (each: Finding): string => `${each.file}:${each.line}:${each.column}  ${annotated(each)}`

/** The last line of every lint. */
export const linted = (findings: ReadonlyArray<Finding>, stages: number, files: number): string =>
  findings.length === 0
    ? `Nothing found: ${many(stages, "stage")}, ${many(files, "file")}.`
    : `${many(findings.length, "finding")} in ${many(new Set(findings.flatMap((each) => each.stages)).size, "stage")}`
