// Remembers which code runs now. The text of a function tells whether a package or the stage put the function
// somewhere. Knows nothing about stages.
let text = ""

/** From now on this code runs. */
export const runs = (code: string): void => {
  text = code
}

/**
 * Whether a value is a function, or a record of functions, that the running code does not contain: then a package made
 * it.
 */
export const isOfPackage = (value: unknown): boolean => {
  if (typeof value === "function") return !text.includes(Function.prototype.toString.call(value))
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false
  const members = Object.values(value)
  return members.length > 0 && members.every((member) => typeof member === "function" && isOfPackage(member))
}
