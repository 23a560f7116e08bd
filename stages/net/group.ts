// Groups of arrays in one record, under names `group.name`: a compiled function takes a single record.

/** The arrays of a group, ready to travel. */
export const grouped = <G extends string, V>(
  group: G,
  arrays: { readonly [name: string]: V },
): { readonly [name: string]: V } =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${group}.${name}`, array]))

/** The arrays of one group out of a record of several. */
export const groupOf = <V>(group: string, arrays: { readonly [name: string]: V }): { readonly [name: string]: V } =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([name, array]) =>
      name.startsWith(`${group}.`) ? [[name.slice(group.length + 1), array]] : [],
    ),
  )
