// Amounts as texts for people: numbers of things, durations, sizes, the first of many names. Pure. Knows nothing about
// the things that are counted.
import { Option } from "effect"

/** `1 node`, `2 nodes`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`

/** The first of some names, and the number of the others. */
export const firstOf = (names: ReadonlyArray<string>, most = 3): string =>
  `${names.slice(0, most).join(", ")}${names.length > most ? ` and ${names.length - most} more` : ""}`

/** A duration in seconds. */
export const seconds = (value: number): string => {
  const whole = Math.round(value)
  if (value < 59.95) return `${value.toFixed(1)} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  if (whole >= 2 * 86_400) return `${Math.round(value / 86_400)} days`
  const minutes = Math.round(value / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A size in bytes, with SI prefixes. */
export const bytes = (value: number): string => {
  const units = ["B", "kB", "MB", "GB", "TB"]
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(value, 1)) / 3))
  return `${(value / 1000 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`
}

const units: { readonly [unit: string]: number } = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

/** The number of bytes in a text such as 500MB; none if the text is no size. */
export const sizeIn = (text: string): Option.Option<number> => {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([kMGT]?B)$/.exec(text) ?? []
  return number === undefined ? Option.none() : Option.some(Number(number) * units[unit!]!)
}

export const notASize = (text: string): string =>
  `${text} is not a size. Write a number with B, kB, MB, GB or TB, such as 500MB.`
