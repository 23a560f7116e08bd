// A person can state that a code change did not change the meaning. For which changes, and how is the statement shown
// to readers of the results? Pure. Knows nothing about the store: `accept.ts` writes there.
import type { PageContent } from "../spec/content.ts"
import type { Difference } from "../key/key.ts"
import type { Acceptance } from "../run/provenance.ts"
import { changed } from "../key/message.ts"

/**
 * The differences that no statement can accept: everything except the code and what the code runs on. Other params mean
 * another question.
 */
export const otherMeaning = (differences: ReadonlyArray<Difference>): ReadonlyArray<Difference> =>
  differences.filter(({ path }) => path !== "code" && path !== "node" && !path.startsWith("package "))

/** The accepted results: one line for each statement and each stage. */
export const accepted = (
  results: ReadonlyArray<{ readonly stage: string; readonly accepted: ReadonlyArray<Acceptance> }>,
): PageContent["made"]["accepted"] => {
  const taken = results.flatMap(({ stage, accepted }) => accepted.map((acceptance) => ({ stage, ...acceptance })))
  return Array.from(
    Map.groupBy(taken, ({ stage, by, when, because }) => JSON.stringify([when, by, because, stage])).values(),
    (group) => {
      const { stage, by, when, because } = group[0]!
      const what = new Set(group.flatMap(({ differences }) => differences.map(changed)))
      return { stage, nodes: group.length, what: [...what].join(", "), by, when, because }
    },
  )
}
