// The value of a setting on one line: a long list by its ends. Knows nothing about settings.

/** From this many items on, a list is shown by its ends. */
const LONG = 13

/** A value as it is typed after `--set`; of a long list the first three items, the last one and the number of all. */
export const listed = (value: unknown): string => {
  const items = [value].flat()
  if (typeof value !== "object" || items.length < LONG) return items.join(",")
  return `${items.slice(0, 3).join(",")},…,${String(items.at(-1))} (${items.length} values)`
}
