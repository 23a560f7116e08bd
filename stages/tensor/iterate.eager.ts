// The eager form of a step: TF.js runs the step in a JavaScript loop, with its scalars as plain numbers, until the step
// wants no other step. Knows nothing about graphs.
import type { Tensor } from "../../pipeline/stage.ts"
import { type EagerBackend, runEagerly } from "./eager.ts"
import { eager } from "./exchange.ts"
import type { Arrays } from "./program.ts"
import { type Left, type Reached, type State, type Step, assertCarried } from "./step.ts"

/** Runs at most `trips` steps. */
export const iterateEagerly = async (
  name: string,
  step: Step,
  dtype: string,
  backend: EagerBackend,
  start: State,
  fixed: Arrays,
  trips: number,
): Promise<Reached> => {
  let state = start
  let more = true
  const rows: Array<Readonly<Record<string, number>>> = []
  while (more && rows.length < trips) {
    const { scalars } = state
    const names = Object.keys(state.arrays)
    let left: Left<string, string, string, number, boolean> | undefined
    const given: Record<string, Tensor> = Object.fromEntries([
      ...names.map((key) => [`array.${key}`, state.arrays[key]!]),
      ...Object.keys(fixed).map((key) => [`fixed.${key}`, fixed[key]!]),
    ])
    const arrays = await runEagerly(
      name,
      (inputs) => {
        const [now, still] = [names, Object.keys(fixed)].map((keys, i) =>
          Object.fromEntries(keys.map((key) => [key, inputs[`${["array", "fixed"][i]}.${key}`]!])),
        )
        left = step({ arrays: now!, scalars, fixed: still! }, eager)
        assertCarried({ arrays: now!, scalars }, left)
        return left.arrays
      },
      dtype,
      backend,
      given,
    )
    state = { arrays, scalars: left!.scalars }
    more = left!.more
    rows.push(left!.row)
  }
  const names = Object.keys(rows[0] ?? {})
  return {
    state,
    more,
    rows: Object.fromEntries(names.map((key) => [key, Float64Array.from(rows, (row) => row[key]!)])),
  }
}
