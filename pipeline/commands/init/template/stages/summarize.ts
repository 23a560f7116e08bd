// Combines many tables: the standard deviation of the kernel at each width, and a power law fitted to these values. A
// small stage may hold its body itself.
import { Effect, Schema } from "effect"
import { many, stage, Table } from "#pipeline/stage.ts"

/** Output `deviations`: one row per width. Output `law`: one row, with the `exponent`. */
export const summarize = stage(import.meta, "summarize", {
  params: Schema.Struct({}),
  inputs: { drawn: many(Table) },
  outputs: { deviations: Table, law: Table },
  run: async () => ({
    run: ({ inputs: { drawn } }) =>
      Effect.sync(() => {
        const rows = drawn.flatMap((table) =>
          table["width"]!.map((width, i) => ({ width: Number(width), kernel: Number(table["kernel"]![i]) })),
        )
        const width = [...new Set(rows.map((row) => row.width))]
        const deviation = width.map((each) =>
          deviationOf(rows.filter((row) => row.width === each).map((row) => row.kernel)),
        )
        return {
          deviations: { width, deviation },
          law: { exponent: [slopeOf(width.map(Math.log), deviation.map(Math.log))] },
        }
      }),
  }),
})

const meanOf = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value / values.length, 0)

const deviationOf = (values: ReadonlyArray<number>): number => {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)))
}

/** The slope of the least-squares line. */
const slopeOf = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  const [centre, level] = [meanOf(x), meanOf(y)]
  return meanOf(x.map((each, i) => (each - centre) * (y[i]! - level))) / meanOf(x.map((each) => (each - centre) ** 2))
}
