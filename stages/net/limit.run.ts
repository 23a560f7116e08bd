// Computes the kernel of infinite width on the first points.
import { Effect } from "effect"
import { StageError, type Given, type Tensors } from "../../pipeline/stage.ts"
import { sliceRows } from "../tensor/rows.ts"
import { plainSoftplus } from "./activation.ts"
import { infiniteKernel, quadrature, reluExpectations } from "./infinite.ts"
import type { LimitParams } from "./limit.ts"

/** The number of nodes of the quadrature, in each of two directions. */
const NODES = 161

export const run = ({
  params: { depth, activation, kernelPoints },
  inputs: { data },
}: Given<LimitParams, { readonly data: Tensors }>): Effect.Effect<{ kernel: Tensors }, StageError> => {
  const x = sliceRows(data["x"]!, 0, kernelPoints)
  const [n = 0, d = 0, ...more] = x.shape
  if (more.length > 0)
    return Effect.fail(
      new StageError({
        reason: "InvalidInput",
        message: `the points x are (${data["x"]!.shape.join(", ")}), but a fully connected net takes (n, d)`,
      }),
    )
  return Effect.sync(() => {
    const expectations =
      activation === "relu" ? reluExpectations : quadrature(plainSoftplus.value, plainSoftplus.slope, NODES)
    return { kernel: { K: { shape: [n, n], data: infiniteKernel(Float64Array.from(x.data), d, depth, expectations) } } }
  })
}
