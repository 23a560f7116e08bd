// How do the figures of two runs become one: made again of the rows that both hold, by the options of the first.
// Refuses to know runs; a figure says itself what it was made of.
import { dataOf, figure, type Figure, type FigureOptions } from "./figure.ts"
import { columnsOf } from "./figure/rows.ts"

const SIDE = { field: "of the pair", title: "run" } as const

/**
 * Both figures as one; undefined where the first does not say what it was made of. Its guides are those of the first.
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
