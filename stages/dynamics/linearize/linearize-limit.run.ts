// Integrates the frozen flow of `linearize` with the kernel of infinite width.
import { Effect } from "effect"
import { Progress, StageError, type Given, type Table, type Tensor, type Tensors } from "../../../pipeline/stage.ts"
import { plainSoftplus } from "../../net/activation.ts"
import { closedForm, infiniteKernelAcross, series } from "../../net/infinite-across.ts"
import { reluExpectations } from "../../net/infinite.ts"
import { attempt } from "../../stage-error.ts"
import { testError } from "../../statistics/error.ts"
import { endAsText, progressOf, rowOf } from "../flow.ts"
import { frozenFlow, times } from "./linearize.run.ts"
import type { LinearizeLimitParams } from "./linearize-limit.ts"

type Inputs = { readonly train: Tensors; readonly test: Tensors }
type Outputs = { readonly outputs: Tensors; readonly end: Table }

export const run = Effect.fnUntraced(function* ({
  params,
  inputs: { train, test },
}: Given<LinearizeLimitParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(yield* Progress)
  const { F, end } = yield* attempt(async () => {
    assertPoints("train", train)
    assertPoints("test", test, train["x"]!.shape[1])
    const kernel = kernelFor(params, train["x"]!)
    const { c, end } = await frozenFlow(kernel(train["x"]!), train["y"]!, params, tell)
    return { F: times(kernel(test["x"]!), c), end }
  })
  yield* Effect.log(endAsText(end))
  return {
    outputs: { F: { shape: [F.length], data: F } },
    end: { ...rowOf(end), testError: [testError(F, test["y"]!)] },
  }
})

/** The kernel (m, n) between any points (m, d) and the points x (n, d). */
const kernelFor = ({ depth, activation }: LinearizeLimitParams, x: Tensor): ((points: Tensor) => Tensor) => {
  const columns = pointsIn(x)
  const across = (points: Tensor): Float64Array =>
    activation === "relu"
      ? infiniteKernelAcross(pointsIn(points), columns, depth, closedForm(reluExpectations))
      : infiniteKernelAcross(pointsIn(points), columns, depth, series(plainSoftplus.value, plainSoftplus.slope))
  return (points) => ({ shape: [points.shape[0]!, x.shape[0]!], data: across(points) })
}

const pointsIn = ({ shape: [, d = 0], data }: Tensor) => ({ data: Float64Array.from(data), d })

/** Refuses points and labels that do not fit each other: arithmetic would make numbers of them. */
const assertPoints = (name: string, { x, y }: Tensors, d = x?.shape[1]): void => {
  const n = x?.shape[0] ?? 0
  if (n > 0 && x?.shape.length === 2 && x.shape[1] === d && y?.shape.length === 1 && y.shape[0] === n) return
  const said = [x, y].map((array) => (array === undefined ? "missing" : `(${array.shape.join(", ")})`))
  throw new StageError({
    reason: "InvalidInput",
    message:
      `the ${name} points x are ${said[0]} and their labels y ${said[1]}, but a fully connected net with one output ` +
      `takes x (n, ${d ?? "d"}) and y (n), with n above 0`,
  })
}
