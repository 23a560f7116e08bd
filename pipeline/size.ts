// How many bytes does a text such as 500MB say? Knows nothing of what the size is of.
import { Option } from "effect"

const units: { readonly [unit: string]: number } = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

/** The bytes in a text such as 500MB; none where it is no size. */
export const sizeIn = (text: string): Option.Option<number> => {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([kMGT]?B)$/.exec(text) ?? []
  return number === undefined ? Option.none() : Option.some(Number(number) * units[unit!]!)
}
