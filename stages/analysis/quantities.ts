// How each quantity is computed from a table. Which quantities there are, and what they mean, is quantity.ts'.
import type { Table } from "../../pipeline/stage.ts"
import type { Quantity, Where } from "./quantity.ts"
import { collapse, estimate, groups, logSlope, mean, student, type Estimate } from "./scaling.ts"

/** Not a number where the rows do not give it. */
export const estimateOf = (quantity: Quantity, table: Table): Estimate => {
  const rows = rowsWhere(table, { ...("converged" in table ? { converged: true } : {}), ...quantity.where })
  switch (quantity.of) {
    case "slope":
      return slope(curvesOf(quantity, rows))
    case "collapse":
      return single(collapse(rows, quantity.x, quantity.y, quantity.by, quantity))
    case "variation":
      return single(largest(curvesOf(quantity, rows).filter(({ y }) => y.length > 1).map(({ y }) => Math.max(...y) / Math.min(...y) - 1)))
    case "jump":
      return single(largest(curvesOf(quantity, rows).flatMap(({ y }) => jumps(y.filter((value) => value > 0)))))
    case "slope difference": {
      const [first, second] = [quantity.minuend, quantity.subtrahend].map((where) => slope(curvesOf(quantity, rowsWhere(rows, where)))) as [Estimate, Estimate]
      return { value: first.value - second.value, spread: Math.hypot(first.spread, second.spread) }
    }
    case "rank":
      return estimate(curvesOf(quantity, rows).map(({ x, y }) => correlation(ranks(x), ranks(y))))
    case "crossing": {
      const { value, spread } = estimate(crossings(quantity, curvesOf(quantity, rows)).map(Math.log))
      return { value: Math.exp(value), spread: Math.exp(value) * spread }
    }
    case "crossings": {
      const places = crossings(quantity, curvesOf(quantity, rows))
      return single(places.length < 2 ? Number.NaN : Math.max(...places) / Math.min(...places))
    }
    case "mean":
      return estimate(numbersIn(rows, quantity.y))
    case "largest":
      return single(largest(numbersIn(rows, quantity.y)))
    case "smallest":
      return single(-largest(numbersIn(rows, quantity.y).map((value) => -value)))
    case "count":
      return single(lengthOf(rows))
    case "least difference":
      return single(-largest(pairs(quantity, rows).map(({ value }) => -value)))
    case "trend": {
      const found = pairs(quantity, rows)
      return single(correlation(ranks(found.map(({ at }) => at)), ranks(found.map(({ value }) => value))))
    }
    default:
      return estimate(pairs(quantity, rows).map(({ value }) => value))
  }
}

/** A number that nothing gives an interval for. */
const single = (value: number): Estimate => ({ value, spread: Number.NaN })

/** Nothing is not the largest of none. */
const largest = (values: ReadonlyArray<number>): number => (values.length === 0 ? Number.NaN : values.reduce((most, value) => Math.max(most, value)))

const lengthOf = (table: Table): number => Object.values(table)[0]?.length ?? 0

const rowsWhere = (table: Table, where: Where): Table => {
  const fits = (row: number): boolean => Object.entries(where).every(([column, value]) => [value].flat().includes(table[column]?.[row] as never))
  const kept = Array.from({ length: lengthOf(table) }, (_, row) => row).filter(fits)
  return Object.fromEntries(Object.entries(table).map(([column, values]) => [column, kept.map((row) => values[row]!)]))
}

const numbersIn = (rows: Table, column: string): ReadonlyArray<number> => (rows[column] ?? []).filter((value): value is number => typeof value === "number" && Number.isFinite(value))

type CurveQuantity = Extract<Quantity, { readonly x: string }>
interface Curve { readonly x: ReadonlyArray<number>; readonly y: ReadonlyArray<number> }

const curvesOf = (quantity: CurveQuantity, rows: Table): ReadonlyArray<Curve> => groups(rows, quantity.x, quantity.y, quantity.by, quantity)

/** Over several curves the spread is theirs; one alone has that of its own fit. */
const slope = (curves: ReadonlyArray<Curve>): Estimate => {
  const slopes = curves.map(({ x, y }) => logSlope(x, y))
  return curves.length === 1 ? { value: slopes[0]!, spread: fitError(curves[0]!, slopes[0]!) } : estimate(slopes)
}

/** The half-width of a fitted slope's 95 % interval. Not a number for two points, which every line meets. */
const fitError = ({ x, y }: Curve, slope: number): number => {
  const [u, v] = [x.map(Math.log), y.map(Math.log)]
  const [mu, mv] = [mean(u), mean(v)]
  const rest = u.reduce((sum, value, i) => sum + (v[i]! - mv - slope * (value - mu)) ** 2, 0)
  const width = u.reduce((sum, value) => sum + (value - mu) ** 2, 0)
  return student(x.length - 2) * Math.sqrt(rest / (x.length - 2) / width)
}

const jumps = (y: ReadonlyArray<number>): ReadonlyArray<number> => y.slice(1).map((value, i) => Math.max(value / y[i]!, y[i]! / value))

/** Where each curve first passes a level; curves that do not are left out. */
const crossings = ({ level, scale }: { readonly level: number; readonly scale: "log" | "linear" }, curves: ReadonlyArray<Curve>): ReadonlyArray<number> =>
  curves.flatMap(({ x, y }) => {
    const at = y.findIndex((value, i) => i > 0 && (value - level) * (y[i - 1]! - level) <= 0)
    if (at < 1) return []
    const [from, to, wanted] = [y[at - 1]!, y[at]!, level].map((value) => (scale === "log" ? Math.log(value) : value)) as [number, number, number]
    const part = (wanted - from) / (to - from)
    return [Math.exp(Math.log(x[at - 1]!) + part * (Math.log(x[at]!) - Math.log(x[at - 1]!)))]
  })

/** Equal values share the mean of their places. */
const ranks = (values: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sorted = values.toSorted((a, b) => a - b)
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2)
}

const product = (u: ReadonlyArray<number>, mu: number, v: ReadonlyArray<number>, mv: number): number => u.reduce((sum, value, i) => sum + (value - mu) * (v[i]! - mv), 0)

const correlation = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  const [ma, mb] = [mean(a), mean(b)]
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb))
}

/** Of each pair its value, and its place along the first column it agrees in. */
const pairs = ({ of, y, by, minuend, subtrahend }: Exclude<Extract<Quantity, { readonly minuend: Where }>, CurveQuantity>, rows: Table): ReadonlyArray<{ readonly at: number; readonly value: number }> => {
  const [first, second] = [minuend, subtrahend].map((where) => meansBy(rowsWhere(rows, where), y, by))
  return [...first!].flatMap(([key, a]) => {
    const b = second!.get(key)
    return b === undefined ? [] : [{ at: Number((JSON.parse(key) as ReadonlyArray<unknown>)[0]), value: of === "ratio" ? a / b : of === "distance" ? Math.abs(a - b) : a - b }]
  })
}

const meansBy = (rows: Table, y: string, by: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const values = Map.groupBy(Array.from({ length: lengthOf(rows) }, (_, row) => row), (row) => JSON.stringify(by.map((column) => rows[column]![row])))
  return new Map([...values].map(([key, members]) => [key, mean(members.map((row) => Number(rows[y]![row])))]))
}
