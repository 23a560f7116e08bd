import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { collapse, estimate, fitted, groups, logSlope, mean, type Estimate, type Range } from "./scaling.ts"
import type { SummarizeParams } from "./summarize.ts"

type Inputs = { readonly observables: Table; readonly ensembles: Table; readonly frozen: Table }

const everywhere: Range = { from: 0, to: Infinity }
const net = ["h", "replica"]
/** A number that replicas give no interval for. */
const single = (value: number): Estimate => ({ value, spread: Number.NaN })

export const run = ({ params: { feature, lazy }, inputs }: Given<SummarizeParams, Inputs>): Effect.Effect<{ summary: Table }, StageError> => {
  const { ensembles, frozen } = inputs
  // As in the paper, a net that does not fit its training points is counted, and left out of everything else.
  const observables = fitted(inputs.observables)
  const x = "sqrtHAlpha"
  const slope = (y: string, range: Range): Estimate => estimate(groups(observables, x, y, net, range).map((group) => logSlope(group.x, group.y)))
  const quantities: { readonly [quantity: string]: Estimate } = {
    kernelChangeSlopeLazy: slope("kernelChange", lazy),
    kernelChangeSlopeFeature: slope("kernelChange", feature),
    t1SlopeFeature: slope("t1", feature),
    t1VariationLazy: single(largestVariation(groups(observables, x, "t1", net, lazy).map(({ y }) => y))),
    weightChangeSlopeLazy: slope("weightChange", lazy),
    kernelChangeCollapseLazy: single(collapse(observables, x, "kernelChange", lazy)),
    kernelChangeCollapseFeature: single(collapse(observables, x, "kernelChange", feature)),
    ensembleGain: estimate(gains(ensembles)),
    frozenGap: single(frozenGap(observables, fitted(frozen), lazy)),
    unconverged: single(inputs.observables["converged"]!.filter((converged) => converged !== true).length),
  }
  return Effect.succeed({
    summary: {
      quantity: Object.keys(quantities),
      value: Object.values(quantities).map(({ value }) => value),
      spread: Object.values(quantities).map(({ spread }) => spread),
    },
  })
}

// Of the worst net, relative, over all alphas of the range. Nothing varies where there are not two of them, which
// must not pass for constant.
const largestVariation = (nets: ReadonlyArray<ReadonlyArray<number>>): number => {
  const varied = nets.filter((values) => values.length > 1)
  return varied.length === 0 ? Number.NaN : Math.max(...varied.map((values) => Math.max(...values) / Math.min(...values) - 1))
}

// One net is no ensemble, and its gain of zero no result.
const gains = ({ meanError, ensembleError, replicas }: Table): ReadonlyArray<number> =>
  replicas!.flatMap((count, i) => (Number(count) < 2 ? [] : [Number(meanError![i]) - Number(ensembleError![i])]))

// Mean over nets of |error of the frozen kernel - error of the same net at its largest alpha|, which must be lazy.
const frozenGap = (observables: Table, frozen: Table, lazy: Range): number => {
  const kernels = groups(frozen, "h", "testError", net, everywhere)
  const nets = groups(observables, "sqrtHAlpha", "testError", net, { from: lazy.from, to: Infinity })
  return mean(
    nets.map(({ of, y }) => {
      const kernel = kernels.find((each) => net.every((column) => each.of[column] === of[column]))
      return Math.abs(y.at(-1)! - (kernel?.y[0] ?? Number.NaN))
    }),
  )
}
