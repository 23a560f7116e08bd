// Computes each quantity from a table. quantity.ts lists the quantities and gives their meaning. Knows nothing about
// claims.
import type { Table } from "../../pipeline/stage.ts"
import type { Quantity, Where } from "./quantity.ts"
import { lengthOf, rowsWhere, runsWhere } from "./filter.ts"
import {
  collapse,
  deviation,
  estimate,
  groups,
  independentSlope,
  logSlope,
  mean,
  NORMAL,
  type Estimate,
} from "./scaling.ts"
import { interpolate, type Point } from "./interpolate.ts"

/** The value is not a number if the rows do not give the quantity. */
export const estimateOf = (quantity: Quantity, table: Table): Estimate => {
  const rows = runsWhere(table, quantity.where ?? {})
  switch (quantity.of) {
    case "slope":
      return overNets(slopes(curvesOf(quantity, rows)))
    case "power":
      return independentPower(rows, quantity)
    case "collapse":
      return single(collapse(rows, quantity.x, quantity.y, quantity.by, quantity))
    case "variation":
      return single(
        largest(
          curvesOf(quantity, rows)
            .filter(({ y }) => y.length > 1)
            .map(({ y }) => Math.max(...y) / Math.min(...y) - 1),
        ),
      )
    case "jump":
      return single(largest(curvesOf(quantity, rows).flatMap(({ y }) => jumps(y.filter((value) => value > 0)))))
    case "slope difference": {
      const [first, second] = [quantity.minuend, quantity.subtrahend].map((where) =>
        byNet(slopes(curvesOf(quantity, rowsWhere(rows, where)))),
      ) as [ReadonlyMap<unknown, number>, ReadonlyMap<unknown, number>]
      return overNets(
        [...first].flatMap(([replica, value]) =>
          second.has(replica) ? [{ replica, value: value - second.get(replica)! }] : [],
        ),
      )
    }
    case "rank":
      return overNets(
        curvesOf(quantity, rows).map(({ replica, x, y }) => ({ replica, value: correlation(ranks(x), ranks(y)) })),
      )
    case "crossing": {
      const { value, spread } = overNets(
        crossings(quantity, curvesOf(quantity, rows)).map(({ replica, value }) => ({
          replica,
          value: Math.log(value),
        })),
      )
      return { value: Math.exp(value), spread: Math.exp(value) * spread }
    }
    case "crossing power": {
      const places = crossings(quantity, curvesOf(quantity, rows))
      // The crossings of one net are no independent draws, so they are averaged first.
      const nets = [...Map.groupBy(places, ({ at, replica }) => JSON.stringify([at, replica])).values()]
      const draws = nets.map((own) => ({ at: own[0]!.at, value: mean(own.map(({ value }) => Math.log(value))) }))
      return independentSlope(Map.groupBy(draws, ({ at }) => Math.log(at)))
    }
    case "crossings": {
      const places = crossings(quantity, curvesOf(quantity, rows)).map(({ value }) => value)
      return single(places.length < 2 ? Number.NaN : Math.max(...places) / Math.min(...places))
    }
    case "mean":
      return overNets(
        (rows[quantity.y] ?? [])
          .map((value, row) => ({ replica: rows["replica"]?.[row], value: Number(value) }))
          .filter(({ value }) => Number.isFinite(value)),
      )
    case "largest":
      return single(largest(numbersIn(rows, quantity.y)))
    case "smallest":
      return single(-largest(numbersIn(rows, quantity.y).map((value) => -value)))
    case "bootstrapped": {
      const [whole, drawn] = [rowsWhere(rows, { sample: 0 }), numbersIn(rows, quantity.y)]
      const value = Number(whole[quantity.y]?.[0] ?? Number.NaN)
      // Sample 0 is one of the numbers.
      return { value, spread: NORMAL * deviation(drawn.toSpliced(drawn.indexOf(value), 1)) }
    }
    case "count":
      return single(lengthOf(rows))
    case "trend": {
      const found = pairs(quantity, rows)
      return single(correlation(ranks(found.map(({ at }) => at)), ranks(found.map(({ value }) => value))))
    }
    case "difference power": {
      const found = pairs(quantity, rows)
      return single(
        logSlope(
          found.map(({ at }) => at),
          found.map(({ value }) => value),
        ),
      )
    }
    default:
      return overNets(pairs(quantity, rows))
  }
}

/** One row a quantity: its value and half the width of its interval. */
export const summaryOf = (quantities: ReadonlyArray<Quantity>, of: (quantity: Quantity) => Estimate): Table => {
  const estimates = quantities.map(of)
  return {
    quantity: quantities.map(({ name }) => name),
    value: estimates.map(({ value }) => value),
    spread: estimates.map(({ spread }) => spread),
  }
}

/** A number of one net, or of one curve of that net. `replica` is undefined if the nets were averaged before. */
interface Sample {
  readonly replica: unknown
  readonly value: number
}

/**
 * Each net at each x is one draw: the mean of log y over its rows. Rows are compared with like rows: a combination of
 * `by` that some net lacks (it did not converge there) is left out of all nets.
 */
const independentPower = (rows: Table, { x, y, by, from, to }: CurveQuantity): Estimate => {
  const others = by.filter((column) => column !== "replica" && column !== x)
  const draws = groups(rows, x, y, [...new Set([x, "replica", ...others])], { from, to })
  const cellOf = ({ of, y: values }: (typeof draws)[number]): string =>
    JSON.stringify([values.length, ...others.map((column) => of[column])])
  const nets = [...Map.groupBy(draws, ({ of }) => JSON.stringify([of[x], of["replica"]])).values()]
  const cells = nets.map((own) => new Set(own.map(cellOf)))
  const shared = new Set([...(cells[0] ?? [])].filter((cell) => cells.every((each) => each.has(cell))))
  const samples = nets.map((own) => {
    const like = own.filter((draw) => shared.has(cellOf(draw)))
    return { x: own[0]!.x[0]!, value: mean(like.flatMap(({ y: values }) => values.map(Math.log))) }
  })
  return independentSlope(Map.groupBy(samples, (sample) => Math.log(sample.x)))
}

