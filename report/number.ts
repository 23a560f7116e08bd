// Writes a number for a reader: short, with a true minus sign and powers of ten.
// Knows nothing about the meaning of the number. The tables have the exact values.

const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

/** An integer power of ten as text: `10⁻²`. */
export const powerOfTen = (exponent: number): string =>
  `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => DIGITS[Number(digit)]).join("")}`

/** A number with `digits` significant digits: `−1.003`, `2.1×10⁻⁵`. */
export const decimal = (value: number, digits = 4): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞"
  if (value === 0) return "0"
  const [mantissa = "", exponent = ""] = Math.abs(value)
    .toExponential(digits - 1)
    .split("e")
  const power = Number(exponent)
  const sign = value < 0 ? "−" : ""
  if (power >= -3 && power < 6) return sign + String(Number(Math.abs(value).toPrecision(digits)))
  const factor = String(Number(mantissa))
  return sign + (factor === "1" ? "" : `${factor}×`) + powerOfTen(power)
}

/**
 * A number with the half-width of its interval. Both end at the second significant digit of the half-width: `−1.003 ±
 * 0.012`.
 */
export const interval = (value: number, spread: number): string => {
  const places = 1 - Math.floor(Math.log10(Math.abs(spread)))
  const plain = places >= 0 && places <= 6 && Math.abs(value) < 1e6
  return plain
    ? minus(`${value.toFixed(places)} ± ${spread.toFixed(places)}`)
    : `${decimal(value)} ± ${decimal(spread, 2)}`
}

/** The text with true minus signs before its numbers. */
export const minus = (text: string): string => text.replaceAll(/-(?=[\d.])/g, "−")

/** Rounds to `digits` significant digits. Whole numbers stay unchanged. */
export const significant = (value: number, digits = 5): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(digits))

/** A time span for people: `0.42 s`, `3 min 5 s`, `2 h 10 min`. */
export const duration = (seconds: number): string => {
  if (seconds < 60) return `${decimal(seconds, 3)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** A size for people: `12 MB`. */
export const byteSize = (bytes: number): string => {
  const units = ["B", "kB", "MB", "GB", "TB"]
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return `${decimal(bytes / 1000 ** step, 3)} ${units[step]}`
}
