// What does a person read of something that was thrown? It may be anything: no error, an error that is its own cause,
// one whose members throw when they are read. Nothing here throws.
import { inspect } from "node:util"

/** `RangeError: out of range`; what is no error, as one would write it. */
export const sayThrown = (thrown: unknown): string =>
  isA(thrown, Error) ? `${read(() => String(thrown.name)) ?? "Error"}: ${messageIn(thrown)}` : messageIn(thrown)

/** The same without the kind of the error. */
export const messageIn = (thrown: unknown): string => {
  if (isA(thrown, Error)) return read(() => String(thrown.message)) ?? "its message cannot be read"
  if (typeof thrown === "string") return thrown
  return (
    read(() => inspect(thrown, { breakLength: Infinity, maxArrayLength: 10, maxStringLength: 200 })) ?? "unreadable"
  )
}

/** The stack of an error; empty where there is none. */
export const stackIn = (thrown: unknown): string =>
  isA(thrown, Error) ? (read(() => String(thrown.stack ?? "")) ?? "") : ""

/** An error, its cause, the cause of that, each once. */
export const causesOf = (thrown: unknown): ReadonlyArray<Error> => {
  const found = new Set<Error>()
  for (let each = thrown; isA(each, Error) && !found.has(each);) {
    const error: Error = each
    found.add(error)
    each = read(() => error.cause)
  }
  return [...found]
}

/** Whether something is of a class; a proxy may throw when it is asked. */
export const isA = <A>(thrown: unknown, of: abstract new (...given: never) => A): thrown is A =>
  read(() => thrown instanceof of) === true

/** What a reading gives, unless it throws. */
export const read = <A>(reading: () => A): A | undefined => {
  try {
    return reading()
  } catch {
    return undefined
  }
}