/** For each replica, the mean of its numbers. */
const byNet = (samples: ReadonlyArray<Sample>): ReadonlyMap<unknown, number> =>
  new Map(
    [...Map.groupBy(samples, ({ replica }) => replica)].map(([replica, own]) => [
      replica,
      mean(own.map(({ value }) => value)),
    ]),
  )

/**
 * The numbers of one net are not independent draws, so they are averaged before the interval over nets is taken.
 * Without a column of replicas there is no interval.
 */
const overNets = (samples: ReadonlyArray<Sample>): Estimate => {
  const nets = byNet(samples)
  return nets.has(undefined) ? single(mean(samples.map(({ value }) => value))) : estimate([...nets.values()])
}

/** A number without an interval. */
const single = (value: number): Estimate => ({ value, spread: Number.NaN })

/** Not a number if there are no values. */
const largest = (values: ReadonlyArray<number>): number =>
  values.length === 0 ? Number.NaN : values.reduce((most, value) => Math.max(most, value))

const numbersIn = (rows: Table, column: string): ReadonlyArray<number> =>
  (rows[column] ?? []).filter((value): value is number => typeof value === "number" && Number.isFinite(value))

type CurveQuantity = Extract<Quantity, { readonly x: string }>
type PairQuantity = Exclude<Extract<Quantity, { readonly minuend: Where }>, CurveQuantity>
interface Curve extends Pick<Sample, "replica"> {
  /** The value in the first column of `by`. */
  readonly at: number
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
}

const curvesOf = (quantity: CurveQuantity, rows: Table): ReadonlyArray<Curve> =>
  groups(rows, quantity.x, quantity.y, quantity.by, quantity).map(({ of, x, y }) => ({
    replica: quantity.by.includes("replica") ? of["replica"] : undefined,
    at: Number(of[quantity.by[0] ?? ""]),
    x,
    y,
  }))

const slopes = (curves: ReadonlyArray<Curve>): ReadonlyArray<Sample> =>
  curves.map(({ replica, x, y }) => ({ replica, value: logSlope(x, y) }))

const jumps = (y: ReadonlyArray<number>): ReadonlyArray<number> =>
  y.slice(1).map((value, i) => Math.max(value / y[i]!, y[i]! / value))

/** The x where each curve first passes a level. Curves that do not pass the level are left out. */
const crossings = (
  { level, direction, scale }: Extract<Quantity, { readonly level: number }>,
  curves: ReadonlyArray<Curve>,
): ReadonlyArray<Sample & Pick<Curve, "at">> =>
  curves.flatMap(({ replica, at: place, x, y }) => {
    const sign = direction === "rising" ? 1 : -1
    const at = y.findIndex((value, i) => i > 0 && sign * (value - level) >= 0 && sign * (y[i - 1]! - level) < 0)
    if (at < 1) return []
    const [before, after]: readonly [Point, Point] = [
      [y[at - 1]!, x[at - 1]!],
      [y[at]!, x[at]!],
    ]
    return [{ replica, at: place, value: interpolate(before, after, level, { x: scale, y: "log" }) }]
  })

/** Equal values share the mean of their ranks. */
const ranks = (values: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sorted = values.toSorted((a, b) => a - b)
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2)
}

const product = (u: ReadonlyArray<number>, mu: number, v: ReadonlyArray<number>, mv: number): number =>
  u.reduce((sum, value, i) => sum + (value - mu) * (v[i]! - mv), 0)

const correlation = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  const [ma, mb] = [mean(a), mean(b)]
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb))
}

/** For each pair: its value, its replica, and its value in the first column of `by`. */
const pairs = (
  { of, y, by, minuend, subtrahend }: PairQuantity,
  rows: Table,
): ReadonlyArray<Sample & { readonly at: number }> => {
  const [first, second] = [minuend, subtrahend].map((where) => meansBy(rowsWhere(rows, where), y, by))
  return [...first!].flatMap(([key, a]) => {
    const b = second!.get(key)
    const places = JSON.parse(key) as ReadonlyArray<unknown>
    return b === undefined
      ? []
      : [
          {
            replica: places[by.indexOf("replica")],
            at: Number(places[0]),
            value: of === "ratio" ? a / b : of === "distance" ? Math.abs(a - b) : a - b,
          },
        ]
  })
}

/** The signed differences behind a distance, each with the name of its pair. */
export const differences = (
  quantity: PairQuantity,
  table: Table,
): ReadonlyArray<{ readonly pair: string; readonly value: number }> => {
  const rows = runsWhere(table, quantity.where ?? {})
  const [first, second] = [quantity.minuend, quantity.subtrahend].map((where) =>
    meansBy(rowsWhere(rows, where), quantity.y, quantity.by),
  )
  return [...first!].flatMap(([pair, a]) => (second!.has(pair) ? [{ pair, value: a - second!.get(pair)! }] : []))
}

const meansBy = (rows: Table, y: string, by: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const values = Map.groupBy(
    Array.from({ length: lengthOf(rows) }, (_, row) => row),
    (row) => JSON.stringify(by.map((column) => rows[column]![row])),
  )
  return new Map([...values].map(([key, members]) => [key, mean(members.map((row) => Number(rows[y]![row])))]))
}
