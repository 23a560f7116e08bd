// The cost of `backboneEpoch`. Seconds are of one core of the machine of test/bench/RESULTS.md.
import type { Cost } from "../../net/cost.ts"
import type { BackboneEpochParams } from "./backbone-epoch.ts"

/** A step on 40 images of 32 pixels takes 0.12 s; images without a count are the 60,000 of MNIST. */
export const cost: Cost<BackboneEpochParams> = ({ images, side }) => ((images ?? 60_000) / 40) * 0.12 * (side / 32) ** 2
