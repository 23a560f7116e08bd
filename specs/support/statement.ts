// Makes statements of a document: covered by claims, or open for a reason.
// Knows nothing about a document.
import type { Statement } from "../../pipeline/spec.ts"

export const covered = (source: string, statement: string, ...claims: ReadonlyArray<string>): Statement => ({
  source,
  statement,
  claims,
})
export const open = (source: string, statement: string, because: string): Statement => ({ source, statement, because })
