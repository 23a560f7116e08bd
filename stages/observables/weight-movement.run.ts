// 1. take the kernels out of the rows of a net; 2. measure the net; 3. measure each layer.
import { Effect } from "effect"
import { StageError, type Given, type Table } from "../../pipeline/stage.ts"
import type { WeightMovementParams } from "./weight-movement.ts"

type Inputs = { readonly arrays: ReadonlyArray<Table>; readonly ends: ReadonlyArray<Table> }
type Outputs = { readonly nets: Table; readonly layers: Table }
type Row = Readonly<Record<string, number | string | boolean>>

/** One kernel: its numbers, its norm at the start, the norm of its change, its mean absolute change. */
interface Kernel {
  readonly size: number
  readonly start: number
  readonly moved: number
  readonly meanMoved: number
}

const PLACES = ["first", "second", "third", "fourth", "fifth"]

export const run = Effect.fnUntraced(function* ({
  params: { nets },
  inputs: { arrays, ends },
}: Given<WeightMovementParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  if (arrays.length !== nets.length || ends.length !== nets.length)
    return yield* refused(
      `there are ${nets.length} nets, but ${arrays.length} tables of arrays and ${ends.length} ends`,
    )
  const kernelsOfNets = arrays.map(kernelsOf) // 1
  const bare = kernelsOfNets.findIndex((kernels) => kernels.filter(({ start }) => start > 0).length < 2)
  if (bare >= 0) return yield* refused(`net ${bare + 1} has no hidden kernel whose weights were not zero at the start`)
  const rows = nets.map(({ labels, units }, i) => {
    const kernels = kernelsOfNets[i]!
    const [step, epoch, loss, converged] = ["step", "epoch", "loss", "converged"].map((name) => ends[i]![name]![0]!)
    const hidden = kernels.slice(0, -1)
    const norm = root(kernels.map(({ moved }) => moved))
    const end = { step: step!, epoch: epoch!, loss: loss!, converged: converged! }
    const net = {
      ...labels,
      norm,
      perUnit: norm / units,
      relative: relativeOf(hidden),
      relativeOutput: relativeOf(kernels.slice(-1)),
      ...end,
    } // 2
    const layer = (name: string, of: ReadonlyArray<Kernel>): Row => {
      const meanMoved = sum(of.map((each) => each.meanMoved))
      return {
        ...labels,
        layer: name,
        weights: sum(of.map(({ size }) => size)),
        meanMoved,
        root: Math.sqrt(meanMoved) / units,
        relative: relativeOf(of),
        share: meanMoved / sum(of.map(meanSize)),
        ...end,
      }
    }
    const layers = [
      ...hidden.map((kernel, l) => layer(PLACES[l] ?? `${l + 1}`, [kernel])),
      layer("output", kernels.slice(-1)),
      layer("sum", hidden),
      layer("all", kernels),
    ] // 3
    return { net, layers }
  })
  return { nets: tableOf(rows.map(({ net }) => net)), layers: tableOf(rows.flatMap(({ layers }) => layers)) }
})

const kernelsOf = (arrays: Table): ReadonlyArray<Kernel> => {
  const at = (column: string, row: number): number => arrays[column]![row] as number
  return arrays["array"]!.flatMap((name, row) =>
    String(name).startsWith("W")
      ? [{ size: at("size", row), start: at("start", row), moved: at("moved", row), meanMoved: at("meanMoved", row) }]
      : [],
  )
}

const sum = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0)
const root = (norms: ReadonlyArray<number>): number => Math.sqrt(sum(norms.map((norm) => norm * norm)))
const relativeOf = (kernels: ReadonlyArray<Kernel>): number =>
  root(kernels.map(({ moved }) => moved)) / root(kernels.map(({ start }) => start))
/** For numbers that are uniform around 0, the mean absolute value is sqrt(3) / 2 times their root mean square. */
const meanSize = ({ start, size }: Kernel): number => (Math.sqrt(3) / 2) * (start / Math.sqrt(size))

const tableOf = (rows: ReadonlyArray<Row>): Table =>
  Object.fromEntries(Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name]!)]))

const refused = (message: string): StageError => new StageError({ reason: "InvalidInput", message })
