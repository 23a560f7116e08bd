// Which of many are looked at, where not all are? Pure: by the digests of their keys with a seed, so that a sample
// can be drawn again, and one more node hardly changes it.
import { digestOfValue, type Key } from "../../cache/digest.ts"

/** How many: a share of all, from 0 to 1, or a number. */
export type Size =
  | { readonly _tag: "Share"; readonly share: number }
  | { readonly _tag: "Count"; readonly count: number }

export const all: Size = { _tag: "Share", share: 1 }

/** Some of what has keys, in its own order; of a share at least one. */
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
