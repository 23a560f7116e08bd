// The cost of `watch`: twice a training, since each step also evaluates the watched points.
import type { Cost } from "../../net/cost.ts"
import { cost as trainCost } from "./train.cost.ts"
import type { WatchParams } from "./watch.ts"

export const cost: Cost<WatchParams> = (params, pointsOf) => 2 * trainCost(params, pointsOf)
