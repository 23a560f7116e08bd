// Training at a temperature once more, in plain loops: the scheme of the paper's program (GA) on the net of
// net/plain.ts.
import { expect } from "vitest"
import type { Tensors } from "../../../../pipeline/stage.ts"
import { fromAll, fromUnsatisfied } from "../../../../stages/dynamics/temperature/temperature.ts"
import type { TrainAtTemperatureParams } from "../../../../stages/dynamics/temperature/train-at-temperature.ts"
import type { Stream } from "../../../../stages/random.ts"
import { plainOutputs } from "../../net/plain.ts"
import { atRest, plainGradient, type PlainProblem } from "../plain.ts"
import { some } from "../descend/plain-descent.ts"

export type NoisyProblem = Omit<PlainProblem, "low" | "high" | "mu">

/** y F for some points. */
export const margins = (
  { data, initial, alpha, activation }: NoisyProblem,
  at: Tensors,
  rows: Int32Array,
): Float64Array => {
  const [f, f0] = [at, initial].map((each) => plainOutputs(each, some(data["x"]!, rows), activation))
  return f!.map((each, i) => data["y"]!.data[rows[i]!]! * alpha * (each - f0![i]!))
}

/**
 * Where all tries lead, how many were undone, and whether a batch was ever no power of two, or had fewer points than
 * asked for.
 */
export const plainNoise = async (
  problem: NoisyProblem,
  params: TrainAtTemperatureParams,
  random: Stream,
): Promise<{
  readonly weights: Tensors
  readonly t: number
  readonly undone: number
  readonly padded: boolean
  readonly short: boolean
}> => {
  const { temperature: T, largestBatch, smallestBatch, low, high } = params
  const n = problem.data["y"]!.data.length
  const longest = (T * largestBatch) / (1 - (largestBatch - 1) / (n - 1))
  let { weights, velocity, t, dt } = atRest(problem.initial, 0, T)
  let [undone, padded, short] = [0, false, false]
  for (let tried = 0; tried < params.stop.steps; tried++) {
    const b = Math.max(smallestBatch, Math.round(n / ((T / dt) * (n - 1) + 1)))
    const at = weights
    const rows =
      params.batches === "paper-text"
        ? fromAll({ b, n, random })
        : await fromUnsatisfied({ b, n, random }, n, async (rows) => margins(problem, at, rows))
    const before = margins(problem, weights, rows)
    if (params.batches === "paper-code") expect(Math.max(...before)).toBeLessThan(1)
    padded ||= !Number.isInteger(Math.log2(rows.length))
    short ||= rows.length < b
    const batch = {
      ...problem,
      low,
      high,
      mu: 1000,
      data: { x: some(problem.data["x"]!, rows), y: some(problem.data["y"]!, rows) },
    }
    // A mean over b, however few there are.
    const share = rows.length / b
    const [x, gradient] = [(t / (t + dt)) ** 1000, plainGradient(batch, weights)]
    const pushed = Object.fromEntries(
      Object.entries(velocity).map(([name, v]) => [
        name,
        v.map((each, i) => x * each - (1 - x) * share * gradient[name]![i]!),
      ]),
    )
    const next = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((w, i) => w + dt * pushed[name]![i]!) },
      ]),
    )
    const change = Math.max(...margins(problem, next, rows).map((each, i) => Math.abs(each - before[i]!)))
    if (change > high) {
      undone++
      dt /= 10
    } else {
      ;[weights, velocity, t] = [next, pushed, t + dt]
      if (change < low) dt = Math.min(1.1 * dt, longest)
    }
  }
  return { weights, t, undone, padded, short }
}
