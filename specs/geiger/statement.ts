// Makes statements of the paper: covered by claims, or open for a reason.
import type { Statement } from "../../pipeline/spec.ts"

export const covered = (source: string, statement: string, ...claims: ReadonlyArray<string>): Statement => ({
  source,
  statement,
  claims,
})
export const open = (source: string, statement: string, because: string): Statement => ({ source, statement, because })
