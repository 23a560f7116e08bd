// The sentences about results that a person accepts or forgets. Functions from data to text.
import type { Refusal, Review } from "../proof/accept.ts"
import type { Foreseen } from "../foreseen.ts"
import { changed, foreseen } from "./run.ts"
import type { Acceptance } from "../provenance.ts"
import type { Stored } from "../../cache/store.ts"

const refusal = (why: Refusal): string => {
  switch (why._tag) {
    case "NeverMade":
      return "it was never made, or how it was made is not kept any more. Run it"
    case "OtherMeaning":
      return `${why.differences.map(changed).join(", ")}: that asks for another result. Run it`
    case "Gone":
      return `${why.outputs.join(", ")} of the last time is gone from the store. Run it`
    case "Behind":
      return `${why.producer}, which it needs, would run. Accept or run that first`
  }
}

/** What became of one node that was to be accepted. */
export const reviewed = (node: string, what: Review, dryRun: boolean): string => {
  if (what._tag === "Hit") return `${node}  a hit already: there is nothing to accept`
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
  "There is no name to keep with these results: the system has none for you, or it is empty. Say who accepts " +
  "them: --by NAME"
export const noReason =
  'There is no reason to keep with these results. Give one: --because "only names and comments changed"'

/** By whose word a result stands under its key. */
export const byWord = ({ by, when, because, from, differences }: Acceptance): string =>
  `by ${by} on ${when.slice(0, 10)}: ${because} (${differences.map(changed).join(", ")}; from key ${from})`

/** Of an output that gc dropped to make room, and that somebody wants now. */
export const dropped = (node: string, output: string): string =>
  `${output} of ${node} was dropped by pipeline gc --inner. ` +
  "Now that it was asked for, the next run makes it again: run the spec, then export it."

/** Of an output whose bytes are gone. */
export const notThere = "(not in the store: made again once a run needs it)"

/** What stood in the place of a result, before that was lost. */
export const inPlaceOf = (outputs: ReadonlyArray<Stored>): string =>
  `${outputs.map(({ name, digest }) => `${name} ${digest.slice(0, 12)}`).join(", ")}: lost, and made again ` +
  "with other bytes"

/** Of a node over a list that has no record of its own yet. */
export const notGathered = "All its items are done; the next run gathers them."

/** What became of one node that was to be forgotten, and of so many items where it goes over a list. */
export const forgotten = (node: string, what: Foreseen, was: boolean, items: number, dryRun: boolean): string => {
  if (!was) return `${node}  has no record to forget (${foreseen(what)})`
  const withItems = items === 0 ? "" : `, with ${items} ${items === 1 ? "item" : "items"}`
  return `${node}  ${dryRun ? "would be forgotten" : "forgotten"}${withItems}`
}

export const forgottenInAll = (count: number, others: number, dryRun: boolean): string =>
  `${count} ` +
  `${dryRun ? "would be forgotten" : "forgotten"}${others === 0 ? "" : `, ${others} without a record`}. ` +
  `${dryRun ? "Nothing was removed." : "A run makes them anew; their bytes stay until pipeline gc."}`

export const onlySources =
  "These patterns match only sources. What those give comes from outside: there is nothing to accept or to forget."
