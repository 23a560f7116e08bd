// How long will a node take? Each stage that computes for long has its cost in a file beside it (`train.cost.ts`). For
// `plan`: at a paper's own scale nothing that ran before is like what would run.
import type { Output, StageNode } from "../../pipeline/node.ts"
import { cost as linearizeCost } from "../../stages/dynamics/linearize/linearize.cost.ts"
import { linearize } from "../../stages/dynamics/linearize/linearize.ts"
import { cost as temperatureCost } from "../../stages/dynamics/temperature/train-at-temperature.cost.ts"
import { trainAtTemperature } from "../../stages/dynamics/temperature/train-at-temperature.ts"
import { cost as trainCost } from "../../stages/dynamics/train/train.cost.ts"
import { train } from "../../stages/dynamics/train/train.ts"
import { cost as watchCost } from "../../stages/dynamics/train/watch.cost.ts"
import { watch } from "../../stages/dynamics/train/watch.ts"
import type { Cost } from "../../stages/net/cost.ts"
import { cost as measureCost } from "../../stages/observables/measure.cost.ts"
import { measure } from "../../stages/observables/measure.ts"

const costs = new Map<StageNode["stage"], Cost<never>>([
  [train, trainCost],
  [watch, watchCost],
  [trainAtTemperature, temperatureCost],
  [linearize, linearizeCost],
  [measure, measureCost],
])

/** The core-seconds of a node; undefined where the nodes of a stage are like each other, so that history tells. */
export const costOf = (node: StageNode): number | undefined =>
  costs.get(node.stage)?.(node.params as never, (input) => pointsOf(node.inputs[input] as Output))

/** How many points an output of a data node has: as many as the node was asked for. */
const pointsOf = ({ node, name }: Output): number => {
  const { n, nTest } = (node as StageNode).params as unknown as { readonly n: number; readonly nTest: number }
  return name === "test" ? nTest : n
}
