// Computes the smallest mean gain on the test points and on samples of them.
import { Effect } from "effect"
import { StageError, type Given, type Table, type Tensors } from "../../pipeline/stage.ts"
import { stream } from "../random.ts"
import type { LeastGainParams } from "./least-gain.ts"

type Inputs = { readonly gains: ReadonlyArray<Tensors> }

export const run = ({
  params: { samples },
  inputs,
  seed,
}: Given<LeastGainParams, Inputs>): Effect.Effect<{ readonly table: Table }, StageError> => {
  const gains = inputs.gains.map(({ gain }) => gain!.data)
  const m = gains[0]?.length ?? 0
  if (m === 0 || gains.some(({ length }) => length !== m)) {
    const message = `the gains are of ${gains.map(({ length }) => length).join(", ")} test points, but must share them`
    return Effect.fail(new StageError({ reason: "InvalidInput", message }))
  }
  const { uniform } = stream(seed, "test points")
  const least = (points: ArrayLike<number>): number =>
    Math.min(
      ...gains.map((gain) => {
        let sum = 0
        for (let i = 0; i < m; i++) sum += gain[points[i]!]!
        return sum / m
      }),
    )
  const all = Int32Array.from({ length: m }, (_, i) => i)
  const drawn = Array.from({ length: samples }, () => least(all.map(() => Math.floor(m * uniform()))))
  return Effect.succeed({
    table: { sample: [0, ...drawn.map((_, i) => i + 1)], least: [least(all), ...drawn] },
  })
}
