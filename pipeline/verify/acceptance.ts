// What is a person's word that a change of code changed no meaning? Which changes it may be given for, and how
// it is summed up for those who read the results. Pure; what becomes of it in the store is accept.ts's.
import type { PageContent } from "../spec/content.ts"
import type { Difference } from "../key/key.ts"
import type { Acceptance } from "../run/provenance.ts"
import { changed } from "../key/message.ts"

/**
 * The differences that no word can bridge: all but the code and what it runs on. Another param asks another question.
 */
export const otherMeaning = (differences: ReadonlyArray<Difference>): ReadonlyArray<Difference> =>
  differences.filter(({ path }) => path !== "code" && path !== "node" && !path.startsWith("package "))

/** What of some results was accepted: a line for each word that was given and each stage. */
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
