// Training once more, in plain loops: the discrete scheme of the paper's program (G-DYN) on the net of net/plain.ts.
import type { Tensors } from "../../../pipeline/stage.ts"
import type { FlowParams } from "../../../stages/dynamics/flow.ts"
import { plainNet, plainOutputs, rowOf, type Gradient, type Name } from "../net/plain.ts"

export interface PlainProblem extends Pick<FlowParams, "low" | "high"> {
  readonly mu: number
  readonly data: Tensors
  /** The weights whose output f0 is taken off. */
  readonly initial: Tensors
  readonly alpha: number
  readonly activation: Name
}

/** Where training stands: weights, velocity, time, and the size of the next step. */
export interface PlainState {
  readonly weights: Tensors
  readonly velocity: Gradient
  readonly t: number
  readonly dt: number
}

/** F = alpha (f - f0) on the training points. */
const outputs = ({ data, initial, alpha, activation }: PlainProblem, weights: Tensors): Float64Array => {
  const f0 = plainOutputs(initial, data["x"]!, activation)
  return plainOutputs(weights, data["x"]!, activation).map((f, i) => alpha * (f - f0[i]!))
}

/** The gradient of (1 / (alpha^2 n)) sum max(0, 1 - y F). */
export const plainGradient = (problem: PlainProblem, weights: Tensors): Gradient => {
  const { data, alpha, activation } = problem
  const y = data["y"]!.data
  const total: { [name: string]: Float64Array } = Object.fromEntries(
    Object.entries(weights).map(([name, array]) => [name, new Float64Array(array.data.length)]),
  )
  outputs(problem, weights).forEach((F, i) => {
    if (y[i]! * F >= 1) return
    const { gradient } = plainNet(weights, rowOf(data["x"]!, i), activation)
    for (const [name, part] of Object.entries(gradient))
      part.forEach((slope, k) => (total[name]![k]! -= (y[i]! * slope) / (alpha * y.length)))
  })
  return total
}

export const atRest = (weights: Tensors, t: number, dt: number): PlainState => ({
  weights,
  velocity: Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [name, new Float64Array(data.length)]),
  ),
  t,
  dt,
})

/** Trains from a state, at most `tries` steps: where it ends, and the loss after each step taken. */
export const plainTrain = (
  problem: PlainProblem,
  start: PlainState,
  tries: number,
): { readonly end: PlainState; readonly losses: ReadonlyArray<number>; readonly undone: number } => {
  const y = problem.data["y"]!.data
  const lossOf = (F: Float64Array): number =>
    F.reduce((sum, each, i) => sum + Math.max(0, 1 - y[i]! * each), 0) / y.length
  let state = start
  let F = outputs(problem, state.weights)
  let undone = 0
  const losses: Array<number> = []
  for (let tried = 0; tried < tries && lossOf(F) > 0; tried++) {
    const { t, dt } = state
    const x = (t / (t + dt)) ** problem.mu
    const gradient = plainGradient(problem, state.weights)
    const velocity = Object.fromEntries(
      Object.entries(state.velocity).map(([name, v]) => [
        name,
        v.map((each, k) => x * each - (1 - x) * gradient[name]![k]!),
      ]),
    )
    const weights = Object.fromEntries(
      Object.entries(state.weights).map(([name, { shape, data }]) => [
        name,
        { shape, data: Float64Array.from(data, (w, k) => w + dt * velocity[name]![k]!) },
      ]),
    )
    const F2 = outputs(problem, weights)
    const change = F2.reduce((most, each, i) => Math.max(most, Math.abs(each - F[i]!)), 0)
    if (change > problem.high) {
      undone++
      state = { weights: state.weights, velocity: state.velocity, t, dt: dt / 10 }
      continue
    }
    const factor = change === 0 ? 10 : change < problem.low ? 1.1 : 1
    state = { weights, velocity, t: t + dt, dt: dt * factor }
    F = F2
    losses.push(lossOf(F))
  }
  return { end: state, losses, undone }
}
