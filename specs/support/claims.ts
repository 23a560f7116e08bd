// A claim is one record: a sentence, the figure below which it stands, and the number of a table that judges it. The
// nodes that compute these numbers, the checks and the list below each figure follow from the record.
// Knows nothing about a paper.
import { cell, check, type Check } from "../../pipeline/check.ts"
import type { Output } from "../../pipeline/node.ts"
import type { Page } from "../../pipeline/spec.ts"
import type { Table } from "../../pipeline/stage.ts"
import type { Quantity } from "../../stages/statistics/quantity.ts"
import type { Jackknifed, Study } from "./study.ts"

type Unnamed<Q> = Q extends unknown ? Omit<Q, "name"> : never

export interface Claim extends Omit<Check, "value" | "spread"> {
  /** The id of the figure below which the claim stands. */
  readonly figure: string
  /** The name of the table that judges the claim. The default is the id of the figure. */
  readonly table?: string
  /** The number that judges the claim. The number has the claim's id as its name. */
  readonly quantity: Unnamed<Quantity>
}

/** Tables by the names of their summaries, and the claims about the tables. */
export interface Claims {
  readonly tables: { readonly [name: string]: Output<Table> | Jackknifed }
  readonly claims: ReadonlyArray<Claim>
}
export type Summaries = { readonly [table: string]: Output<Table> }

/**
 * Claims about these tables, in the order in which they are judged. Throws if a claim names a table that does not
 * exist.
 */
export const claimsOn = (tables: Claims["tables"], claims: ReadonlyArray<Claim>): Claims => {
  for (const { id, ...claim } of claims) {
    const table = tableOf(claim)
    if (!Object.hasOwn(tables, table))
      throw new Error(
        `the claim ${id} names the table ${table}, which does not exist. The tables are ` +
          `${Object.keys(tables).join(", ")}. Name one of them as its table`,
      )
  }
  return { tables, claims }
}

/** The nodes that compute the numbers of the claims, one node for each table. */
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

/** A check for each claim. It reads the quantity that has the claim's id as its name. */
export const checksOf = ({ claims }: Pick<Claims, "claims">, summaries: Summaries): ReadonlyArray<Check> =>
  claims.map(({ figure, table = figure, quantity, ...claim }) =>
    check({
      ...claim,
      method: methodOf(quantity),
      value: cell(summaries[table]!, { quantity: claim.id }, "value"),
      spread: "spread",
    }),
  )

/** The quantity in words, with every constant in it. */
const methodOf = ({ of, ...rest }: Claim["quantity"]): string => {
  const parts = Object.entries(rest as Readonly<Record<string, unknown>>).map(([name, value]) =>
    typeof value === "object" ? `${name} ${JSON.stringify(value)}` : `${name} ${String(value)}`,
  )
  return `Quantity: ${of}${parts.length === 0 ? "" : `; ${parts.join("; ")}`}.`
}

/**
 * The figures of a document with the claims below each figure. Throws if two claims have the same id, or if a claim
 * names a figure that does not exist.
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
        `the claim ${id} names the figure ${figure}, which does not exist. The figures are ` +
          `${figures.map((each) => each.id).join(", ")}`,
      )
  }
  return figures.map((figure) => ({
    ...figure,
    checks: claims.filter((claim) => claim.figure === figure.id).map(({ id }) => id),
  }))
}

const tableOf = ({ figure, table = figure }: Pick<Claim, "figure" | "table">): string => table
