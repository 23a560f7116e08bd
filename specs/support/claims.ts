// A claim is one record: what is said, under which figure it stands, and by which number of which table it is judged.
// The nodes that compute those numbers, the checks and the list under each figure follow from it. Knows no paper.
import { cell, check, type Check } from "../../pipeline/check.ts"
import type { Output } from "../../pipeline/node.ts"
import type { Page } from "../../pipeline/spec.ts"
import type { Table } from "../../pipeline/stage.ts"
import type { Quantity } from "../../stages/statistics/quantity.ts"
import type { Jackknifed, Study } from "./study.ts"

type Unnamed<Q> = Q extends unknown ? Omit<Q, "name"> : never

export interface Claim extends Omit<Check, "value" | "spread"> {
  /** The figure it stands under. */
  readonly figure: string
  /** The table it is judged by, where that is not called as the figure is. */
  readonly table?: string
  /** The number it is judged by; the claim's id is its name. */
  readonly quantity: Unnamed<Quantity>
}

/** Tables by the names of their summaries, and what is claimed of them. */
export interface Claims {
  readonly tables: { readonly [name: string]: Output<Table> | Jackknifed }
  readonly claims: ReadonlyArray<Claim>
}
export type Summaries = { readonly [table: string]: Output<Table> }

/** Claims on these tables, in the order in which they are judged. Throws where a claim is on none of them. */
export const claimsOn = (tables: Claims["tables"], claims: ReadonlyArray<Claim>): Claims => {
  for (const { id, ...claim } of claims) {
    const table = tableOf(claim)
    if (!Object.hasOwn(tables, table))
      throw new Error(
        `the claim ${id} is judged by the table ${table}, and there is none; there are ` +
          `${Object.keys(tables).join(", ")}. Name one of them as its table`,
      )
  }
  return { tables, claims }
}

/** The nodes that compute what claims are judged by: one of each table. */
export const summariesOf = (study: Study, { tables, claims }: Claims): Summaries =>
  Object.fromEntries(
    Object.entries(tables).map(([name, table]) => {
      const judged = claims.filter((claim) => tableOf(claim) === name)
      const quantities = judged.map(({ id, quantity }) => ({ name: id, ...quantity }) as Quantity)
      return [
        name,
        "whole" in table ? study.jackknife(name, table, quantities) : study.summarize(name, table, quantities),
      ]
    }),
  )

/** A check of each claim, which has the name of its quantity. */
export const checksOf = ({ claims }: Pick<Claims, "claims">, summaries: Summaries): ReadonlyArray<Check> =>
  claims.map(({ figure, table = figure, quantity: _quantity, ...claim }) =>
    check({ ...claim, value: cell(summaries[table]!, { quantity: claim.id }, "value"), spread: "spread" }),
  )

/**
 * The figures of a document with the claims that stand under each. Throws where two claims have one id, and where a
 * claim stands under a figure that is none of them.
 */
export const figuresWith = (
  figures: ReadonlyArray<Omit<Page["figures"][number], "checks">>,
  claims: ReadonlyArray<Claim>,
): Page["figures"] => {
  const known = new Set<string>()
  for (const { id, figure } of claims) {
    if (known.has(id)) throw new Error(`two claims are called ${id}. Give one of them another id`)
    known.add(id)
    if (!figures.some((each) => each.id === figure))
      throw new Error(
        `the claim ${id} stands under the figure ${figure}, and there is none; there are ` +
          `${figures.map((each) => each.id).join(", ")}`,
      )
  }
  return figures.map((figure) => ({
    ...figure,
    checks: claims.filter((claim) => claim.figure === figure.id).map(({ id }) => id),
  }))
}

const tableOf = ({ figure, table = figure }: Pick<Claim, "figure" | "table">): string => table
