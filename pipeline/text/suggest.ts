// Which names did a person mean? Pure: those that share the most pairs of letters with what was typed.

/** At most five of the names, the most alike first; none where nothing resembles. */
export const suggest = (typed: string, names: Iterable<string>): ReadonlyArray<string> => {
  const wanted = pairsOf(typed)
  return [...new Set(names)]
    .map((name) => ({ name, likeness: likeness(wanted, pairsOf(name)) }))
    .filter((each) => each.likeness > 0.3)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, 5)
    .map((each) => each.name)
}

// Dice's measure: 1 where all pairs are shared, 0 where none is.
const likeness = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  let shared = 0
  for (const pair of a) if (b.has(pair)) shared++
  return (2 * shared) / (a.size + b.size)
}

// With the ends marked, so that one letter has pairs, too. The signs of a pattern stand for nothing.
const pairsOf = (text: string): ReadonlySet<string> => {
  const marked = `^${text.toLowerCase().replaceAll(/[*?]/g, "")}$`
  return new Set(Array.from({ length: marked.length - 1 }, (_, i) => marked.slice(i, i + 2)))
}
