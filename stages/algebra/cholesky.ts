// Solves systems with a symmetric positive definite matrix, and estimates how far the solutions can be trusted.
// Cholesky's factor is computed in tiles, each tile once from all tiles above it (left-looking): every product runs in
// ONNX Runtime and every result is copied once. Compared with ml-matrix, compilation included: half as fast at n = 400,
// 6 times as fast at 2,000, 14 times at 5,000. Knows nothing about where the matrix comes from.
import { StageError, type Tensor } from "../../pipeline/stage.ts"
import { inverseNorm } from "./condition.ts"
import { TILE, cornerOf, heightOf, panelRows, substituted, view, type Panel } from "./panel.ts"
import { factorInPlace, inverted, type Pivot } from "./triangle.ts"

export interface System {
  /** (n, n), symmetric: the solver uses its upper triangle. */
  readonly matrix: Tensor
  /** (n, m). */
  readonly right: Tensor
  /** Added to the diagonal. */
  readonly ridge: number
}

export interface Solution {
  /** (n, m). */
  readonly solution: Tensor
  /**
   * Condition number of the matrix with its ridge, in the 1-norm. This is an estimate: seldom below a third of the true
   * value, and never above it.
   */
  readonly conditionNumber: number
}

/**
 * (matrix + ridge)^-1 right, in float64. Fails with InvalidInput if matrix + ridge is not positive definite, or if the
 * shapes do not fit.
 */
export const solve = async ({ matrix, right, ridge }: System): Promise<Solution> => {
  if (matrix.shape[0] !== matrix.shape[1] || right.shape.length !== 2 || right.shape[0] !== matrix.shape[0]) {
    throw new StageError({
      reason: "InvalidInput",
      message:
        `a matrix (${matrix.shape.join(", ")}) and a right side (${right.shape.join(", ")}) are no system: they ` +
        "must be (n, n) and (n, m)",
    })
  }
  const panels = await factored(matrix, ridge)
  const [n, m] = right.shape as [number, number]
  const solution = await substituted(panels, Float64Array.from(right.data), m)
  const inverse = await inverseNorm(n, (b) => substituted(panels, b, 1))
  return { solution: { shape: [n, m], data: solution }, conditionNumber: norm(matrix, ridge) * inverse }
}

const factored = async (matrix: Tensor, ridge: number): Promise<ReadonlyArray<Panel>> => {
  const count = Math.ceil(matrix.shape[0]! / TILE)
  const columns = Array.from({ length: count }, (_, j) => new Float64Array(heightOf(j) * TILE))
  const panels: Array<Panel> = []
  for (const [j, above] of columns.entries()) {
    const corner = await cornerOf(tileOf(matrix, ridge, j, j), view(above, heightOf(j), TILE))
    const pivot = factorInPlace(corner, TILE)
    if (pivot !== undefined) throw refusal(matrix, ridge, { ...pivot, index: j * TILE + pivot.index })
    const panel = { above, corner: view(corner, TILE, TILE), inverse: view(inverted(corner, TILE), TILE, TILE) }
    panels.push(panel)
    for (let i = j + 1; i < count; i++)
      columns[i]!.set(await panelRows(panel, j, tileOf(matrix, ridge, j, i), columns[i]!), j * TILE * TILE)
  }
  return panels
}

/**
 * (TILE, TILE): block (j, i) of the matrix with its ridge. Beyond the end of the matrix the block continues as an
 * identity.
 */
const tileOf = ({ shape, data }: Tensor, ridge: number, j: number, i: number): Tensor => {
  const n = shape[0]!
  const tile = new Float64Array(TILE * TILE)
  for (let row = 0; row < TILE; row++) {
    const at = (j * TILE + row) * n
    if (at < n * n) tile.set(data.subarray(at + i * TILE, at + Math.min(n, (i + 1) * TILE)), row * TILE)
    if (i === j) tile[row * TILE + row]! += at < n * n ? ridge : 1
  }
  return view(tile, TILE, TILE)
}

/** The largest sum of absolute values in a row. For a symmetric matrix this is the 1-norm. */
const norm = ({ shape, data }: Tensor, ridge: number): number => {
  const n = shape[0]!
  let most = 0
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += Math.abs(data[i * n + j]! + (i === j ? ridge : 0))
    most = Math.max(most, sum)
  }
  return most
}

const refusal = ({ shape, data }: Tensor, ridge: number, { index, value }: Pivot): StageError => {
  const n = shape[0]!
  const what =
    `The matrix of ${n} x ${n} with a ridge of ${ridge} is not positive definite: its pivot ${index} (from 0) is ` +
    `${value}`
  if (Number.isNaN(value))
    return new StageError({ reason: "InvalidInput", message: `${what}. Some of its entries are not finite numbers.` })
  let most = 0
  for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(data[i * n + i]!))
  // The amount that this pivot lacks, plus the amount that rounding may take off any other pivot.
  const enough = ridge + Math.max(0, -value) + n * Number.EPSILON * most
  return new StageError({
    reason: "InvalidInput",
    message: `${what}; add a ridge of at least ${enough.toPrecision(2)}.`,
  })
}
