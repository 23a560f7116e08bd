// Makes one figure of the figures of two runs: the rows of both figures, drawn with the options of the first.
// Knows nothing about runs; each figure stores its own options.
import { dataOf, figure, type Figure, type FigureOptions } from "./figure.ts"
import { columnsOf } from "./figure/rows.ts"

const SIDE = { field: "of the pair", title: "run" } as const

/**
 * One figure with the rows of both figures and the guides of the first. Undefined if the first figure does not store
 * its options.
 */
export const overlay = (figures: readonly [Figure, Figure], names: readonly [string, string]): Figure | undefined => {
  const [options, second] = figures.map(
    (each) => ((each["usermeta"] ?? {}) as { readonly options?: Omit<FigureOptions, "data"> }).options,
  )
  if (options === undefined) return undefined
  const marked = options.marked ?? second?.marked
  const rows = figures.flatMap((each, index) => dataOf(each).map((row) => ({ ...row, [SIDE.field]: names[index]! })))
  return figure({
    ...options,
    ...(marked === undefined ? {} : { marked }),
    description:
      `${options.description} Two runs in one figure: ${names[0]} is solid and filled, ${names[1]} dashed and ` +
      "open.",
    data: columnsOf(rows),
    pair: { ...SIDE, names },
  })
}
