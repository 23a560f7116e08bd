// Draws a sample. Pure: sorts by digests of the keys and a seed, so the same sample can be drawn again, and one more
// node hardly changes the sample. Knows nothing about what the sample is for.
import { digestOfValue, type Key } from "../../cache/digest.ts"

/** The size of a sample: a share of all (0 to 1), or a number. */
export type Size =
  | { readonly _tag: "Share"; readonly share: number }
  | { readonly _tag: "Count"; readonly count: number }

export const all: Size = { _tag: "Share", share: 1 }

/** Draws items, in their original order. A share gives at least one item. */
export const sample = <A extends { readonly key: Key }>(
  from: ReadonlyArray<A>,
  size: Size,
  seed: number,
): ReadonlyArray<A> => {
  const count = size._tag === "Count" ? size.count : Math.ceil(size.share * from.length)
  if (count >= from.length) return from
  const drawn = from
    .map((each) => ({ each, rank: digestOfValue("sample", [seed, each.key]) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
  const taken = new Set(drawn.map(({ each }) => each))
  return from.filter((each) => taken.has(each))
}
