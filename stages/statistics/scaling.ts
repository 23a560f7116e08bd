// Power laws in numbers: slopes fitted within each replica, and how closely curves of different widths collapse onto
// one curve. Knows nothing about which quantities a claim uses.
import { escape, table } from "arquero"
import type { Table } from "../../pipeline/stage.ts"
import { runsWhere } from "./filter.ts"

export interface Range {
  readonly from: number
  readonly to: number
}

/** A mean over replicas and the half-width of its 95 % interval by Student's distribution. */
export interface Estimate {
  readonly value: number
  readonly spread: number
}

export const estimate = (values: ReadonlyArray<number>): Estimate => ({
  value: mean(values),
  spread: (student(values.length - 1) * deviation(values)) / Math.sqrt(values.length),
})

/** The standard deviation, unbiased in its square. */
export const deviation = (values: ReadonlyArray<number>): number => {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, each) => sum + (each - centre) ** 2, 0) / (values.length - 1))
}

/** Half the width of a 95 % interval of a normal distribution, in standard deviations. */
export const NORMAL = 1.959964
const STUDENT = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281]

/**
 * The half-width of a 95 % interval in standard errors, by Student's distribution: the spread of a few nets is
 * uncertain. Not a number for fewer than one degree of freedom.
 */
export const student = (freedom: number): number =>
  freedom < 1
    ? Number.NaN
    : (STUDENT[freedom - 1] ??
      NORMAL +
        (NORMAL ** 3 + NORMAL) / (4 * freedom) +
        (5 * NORMAL ** 5 + 16 * NORMAL ** 3 + 3 * NORMAL) / (96 * freedom ** 2)) // the Cornish-Fisher series

export const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

/** The slope of the least-squares fit of log y on log x. Not a number for fewer than two different x. */
export const logSlope = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  // With equal x the fit would divide rounding errors by each other.
  if (new Set(x).size < 2) return Number.NaN
  const [u, v] = [x.map(Math.log), y.map(Math.log)]
  const [mu, mv] = [mean(u), mean(v)]
  const product = u.reduce((sum, each, i) => sum + (each - mu) * (v[i]! - mv), 0)
  return product / u.reduce((sum, each) => sum + (each - mu) ** 2, 0)
}

/**
 * Least squares of value on x, from groups of independent draws at each x. The interval is of 95 %, by Welch's
 * approximation: each group has a variance of its own. Not a number for fewer than two x, or for a group of one draw.
 */
export const independentSlope = (groups: ReadonlyMap<number, ReadonlyArray<{ readonly value: number }>>): Estimate => {
  if (groups.size < 2) return { value: Number.NaN, spread: Number.NaN }
  const places = [...groups].map(([x, draws]) => ({ x, ...momentsOf(draws.map(({ value }) => value)) }))
  const centre = mean(places.map(({ x }) => x))
  const square = places.reduce((sum, { x }) => sum + (x - centre) ** 2, 0)
  const weights = places.map(({ x }) => (x - centre) / square)
  const parts = places.map(({ variance, n }, i) => (weights[i]! ** 2 * variance) / n)
  const total = parts.reduce((sum, part) => sum + part, 0)
  const freedom = total ** 2 / parts.reduce((sum, part, i) => sum + part ** 2 / (places[i]!.n - 1), 0)
  return {
    value: places.reduce((sum, { average }, i) => sum + weights[i]! * average, 0),
    // Between two whole numbers of degrees the smaller one is taken: the interval is never too narrow.
    spread: total === 0 ? 0 : student(Math.floor(freedom + 1e-9)) * Math.sqrt(total),
  }
}

const momentsOf = (values: ReadonlyArray<number>) => {
  const average = mean(values)
  const n = values.length
  return { n, average, variance: values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (n - 1) }
}

type Row = { readonly [column: string]: number }

interface Group {
  /** The first row of the group; all rows of the group agree in the columns `by`. */
  readonly of: Row
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
}

/**
 * The points (x, y) of each group of rows that agree in the columns `by`, with x within the range, in order of x. A
 * column of labels may give x as texts; texts that are no numbers are left out.
 */
export const groups = (
  rows: Table,
  x: string,
  y: string,
  by: ReadonlyArray<string>,
  { from, to }: Range,
): ReadonlyArray<Group> => {
  const within = escape(
    (row: { readonly [column: string]: number }) =>
      Number(row[x]!) >= from * (1 - 1e-9) && Number(row[x]!) <= to * (1 + 1e-9) && Number.isFinite(row[y]!),
  )
  const found = table(rows as { [column: string]: Array<number> })
    .filter(within)
    .orderby(escape((row: { readonly [column: string]: number }) => Number(row[x]!)))
    .groupby(...by)
    .objects({ grouped: true }) as unknown
  return leaves(found).map((members) => ({
    of: members[0]!,
    x: members.map((row) => Number(row[x]!)),
    y: members.map((row) => row[y]!),
  }))
}

/** The curves of runs that converged. y is averaged over the rows of the same x. */
export const averaged = (table: Table, x: string, y: string, by: ReadonlyArray<string>): ReadonlyArray<Group> =>
  groups(runsWhere(table, {}), x, y, by, { from: -Infinity, to: Infinity }).map((curve) => {
    const places = [...Map.groupBy(curve.x.keys(), (i) => curve.x[i]!)]
    return {
      of: curve.of,
      x: places.map(([place]) => place),
      y: places.map(([, members]) => mean(members.map((i) => curve.y[i]!))),
    }
  })

/** Curves as one table with the columns `by`, x and y. */
export const columnsOf = (curves: ReadonlyArray<Group>, x: string, y: string, by: ReadonlyArray<string>): Table => ({
  ...Object.fromEntries(by.map((column) => [column, curves.flatMap((curve) => curve.x.map(() => curve.of[column]!))])),
  [x]: curves.flatMap((curve) => curve.x),
  [y]: curves.flatMap((curve) => curve.y),
})

// arquero returns one nested map for each column of the grouping.
const leaves = (nested: unknown): ReadonlyArray<ReadonlyArray<Row>> =>
  nested instanceof Map
    ? [...nested.values()].flatMap(leaves)
    : (nested as ReadonlyArray<Row>).length === 0
      ? []
      : [nested as ReadonlyArray<Row>]

/**
 * How far apart curves are, one curve for each combination of `by`. At each x the ratio between the largest and the
 * smallest curve is taken (each a geometric mean over its rows); the result is the median of these ratios. Not a number
 * for fewer than two curves.
 */
export const collapse = (rows: Table, x: string, y: string, by: ReadonlyArray<string>, range: Range): number => {
  const means = new Map<number, Array<number>>()
  for (const group of groups(rows, x, y, [x, ...by], range)) {
    const at = group.x[0]!
    means.set(at, [...(means.get(at) ?? []), mean(group.y.map(Math.log))])
  }
  return median(
    [...means.values()]
      .filter((logs) => logs.length > 1)
      .map((logs) => Math.exp(Math.max(...logs) - Math.min(...logs))),
  )
}
