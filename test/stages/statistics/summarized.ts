// The value of one quantity, and tables made of rows.
import { expect } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import type { Quantity } from "../../../stages/statistics/quantity.ts"
import { run } from "../../../stages/statistics/summarize.run.ts"
import { perform } from "../perform.ts"

export interface Row {
  readonly [column: string]: number | boolean | string
}

export const tableOf = (rows: ReadonlyArray<Row>): Table =>
  Object.fromEntries(Object.keys(rows[0]!).map((column) => [column, rows.map((row) => row[column]!)]))

export type Unnamed<Q> = Q extends Quantity ? Omit<Q, "name"> : never
export const valueOf = async (
  quantity: Unnamed<Quantity>,
  table: Table,
): Promise<readonly [value: number, spread: number]> => {
  const { summary } = await perform(
    run({ params: { quantities: [{ ...quantity, name: "q" } as Quantity] }, inputs: { table }, seed: 0 }),
  )
  expect(summary["quantity"]).toEqual(["q"])
  return [Number(summary["value"]![0]), Number(summary["spread"]![0])]
}
