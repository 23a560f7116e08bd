// Every sentence about the findings of `lint` that a person reads. Knows nothing about how `lint` finds them.
import type { Finding } from "../../code/lint.ts"
import { wrong } from "../../world/message.ts"
import { count } from "../../text/amount.ts"

/** The text of a finding without its place, for a note beside the line. */
export const annotated = (each: Finding): string =>
  `${each.stages.length === 1 ? "stage" : "stages"} ${each.stages.join(", ")}: ${wrong(each)}`

export const finding = (each: Finding): string => `${each.file}:${each.line}:${each.column}  ${annotated(each)}`

/** The last line of every lint. */
export const linted = (findings: ReadonlyArray<Finding>, stages: number, files: number): string =>
  findings.length === 0
    ? `Nothing found: ${count(stages, "stage")}, ${count(files, "file")}.`
    : `${count(findings.length, "finding")} in ${count(new Set(findings.flatMap((each) => each.stages)).size, "stage")}`
