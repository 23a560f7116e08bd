// What changed since the last version of the page: in one line at the top, and beside each claim that changed.
// Knows nothing about how a claim is judged.
import type { Claim, LastVersion } from "../content.ts"
import { html, type Html } from "../html.ts"
import { minus } from "../number.ts"
import { measured, verdictOf } from "./verdict.ts"

type Result = LastVersion["claims"][number]

const sameVerdict = (a: Result, b: Result): boolean => a.verdict === b.verdict && a.would === b.would
// Numbers are compared as the page shows them: the last digits of a float are no news.
const sameValue = (a: Result, b: Result): boolean => measured(a) === measured(b)

/** What a claim is held against. A loosened expectation must not pass unseen where its verdict stays. */
const questionOf = ({ kind, expected, stated, rival, differs }: Result): string =>
  JSON.stringify([kind, expected, stated, rival, differs])
const sameQuestion = (a: Result, b: Result): boolean => questionOf(a) === questionOf(b)

/** The result of each claim on the last version, by id. */
export const resultsOf = (before: LastVersion | undefined): ReadonlyMap<string, Result> =>
  new Map(before?.claims.map((claim) => [claim.id, claim]))

/** The counts of what changed, and the claims that are gone. */
export const sinceLast = (claims: ReadonlyArray<Claim>, before: LastVersion): Html => {
  const last = resultsOf(before)
  const known = claims.flatMap((claim) => (last.has(claim.id) ? [[claim, last.get(claim.id)!] as const] : []))
  const verdicts = known.filter(([now, then]) => !sameVerdict(now, then)).map(([{ id }]) => id)
  const values = known.filter(([now, then]) => sameVerdict(now, then) && !sameValue(now, then)).map(([{ id }]) => id)
  const questions = known.filter(([now, then]) => !sameQuestion(now, then)).map(([{ id }]) => id)
  const added = claims.filter(({ id }) => !last.has(id)).map(({ id }) => id)
  const here = new Set(claims.map(({ id }) => id))
  const gone = before.claims.filter(({ id }) => !here.has(id)).map(({ id }) => id)
  const commit = before.commit === undefined ? "" : `, commit ${before.commit.hash.slice(0, 10)}`
  const parts = [
    named(verdicts, "verdict changed", "verdicts changed", true),
    named(values, "value changed", "values changed", true),
    named(questions, "expectation changed", "expectations changed", true),
    named(added, "new claim", "new claims", true),
    named(gone, "claim withdrawn", "claims withdrawn", false),
  ].filter((part) => part !== undefined)
  const others = before.settings.length === 0 ? "" : `, other settings: ${before.settings.join(", ")}`
  return html`<details class="remark since"><summary>Since the last version (${before.date.slice(0, 10)}${commit}${
    others
  }): ${
    parts.length === 0 ? "no claim changed" : parts.map(({ count }, i) => html`${i > 0 && ", "}${count}`)
  }</summary>${parts.map(({ count, ids }) => html`<p>${count}: ${ids}</p>`)}</details>`
}

const named = (
  ids: ReadonlyArray<string>,
  one: string,
  more: string,
  isHere: boolean,
): { readonly count: string; readonly ids: Html } | undefined =>
  ids.length === 0
    ? undefined
    : {
        count: `${ids.length} ${ids.length === 1 ? one : more}`,
        ids: html`${ids.map((id, i) => html`${i > 0 && ", "}${isHere ? html`<a href="#claim-${id}">${id}</a>` : id}`)}`,
      }

const rivalOf = ({ rival }: Result): string => (rival === undefined ? "" : minus(`; rival ${rival}`))

/** What a claim was on the last version, if it is something else now. */
export const wasRemark = (claim: Claim, was: Result | undefined): Html =>
  html`${
    was !== undefined &&
    !(sameVerdict(claim, was) && sameValue(claim, was)) &&
    html`<span class="remark">was ${measured(was)}: ${verdictOf(was)}</span>`
  }${
    was !== undefined &&
    !sameQuestion(claim, was) &&
    html`<span class="remark">was expected: ${minus(was.expected)}${rivalOf(was)}</span>`
  }`
