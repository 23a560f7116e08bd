// The errors of figures 1c and 2b at medium scale, of frozen kernels and of mean outputs, too: what the kept numbers
// say.
import { expect, test } from "vitest"
import { run as jackknife } from "../../stages/statistics/jackknife.run.ts"
import { estimateOf, summaryOf } from "../../stages/statistics/quantities.ts"
import { perform } from "../stages/perform.ts"
import { golden, judgedBy, quantitiesOf } from "./golden.ts"

const said = (judged: ReturnType<typeof judgedBy>) =>
  judged.map(({ check: { id }, measured, verdict }) => [id, Number(measured!.toPrecision(2)), verdict])

test("single nets and frozen kernels, of widths 50 and 100", () => {
  const table = golden("medium-errors")
  const quantities = quantitiesOf("summarize/of=errors")
  expect(said(judgedBy(summaryOf(quantities, (quantity) => estimateOf(quantity, table))))).toEqual([
    ["feature-plateau", 0.0028, "agrees"],
    ["feature-beats-lazy", 0.0083, "agrees"],
    ["frozen-is-lazy", 0.00038, "agrees"],
  ])
})

test("mean outputs of three nets, of the same widths", async () => {
  const quantities = quantitiesOf("jackknife/of=ensembles")
  const inputs = { table: golden("medium-ensembles"), without: golden("medium-ensembles-without") }
  const { summary } = await perform(jackknife({ params: { quantities }, inputs, seed: 0 }))
  expect(said(judgedBy(summary))).toEqual([
    ["ensemble-gain", 0.016, "agrees"],
    ["ensemble-collapse", -0.018, "agrees"],
  ])
})
