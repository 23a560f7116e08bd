// The sentences about keys: the differences between two keys, and why a node has to run. Functions from data to text.
// Knows nothing about where the text is shown.
import { firstOf } from "../text/amount.ts"
import type { Difference } from "./key.ts"
import type { Reason } from "./reason.ts"

const short = (value: string | undefined): string => {
  if (value === undefined) return "(none)"
  if (/^[0-9a-f]{64}$/.test(value)) return value.slice(0, 12)
  return value.length > 60 ? `${value.slice(0, 57)}…` : value
}
// The digest of a package's files is not shown, because it tells people nothing.
const versions = (before: string | undefined, after: string | undefined): string => {
  const [old, now] = [before, after].map((value) => value?.split(" ")[0] ?? "(none)")
  return old === now ? `${now}, its files changed` : `${old}→${now}`
}

export const changed = ({ path, before, after }: Difference): string => {
  if (path === "code") return "code"
  if (path.startsWith("package ")) return `${path} ${versions(before, after)}`
  const name = path.replace("params.", "param ").replace("inputs.", "input ")
  const [old, now] = [itemsOf(before), itemsOf(after)]
  if (old !== undefined && now !== undefined && (path.startsWith("inputs.") || Math.max(old.length, now.length) > 8)) {
    const kept = new Set(old)
    return `${name} ${old.length}→${now.length} items, ${now.filter((item) => !kept.has(item)).length} of them new`
  }
  return `${name} ${short(before)}→${short(after)}`
}

/** The items of a list, as texts. */
const itemsOf = (text: string | undefined): ReadonlyArray<string> | undefined =>
  text?.startsWith("[") ? (JSON.parse(text) as ReadonlyArray<unknown>).map((item) => JSON.stringify(item)) : undefined

/** At most three changes, and the number of the others. */
export const changes = (differences: ReadonlyArray<Difference>): string => firstOf(differences.map(changed))

export const reason = (why: Reason): string => {
  switch (why._tag) {
    case "FirstRun":
      return "first run"
    case "Changed":
      return changes(why.differences)
    case "Lost":
      return `missing ${why.outputs.join(", ")}`
    case "Forced":
      return "forced"
  }
}
