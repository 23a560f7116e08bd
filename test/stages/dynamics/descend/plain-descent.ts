// Descent once more, in plain loops: the hinge loss of the net of net/plain.ts on lists of batches, one weight at a
// time.
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import type { Optimizer } from "../../../../stages/dynamics/descend/optimizer-params.ts"
import { permutation, stream } from "../../../../stages/random.ts"
import { plainOutputs, rowOf } from "../../net/plain.ts"
import { plainGradient, type PlainProblem } from "../plain.ts"

interface PlainStep {
  readonly rate: number
  readonly rows: ReadonlyArray<number>
}

/** The rates and batches of so many steps: of all points where `size` is null. */
export const stepsOf = (
  { n, size, seed }: { readonly n: number; readonly size: number | null; readonly seed: number },
  count: number,
  rate: (epoch: number) => number,
): ReadonlyArray<PlainStep> => {
  const perEpoch = size === null ? 1 : Math.ceil(n / size)
  return Array.from({ length: count }, (_, k) => {
    const [epoch, at] = [Math.floor(k / perEpoch), k % perEpoch]
    const rows =
      size === null
        ? Array.from({ length: n }, (_, i) => i)
        : [...permutation(n, stream(seed, `epoch ${epoch}`))].slice(at * size, (at + 1) * size)
    return { rate: rate(epoch), rows }
  })
}

/** The means of so many losses at a time. */
export const meansOf = (losses: ReadonlyArray<number>, perEpoch: number): ReadonlyArray<number> =>
  Array.from({ length: Math.ceil(losses.length / perEpoch) }, (_, epoch) => {
    const part = losses.slice(epoch * perEpoch, (epoch + 1) * perEpoch)
    return part.reduce((sum, loss) => sum + loss, 0) / part.length
  })

/** Some rows of an array, (n) or (n, inputs). */
export const some = ({ shape, data }: Tensor, rows: ArrayLike<number>): Tensor => ({
  shape: [rows.length, ...shape.slice(1)],
  data: Float64Array.from(
    Array.from(rows).flatMap((i) => (shape.length === 1 ? [data[i]!] : Array.from(rowOf({ shape, data }, i)))),
  ),
})

const lossOf = ({ data, initial, alpha, activation }: PlainProblem, weights: Tensors): number => {
  const [f, f0] = [weights, initial].map((each) => plainOutputs(each, data["x"]!, activation))
  return (
    f!.reduce((sum, each, i) => sum + Math.max(0, 1 - data["y"]!.data[i]! * alpha * (each - f0![i]!)), 0) / f!.length
  )
}

/** What an optimiser takes off a weight; what it remembers of one is in `kept`. */
const move = (rule: Optimizer, kept: { m: number; v: number }, g: number, rate: number, t: number): number => {
  if (rule.kind === "sgd") {
    kept.v = rule.momentum * kept.v + g
    return rate * kept.v
  }
  const { beta1, beta2, epsilon } = rule
  kept.m = beta1 * kept.m + (1 - beta1) * g
  kept.v = beta2 * kept.v + (1 - beta2) * g * g
  return rule.kind === "adam-pytorch"
    ? (rate * (kept.m / (1 - beta1 ** t))) / (Math.sqrt(kept.v / (1 - beta2 ** t)) + epsilon)
    : (((rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)) * kept.m) / (Math.sqrt(kept.v) + epsilon)
}

/** The weights after all steps, and the loss of each step's batch before it. */
export const plainDescent = (
  problem: Omit<PlainProblem, "low" | "high" | "mu">,
  rule: Optimizer,
  steps: ReadonlyArray<PlainStep>,
): { readonly weights: Tensors; readonly losses: ReadonlyArray<number> } => {
  let weights = problem.initial
  const kept = Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [name, Array.from(data, () => ({ m: 0, v: 0 }))]),
  )
  const losses: Array<number> = []
  for (const [k, { rate, rows }] of steps.entries()) {
    const batch: PlainProblem = {
      ...problem,
      low: 0,
      high: 0,
      mu: 0,
      data: { x: some(problem.data["x"]!, rows), y: some(problem.data["y"]!, rows) },
    }
    losses.push(lossOf(batch, weights))
    const gradient = plainGradient(batch, weights)
    weights = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, data }]) => [
        name,
        {
          shape,
          data: Float64Array.from(data, (w, i) => w - move(rule, kept[name]![i]!, gradient[name]![i]!, rate, k + 1)),
        },
      ]),
    )
  }
  return { weights, losses }
}
