// The quantities claims are judged by, on tables made of exact power laws.
import { expect, test } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import { run } from "../../../stages/analysis/summarize.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { perform } from "../perform.ts"

const ranges = { feature: { from: 1e-2, to: 1 }, lazy: { from: 1e3, to: 1e5 } }
const alphas = [1e-2, 1e-1, 1, 1e3, 1e4, 1e5]
interface Row { readonly [column: string]: number | boolean }

/** Two widths, two replicas: laws whose factor depends on the net, and whose slopes do on the replica. */
const rows: ReadonlyArray<Row> = [64, 128].flatMap((h) =>
  [0, 1].flatMap((replica) =>
    alphas.map((x): Row => ({
      h,
      replica,
      sqrtHAlpha: x,
      kernelChange: x <= 1 ? (h / 64) * x ** (-1.6 - 0.1 * replica) : (2 * (h / 64)) / x,
      t1: x <= 1 ? x : 5 * (1 + (replica === 1 && x === 1e4 ? 0.03 : 0)),
      weightChange: h / x,
      testError: x >= 1e3 ? 0.2 + 0.01 * replica : 0.9,
      converged: !(h === 64 && replica === 1 && x === 1e5),
    })),
  ),
)
const tableOf = (rows: ReadonlyArray<Row>): Table => Object.fromEntries(Object.keys(rows[0]!).map((column) => [column, rows.map((row) => row[column]!)]))
// The last is one net alone: no ensemble.
const ensembles: Table = { h: [64, 64, 128, 256], sqrtHAlpha: [1, 10, 1, 1], replicas: [2, 2, 2, 1], meanError: [0.3, 0.4, 0.2, 0.1], ensembleError: [0.2, 0.4, 0.25, 0.1] }
// In an order of its own: nets are matched by width and replica.
const frozen: Table = { h: [128, 64, 128, 64], replica: [1, 1, 0, 0], testError: [0.25, 0.21, 0.2, 0.16], converged: [true, true, true, true] }

const summarized = async (observables: Table): Promise<Readonly<Record<string, readonly [value: number, spread: number]>>> => {
  const { summary } = await perform(run({ params: ranges, inputs: { observables, ensembles, frozen }, seed: 0 }))
  return Object.fromEntries(summary["quantity"]!.map((name, i) => [name, [Number(summary["value"]![i]), Number(summary["spread"]![i])]]))
}

test("exact laws give their slopes, factors and gaps", async () => {
  const made = await summarized(tableOf(rows))
  // Slopes -1.6 and -1.7, twice: variance 0.01 / 3, two standard errors 2 sqrt(0.01 / 12).
  const expected: Readonly<Record<string, readonly [number, number]>> = {
    kernelChangeSlopeLazy: [-1, 0],
    kernelChangeSlopeFeature: [-1.65, 2 * Math.sqrt(0.01 / 12)],
    t1SlopeFeature: [1, 0],
    t1VariationLazy: [0.03, Number.NaN],
    weightChangeSlopeLazy: [-1, 0],
    kernelChangeCollapseLazy: [2, Number.NaN],
    kernelChangeCollapseFeature: [2, Number.NaN],
    // 0.1, 0, -0.05: mean 1/60; squares 25/3600 + 1/3600 + 16/3600 over 2 is 21/3600.
    ensembleGain: [1 / 60, 2 * Math.sqrt(21 / 3600 / 3)],
    // |0.2 - 0.16|, |0.21 - 0.21|, |0.2 - 0.2|, |0.21 - 0.25|.
    frozenGap: [0.02, Number.NaN],
    unconverged: [1, Number.NaN],
  }
  expect(Object.keys(made)).toEqual(Object.keys(expected))
  for (const [name, numbers] of Object.entries(expected)) expectClose(name, made[name]!, numbers, tolerance.float64.net)
})

test("the order of the rows does not matter", async () => {
  const [there, back] = [await summarized(tableOf(rows)), await summarized(tableOf([...rows].reverse()))]
  for (const name of Object.keys(there)) expectClose(name, back[name]!, there[name]!, tolerance.float64.net)
})

test("a grid without a lazy range has no numbers for it, so that no claim about it is borne out by nothing", async () => {
  const made = await summarized(tableOf(rows.filter(({ sqrtHAlpha }) => Number(sqrtHAlpha) <= 1)))
  for (const name of ["kernelChangeSlopeLazy", "weightChangeSlopeLazy", "t1VariationLazy", "kernelChangeCollapseLazy"]) expect(made[name]![0], name).toBeNaN()
  expectClose("t1SlopeFeature", [made["t1SlopeFeature"]![0]], [1], tolerance.float64.net)
})

test("a single alpha of the lazy range shows no constancy", async () => {
  expect((await summarized(tableOf(rows.filter(({ sqrtHAlpha }) => Number(sqrtHAlpha) <= 1e3))))["t1VariationLazy"]![0]).toBeNaN()
})

test("a net without its frozen kernel makes the gap no number", async () => {
  const { summary } = await perform(run({ params: ranges, inputs: { observables: tableOf(rows), ensembles, frozen: { h: [64], replica: [0], testError: [0.1], converged: [true] } }, seed: 0 }))
  expect(summary["value"]![summary["quantity"]!.indexOf("frozenGap")]).toBeNaN()
})
