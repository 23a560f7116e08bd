// Averages the outputs of replicas, over all of them and over all but one, and computes the test errors.
import { Effect } from "effect"
import { StageError, type Given, type Table, type Tensor, type Tensors } from "../../pipeline/stage.ts"
import { wrongPoints } from "./error.ts"
import { lengthOf } from "./filter.ts"

type Inputs = { readonly replicas: ReadonlyArray<Tensors>; readonly test: Tensors }
interface Outputs {
  readonly summary: Table
  readonly errors: Table
  readonly summaryWithout: Table
  readonly errorsWithout: Table
  readonly gain: Tensors
}

export const run = ({ inputs }: Given<object, Inputs>): Effect.Effect<Outputs, StageError> => {
  const y = inputs.test["y"]!
  const sizes = [...new Set(inputs.replicas.map(({ F }) => F!.data.length))]
  const points = y.shape[0]!
  if (sizes.length !== 1 || points === 0 || sizes[0]! % points !== 0) {
    const message = `the outputs have ${sizes.join(" and ")} numbers, but the test points are ${points}`
    return Effect.fail(new StageError({ reason: "InvalidInput", message }))
  }
  const nets = inputs.replicas.map(({ F }): Net => ({ F: F!.data, wrong: wrongPoints(F!.data, y) }))
  const whole = asOne(nets, y)
  const others =
    nets.length < 2
      ? []
      : nets.map((_, left) =>
          asOne(
            nets.filter((_, i) => i !== left),
            y,
          ),
        )
  return Effect.succeed({
    summary: whole.summary,
    errors: whole.errors,
    summaryWithout: stacked(others.map(({ summary }) => summary)),
    errorsWithout: stacked(others.map(({ errors }) => errors)),
    gain: { gain: gainOf(nets, whole.wrong) },
  })
}

interface Net {
  readonly F: Tensor["data"]
  /** For each test point 1 if it is wrong, else 0. */
  readonly wrong: Uint8Array
}

/** Several nets as one ensemble: the wrong points are those of the mean output. */
interface Ensemble extends Pick<Outputs, "summary" | "errors">, Pick<Net, "wrong"> {}

const gainOf = (nets: ReadonlyArray<Net>, together: Net["wrong"]): Tensor => {
  const data = Float64Array.from(together, (wrong, i) => average(nets.map((net) => net.wrong[i]!)) - wrong)
  return { shape: [data.length], data }
}

const asOne = (nets: ReadonlyArray<Net>, y: Tensor): Ensemble => {
  const count = nets.length
  const mean = Float64Array.from(nets[0]!.F, (_, i) => average(nets.map(({ F }) => F[i]!)))
  const variance =
    nets.reduce((sum, { F }) => sum + average(Array.from(mean, (value, i) => (F[i]! - value) ** 2)), 0) /
    Math.max(1, count - 1)
  const wrong = wrongPoints(mean, y)
  const meanError = average(nets.map((net) => average(net.wrong)))
  const ensembleError = average(wrong)
  return {
    wrong,
    summary: { replicas: [count], meanError: [meanError], ensembleError: [ensembleError], variance: [variance] },
    errors: { learner: ["single nets, mean", "mean output"], testError: [meanError, ensembleError] },
  }
}

/** Joins tables row by row. The column `without` holds the place of each row's table in the list. */
const stacked = (tables: ReadonlyArray<Table>): Table => ({
  without: tables.flatMap((table, place) => Array.from({ length: lengthOf(table) }, () => place)),
  ...Object.fromEntries(
    Object.keys(tables[0] ?? {}).map((column) => [column, tables.flatMap((table) => table[column]!)]),
  ),
})

const average = (values: ReadonlyArray<number> | Uint8Array): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
