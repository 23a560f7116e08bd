// Draws the arrays of the net; the running means start at zero.
import { Effect } from "effect"
import type { Given, StageError, Tensors } from "../../../pipeline/stage.ts"
import { grouped, mapped } from "../../net/group.ts"
import { initial, part } from "../../net/model.ts"
import { zerosLike } from "../pack.ts"
import { rounded } from "../task.ts"
import type { BackboneStartParams } from "./backbone-start.ts"
import { backboneNet } from "./net.ts"

export const run = ({
  params: { hidden },
  seed,
}: Given<BackboneStartParams, object>): Effect.Effect<{ state: Tensors }, StageError> =>
  Effect.sync(() => {
    const net = backboneNet(hidden)
    const arrays = mapped(initial(net, seed), (array) => rounded(array, "float32"))
    const still = zerosLike(part(net, "trained", arrays))
    const steps = { shape: [], data: Float64Array.of(0) }
    return { state: { ...grouped("w", arrays), ...grouped("mean", still), ...grouped("square", still), steps } }
  })
