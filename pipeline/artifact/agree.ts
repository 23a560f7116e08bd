// Compares two values of a kind: whether they are the same, or how far apart they are. Pure. Each kind declares here
// how close results from two machines must be; on one machine results must be equal. Knows nothing about stores.
import type { Kind, Table, Tensor, Tensors } from "../stage.ts"

type KindName = Kind<unknown>["kind"]
type Shown = number | string | boolean

/** The place where two values are furthest apart. */
export interface Disagreement {
  /** A text for people: "column loss, row 3". */
  readonly where: string
  readonly first: Shown
  readonly second: Shown
  /** For two finite numbers: their difference divided by their size. Otherwise null. */
  readonly relative: number | null
}

/** An output that differs, and the place where it differs most from the first result. */
export interface OutputDiffers extends Disagreement {
  readonly output: string
}

/**
 * The largest relative difference allowed between numbers from two machines. Other processors round sums in another
 * order, and a training that chooses its step sizes then takes other steps. Zero means: equal.
 */
export const tolerances: { readonly [K in KindName]: number } = { tensors: 1e-3, table: 1e-3, json: 0, bytes: 0 }

/**
 * Undefined if two decoded values of a kind agree. The numbers of tables (all float64) and of arrays of floats may have
 * a relative difference up to `tolerance`. Everything else must be equal.
 */
export const disagreement = (
  kind: KindName,
  first: unknown,
  second: unknown,
  tolerance: number,
): Disagreement | undefined => {
  switch (kind) {
    case "table":
      return ofTables(first as Table, second as Table, tolerance)
    case "tensors":
      return ofTensors(first as Tensors, second as Tensors, tolerance)
    case "json":
      return ofData(first, second, "$")
    case "bytes":
      return ofBytes(first as Uint8Array, second as Uint8Array)
  }
}

/** Whether two measured numbers disagree. Null stands for a number that was not measured. */
export const measuredDisagree = (first: Shown | null, second: Shown | null, tolerance: number): boolean =>
  first === null || second === null ? first !== second : deviation(first, second) > tolerance

const ofTables = (first: Table, second: Table, tolerance: number): Disagreement | undefined => {
  const names = Object.keys(first)
  return (
    unlike("columns", names.join(", "), Object.keys(second).join(", ")) ??
    furthest(
      names.map((name) => {
        const [a, b] = [first[name]!, second[name]!]
        const place = (row: number): string => `column ${name}, row ${row}`
        return unlike(`rows of column ${name}`, a.length, b.length) ?? ofCells(a, b, place, tolerance)
      }),
    )
  )
}

const ofTensors = (first: Tensors, second: Tensors, tolerance: number): Disagreement | undefined => {
  const names = Object.keys(first).sort()
  return (
    unlike("arrays", names.join(", "), Object.keys(second).sort().join(", ")) ??
    furthest(
      names.map((name) => {
        const [a, b] = [first[name]!, second[name]!]
        const place = (at: number): string => `array ${name}, [${indexOf(a.shape, at).join(", ")}]`
        return (
          unlike(`array ${name}`, typeOf(a), typeOf(b)) ??
          ofCells(
            a.data,
            b.data,
            place,
            a.data instanceof Float64Array || a.data instanceof Float32Array ? tolerance : 0,
          )
        )
      }),
    )
  )
}

const typeOf = ({ shape, data }: Tensor): string => `${data.constructor.name} [${shape.join(", ")}]`

const indexOf = (shape: ReadonlyArray<number>, at: number): ReadonlyArray<number> =>
  shape.reduceRight<{ readonly rest: number; readonly index: ReadonlyArray<number> }>(
    ({ rest, index }, size) => ({ rest: Math.floor(rest / size), index: [rest % size, ...index] }),
    { rest: at, index: [] },
  ).index

/** The pair that is furthest apart; of equals, the first. */
const ofCells = (
  first: ArrayLike<Shown>,
  second: ArrayLike<Shown>,
  place: (at: number) => string,
  tolerance: number,
): Disagreement | undefined => {
  let [worst, far] = [-1, tolerance]
  for (let at = 0; at < first.length; at++) {
    const apart = deviation(first[at]!, second[at]!)
    if (apart > far) [worst, far] = [at, apart]
  }
  return worst < 0
    ? undefined
    : { where: place(worst), first: first[worst]!, second: second[worst]!, relative: Number.isFinite(far) ? far : null }
}

// A millionth is added to the size, so that zero and a rounding error near zero count as close.
const deviation = (first: Shown, second: Shown): number => {
  if (Object.is(first, second)) return 0
  if (typeof first !== "number" || typeof second !== "number" || !Number.isFinite(first) || !Number.isFinite(second))
    return Infinity
  return Math.abs(first - second) / (Math.max(Math.abs(first), Math.abs(second)) + 1e-6)
}

const furthest = (found: ReadonlyArray<Disagreement | undefined>): Disagreement | undefined =>
  found.reduce(
    (worst, each) => (each !== undefined && (worst === undefined || apartness(each) > apartness(worst)) ? each : worst),
    undefined,
  )

const apartness = ({ relative }: Disagreement): number => relative ?? Infinity

const unlike = (where: string, first: Shown, second: Shown): Disagreement | undefined =>
  first === second ? undefined : { where, first, second, relative: null }

const ofBytes = (first: Uint8Array, second: Uint8Array): Disagreement | undefined => {
  const at = first.findIndex((byte, index) => index < second.length && byte !== second[index])
  return at < 0
    ? unlike("number of bytes", first.length, second.length)
    : { where: `byte ${at}`, first: first[at]!, second: second[at]!, relative: null }
}

/** The first place where two JSON values differ. The order of names does not count. */
const ofData = (first: unknown, second: unknown, path: string): Disagreement | undefined => {
  if (!isGroup(first) || !isGroup(second) || Array.isArray(first) !== Array.isArray(second))
    return unlike(path, shown(first), shown(second))
  for (const name of new Set([...Object.keys(first), ...Object.keys(second)])) {
    const found = ofData(first[name], second[name], `${path}${Array.isArray(first) ? `[${name}]` : `.${name}`}`)
    if (found !== undefined) return found
  }
  return undefined
}

const isGroup = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null
const shown = (value: unknown): string => (value === undefined ? "(none)" : JSON.stringify(value))
