// The range and the ticks of an axis. The ticks of a log axis are powers of ten, written 10⁻².
// Knows nothing about rows and marks; the caller gives the numbers that must fit.
import { powerOfTen } from "../number.ts"

export interface Axis {
  readonly field: string
  readonly title: string
  /** The default is "log". */
  readonly scale?: "log" | "linear"
  /** The range of the axis. The default is the range of the data with a margin. */
  readonly domain?: readonly [number, number]
}

export const scaleOf = (axis: Axis): "log" | "linear" => axis.scale ?? "log"

/** A field name with escapes for Vega-Lite, which reads plain dots and brackets as nested fields. */
export const fieldName = (name: string): string => name.replaceAll(/[.[\]\\'"]/g, String.raw`\$&`)

const MARGIN = 0.035

/** The range of an axis that contains `values`. */
export const domainOf = (axis: Axis, values: ReadonlyArray<number>): readonly [number, number] => {
  if (axis.domain !== undefined) return axis.domain
  if (values.length === 0) return scaleOf(axis) === "log" ? [0.1, 10] : [0, 1]
  const low = values.reduce((least, value) => Math.min(least, value))
  const high = values.reduce((most, value) => Math.max(most, value))
  if (scaleOf(axis) === "linear") {
    const margin = (high - low || Math.abs(high) || 1) * MARGIN
    return [low - margin, high + margin]
  }
  const factor = low === high ? 2 : (high / low) ** MARGIN
  return [low / factor, high * factor].map((end) => Number(end.toPrecision(5))) as [number, number]
}

/** Ticks of a log axis: powers of ten if the axis contains at least three of them, otherwise steps of 1, 2 and 5. */
export const logTicks = ([low, high]: readonly [number, number]): ReadonlyArray<number> => {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  const decades = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  if (decades.length >= 3) {
    const step = Math.ceil(decades.length / 8)
    return decades.filter((exponent) => exponent % step === 0).map(tenTo)
  }
  const within = (steps: ReadonlyArray<number>): ReadonlyArray<number> =>
    [first - 1, ...decades]
      .flatMap((exponent) => steps.map((step) => Number((step * tenTo(exponent)).toPrecision(6))))
      .filter((tick) => tick >= low && tick <= high)
  const few = within([1, 2, 5])
  return few.length >= 3 ? few : within([1, 2, 3, 4, 5, 6, 7, 8, 9])
}

// `10 ** -5` is not exactly the number `1e-5`.
const tenTo = (exponent: number): number => Number(`1e${exponent}`)

/** A Vega expression that labels each number with the text for a reader: 10⁻² for 0.01. */
export const labelled = (values: ReadonlyArray<number>, text: (value: number) => string): string =>
  `${JSON.stringify(Object.fromEntries(values.map((value) => [String(value), text(value)])))}['' + datum.value]`

/** The Vega-Lite position channel of an axis with the range `domain`. */
export const position = (axis: Axis, domain: readonly [number, number]) => {
  const type = scaleOf(axis)
  const ticks = type === "log" ? logTicks(domain) : undefined
  const powers = ticks !== undefined && ticks.length >= 2 && ticks.every((tick) => Number.isInteger(Math.log10(tick)))
  return {
    field: fieldName(axis.field),
    type: "quantitative" as const,
    title: axis.title,
    scale:
      type === "log"
        ? { type, domain: [...domain], nice: false }
        : { type, domain: [...domain], nice: axis.domain === undefined, zero: false },
    axis: {
      ...(ticks === undefined ? { tickCount: 6 } : { values: [...ticks] }),
      ...(powers
        ? { labelExpr: labelled(ticks, (tick) => powerOfTen(Math.round(Math.log10(tick)))) }
        : // On a linear axis Vega would write ticks of 10, 20, … with the format g as 1e+1, 2e+1, ….
          { format: type === "log" ? "~g" : "~r" }),
    },
  }
}
