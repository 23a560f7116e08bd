// Turns anything thrown into text for people. The thrown value may be no error, an error that is its own cause, or an
// error whose members throw when they are read. Nothing here throws. Knows nothing about specs and stages.
import { inspect } from "node:util"

/** `RangeError: out of range`. A value that is no error is written as in code. */
export const sayThrown = (thrown: unknown): string =>
  isA(thrown, Error) ? `${read(() => String(thrown.name)) ?? "Error"}: ${messageIn(thrown)}` : messageIn(thrown)

/** The same without the name of the error. */
export const messageIn = (thrown: unknown): string => {
  if (isA(thrown, Error)) return read(() => String(thrown.message)) ?? "its message cannot be read"
  if (typeof thrown === "string") return thrown
  return (
    read(() => inspect(thrown, { breakLength: Infinity, maxArrayLength: 10, maxStringLength: 200 })) ?? "unreadable"
  )
}

/** The stack of an error; empty if there is none. */
export const stackIn = (thrown: unknown): string =>
  isA(thrown, Error) ? (read(() => String(thrown.stack ?? "")) ?? "") : ""

/** An error, its cause, the cause of that cause, and so on; each once. */
export const causesOf = (thrown: unknown): ReadonlyArray<Error> => {
  const found = new Set<Error>()
  for (let each = thrown; isA(each, Error) && !found.has(each);) {
    const error: Error = each
    found.add(error)
    each = read(() => error.cause)
  }
  return [...found]
}

/** Whether a value is an instance of a class. A proxy that throws at this question counts as none. */
export const isA = <A>(thrown: unknown, of: abstract new (...given: never) => A): thrown is A =>
  read(() => thrown instanceof of) === true

/** The result of a function; undefined if it throws. */
export const read = <A>(reading: () => A): A | undefined => {
  try {
    return reading()
  } catch {
    return undefined
  }
}
