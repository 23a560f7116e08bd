// Puts groups of arrays into one record under names `group.name`, since a compiled function takes a single record.
// Knows nothing about what the arrays hold.

/** The arrays of one group, with the name of the group in front of their names. */
export const grouped = <G extends string, V>(
  group: G,
  arrays: { readonly [name: string]: V },
): { readonly [name: string]: V } =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${group}.${name}`, array]))

/** The arrays of one group, taken out of a record of several groups. */
export const groupOf = <V>(group: string, arrays: { readonly [name: string]: V }): { readonly [name: string]: V } =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([name, array]) =>
      name.startsWith(`${group}.`) ? [[name.slice(group.length + 1), array]] : [],
    ),
  )

/** The result of `change` for each array. */
export const mapped = <A, B>(
  arrays: { readonly [name: string]: A },
  change: (array: A, name: string) => B,
): { readonly [name: string]: B } =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, change(array, name)]))

/** The numbers of one group of arrays with a single number each. */
export const numbersOf = (
  group: string,
  arrays: { readonly [name: string]: { readonly data: ArrayLike<number> } },
): ReadonlyArray<number> => Object.values(groupOf(group, arrays)).map(({ data }) => data[0]!)
