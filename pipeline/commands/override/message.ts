// Sentences about results that a person accepts or forgets. Functions from data to text. Knows nothing about where the
// text goes.
import type { Refusal, Review } from "../../override/accept.ts"
import type { Prediction } from "../../run/prediction.ts"
import { predicted } from "../../run/message.ts"
import { changed } from "../../key/message.ts"

const refusal = (why: Refusal): string => {
  switch (why._tag) {
    case "NeverMade":
      return "it was never made, or nothing tells any more how it was made. Run it"
    case "OtherMeaning":
      return `${why.differences.map(changed).join(", ")}: this change asks for another result. Run it`
    case "Gone":
      return `${why.outputs.join(", ")}, made the last time, is no longer in the store. Run it`
    case "Behind":
      return `it needs ${why.producer}, which would run. Accept or run ${why.producer} first`
  }
}

/** What happened to one node that should be accepted. */
export const reviewed = (node: string, what: Review, dryRun: boolean): string => {
  if (what._tag === "Hit") return `${node}  already a hit: there is nothing to accept`
  if (what._tag === "Refused") return `${node}  refused: ${refusal(what.why)}`
  return `${node}  ${dryRun ? "would be accepted" : "accepted"}: ${what.differences.map(changed).join(", ")}`
}

export const acceptedInAll = (
  counts: { readonly accepted: number; readonly hit: number; readonly refused: number },
  dryRun: boolean,
): string => {
  const refused = counts.refused === 0 ? "" : `, ${counts.refused} refused`
  return (
    `${counts.accepted} ${dryRun ? "would be accepted" : "accepted"}, ${counts.hit} already ` +
    `${counts.hit === 1 ? "a hit" : "hits"}${refused}${dryRun ? ". Nothing was written." : ""}`
  )
}

export const noUser =
  "There is no name to keep with these results: the system has no name for you, or the name is empty. Say who " +
  "accepts them: --by NAME"
export const noReason =
  'There is no reason to keep with these results. Give one: --because "only names and comments changed"'

/**
 * What happened to one node that should be forgotten; `items` is the number of its forgotten items if it goes over a
 * list.
 */
export const forgotten = (node: string, what: Prediction, was: boolean, items: number, dryRun: boolean): string => {
  if (!was) return `${node}  has no record to forget (${predicted(what)})`
  const withItems = items === 0 ? "" : `, with ${items} ${items === 1 ? "item" : "items"}`
  return `${node}  ${dryRun ? "would be forgotten" : "forgotten"}${withItems}`
}

export const forgottenInAll = (count: number, others: number, dryRun: boolean): string =>
  `${count} ` +
  `${dryRun ? "would be forgotten" : "forgotten"}${others === 0 ? "" : `, ${others} without a record`}. ` +
  `${dryRun ? "Nothing was removed." : "The next run makes them again; their bytes stay until pipeline gc."}`

export const onlySources =
  "These patterns match only sources. Their bytes come from outside: there is nothing to accept or to forget."
