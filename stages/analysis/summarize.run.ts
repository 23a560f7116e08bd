import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { collapse, estimate, groups, logSlope, mean, type Estimate, type Range } from "./scaling.ts"
import type { SummarizeParams } from "./summarize.ts"

type Inputs = { readonly observables: Table; readonly ensembles: Table; readonly frozen: Table }

const everywhere: Range = { from: 0, to: Infinity }
const net = ["h", "replica"]
/** A number that replicas give no interval for. */
const single = (value: number): Estimate => ({ value, spread: Number.NaN })

export const run = ({ params: { feature, lazy }, inputs }: Given<SummarizeParams, Inputs>): Effect.Effect<{ summary: Table }, StageError> => {
  const { observables, ensembles, frozen } = inputs
  const x = "sqrtHAlpha"
  const slope = (y: string, range: Range): Estimate => estimate(groups(observables, x, y, net, range).map((group) => logSlope(group.x, group.y)))
  const quantities: { readonly [quantity: string]: Estimate } = {
    kernelChangeSlopeLazy: slope("kernelChange", lazy),
    kernelChangeSlopeFeature: slope("kernelChange", feature),
    t1SlopeFeature: slope("t1", feature),
    // The worst net: t1 within it, from the smallest to the largest alpha of the range.
    t1VariationLazy: single(Math.max(...groups(observables, x, "t1", net, lazy).map(({ y }) => Math.max(...y) / Math.min(...y) - 1))),
    weightChangeSlopeLazy: slope("weightChange", lazy),
    kernelChangeCollapseLazy: single(collapse(observables, x, "kernelChange", lazy)),
    kernelChangeCollapseFeature: single(collapse(observables, x, "kernelChange", feature)),
    ensembleGain: estimate(ensembles["meanError"]!.map((error, i) => Number(error) - Number(ensembles["ensembleError"]![i]))),
    frozenGap: single(frozenGap(observables, frozen)),
    unconverged: single(observables["converged"]!.filter((converged) => converged !== true).length),
  }
  return Effect.succeed({
    summary: {
      quantity: Object.keys(quantities),
      value: Object.values(quantities).map(({ value }) => value),
      spread: Object.values(quantities).map(({ spread }) => spread),
    },
  })
}

// Mean over nets of |error of the frozen kernel - error of the same net at the largest alpha|.
const frozenGap = (observables: Table, frozen: Table): number => {
  const kernels = groups(frozen, "h", "testError", net, everywhere)
  const nets = groups(observables, "sqrtHAlpha", "testError", net, everywhere)
  return mean(
    nets.map(({ of, y }) => {
      const kernel = kernels.find((each) => net.every((column) => each.of[column] === of[column]))
      return Math.abs(y.at(-1)! - (kernel?.y[0] ?? Number.NaN))
    }),
  )
}
