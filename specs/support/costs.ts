// Estimates how long a node takes. Each slow stage has its cost in a file beside it (`train.cost.ts`). `plan` uses
// these costs, because at the scale of a paper no earlier run resembles the next one.
// Knows nothing about the machine.
import type { Output, StageNode } from "../../pipeline/node.ts"
import { cost as backboneCost } from "../../stages/dynamics/backbone/backbone-epoch.cost.ts"
import { backboneEpoch } from "../../stages/dynamics/backbone/backbone-epoch.ts"
import { cost as movementCost } from "../../stages/dynamics/descend/movement.cost.ts"
import { movement } from "../../stages/dynamics/descend/movement.ts"
import { cost as linearizeCost } from "../../stages/dynamics/linearize/linearize.cost.ts"
import { linearize } from "../../stages/dynamics/linearize/linearize.ts"
import { cost as limitCost } from "../../stages/dynamics/linearize/linearize-limit.cost.ts"
import { linearizeLimit } from "../../stages/dynamics/linearize/linearize-limit.ts"
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
  [linearizeLimit, limitCost],
  [measure, measureCost],
  [movement, movementCost],
  [backboneEpoch, backboneCost],
])

/**
 * The core-seconds of a node. Undefined if all nodes of a stage are similar; then `plan` uses the times of earlier
 * runs.
 */
export const costOf = (node: StageNode): number | undefined =>
  costs.get(node.stage)?.(node.params as never, (input) => pointsOf(node.inputs[input] as Output))

/** The number of points in an output of a data node, from the params of this node. */
const pointsOf = ({ node, name }: Output): number => {
  const params = (node as StageNode).params as { readonly [name: string]: number | null }
  if (name === "test") return params["nTest"]!
  return params["n"] ?? params["points"] ?? params["images"] ?? 60_000
}
