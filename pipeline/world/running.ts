// Which code runs now? A function that a package put somewhere is told by its text from one that the stage brought.
let text = ""

/** From now on this code runs. */
export const runs = (code: string): void => {
  text = code
}

/** Whether a value is a function, or a record of functions, that the code which runs does not hold: a package's. */
export const isOfPackage = (value: unknown): boolean => {
  if (typeof value === "function") return !text.includes(Function.prototype.toString.call(value))
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false
  const members = Object.values(value)
  return members.length > 0 && members.every((member) => typeof member === "function" && isOfPackage(member))
}
