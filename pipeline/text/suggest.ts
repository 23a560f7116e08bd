// Suggests the names that a user may have meant: the names that share the most pairs of letters with the typed text.
// Pure. Knows nothing about what the names stand for.

/** At most five of the names, the most similar first; none if no name is similar. */
export const suggest = (typed: string, names: Iterable<string>): ReadonlyArray<string> => {
  const wanted = pairsOf(typed)
  return [...new Set(names)]
    .map((name) => ({ name, likeness: likeness(wanted, pairsOf(name)) }))
    .filter((each) => each.likeness > 0.3)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, 5)
    .map((each) => each.name)
}

// Dice's coefficient: 1 if all pairs are shared, 0 if none is.
const likeness = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  let shared = 0
  for (const pair of a) if (b.has(pair)) shared++
  return (2 * shared) / (a.size + b.size)
}

// The ends are marked, so that a single letter has pairs, too. The signs `*` and `?` of a pattern are left out.
const pairsOf = (text: string): ReadonlySet<string> => {
  const marked = `^${text.toLowerCase().replaceAll(/[*?]/g, "")}$`
  return new Set(Array.from({ length: marked.length - 1 }, (_, i) => marked.slice(i, i + 2)))
}
