// The error that a walk through a value throws for a value that cannot be kept, and the message for people: what is
// wrong, where it is, and what to do. Knows nothing about what the value is for.

/** A value that would not be the same after writing and reading. */
export class Unfit extends Error {
  /** The end of the sentence "value.x is …": "a Map". */
  readonly what: string
  /** What the user can do instead. */
  readonly instead: string
  /**
   * The steps to the value, the innermost first. `from` is the list or record of the step, if a circle may lead through
   * it.
   */
  readonly path: Array<{ readonly step: string; readonly from: object | undefined }> = []
  constructor(what: string, instead: string) {
    super(what)
    this.what = what
    this.instead = instead
  }
}

/** A value that is too deep, or has a circle. */
export class TooDeep extends Unfit {
  constructor() {
    super("deep", "give it flat, with names or numbers that say what belongs to what")
  }
}

/** Adds a step to the path of an `Unfit`. Returns the error, so that the caller can throw it. */
export const stepping = (error: unknown, step: string, from?: object): unknown => {
  if (error instanceof Unfit) error.path.push({ step, from })
  return error
}

/** The step to a member: `.loss`, `["the loss"]`, `[Symbol(loss)]`. */
export const stepTo = (name: string | symbol): string => {
  if (typeof name === "symbol") return `[${String(name)}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

/**
 * Does some work. An `Unfit` becomes a TypeError whose path begins with `name`. `unfit` ends the message's first half:
 * "which JSON cannot hold".
 */
export const naming = <A>(name: string, unfit: string, work: () => A): A => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    throw new TypeError(`${told(name, error)}, ${unfit}; ${error.instead}`, { cause: error })
  }
}

const told = (name: string, error: Unfit): string => {
  const steps = error.path.toReversed()
  const place = (end: number): string =>
    name +
    steps
      .slice(0, end)
      .map(({ step }) => step)
      .join("")
  if (!(error instanceof TooDeep)) return `${place(steps.length)} is ${error.what}`
  const seen = new Map<object | undefined, number>()
  for (const [i, { from }] of steps.entries()) {
    if (seen.has(from)) return `${place(i)} is ${place(seen.get(from)!)} again, a circle`
    seen.set(from, i)
  }
  return `${place(3)}… goes deeper than ${steps.length} levels`
}

/** The refusal of a value that is not plain data. */
export const foreign = (value: unknown): Unfit => {
  if (value === undefined) return new Unfit("undefined", "leave it out, or give null") // also a hole in a list
  if (value === null) return new Unfit("null", "leave it out")
  if (typeof value !== "object") return new Unfit(`a ${typeof value}`, "give a number or a text")
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null
  if (prototype === null) return new Unfit("a record without a prototype", "give { ...it }")
  const { constructor: maker } = prototype
  const name = typeof maker === "function" && maker.name !== "" ? maker.name : "value of a class"
  return new Unfit(`${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`, remedies.get(name) ?? remedyOf(value))
}

const remedies = new Map([
  ["Array", "give a record"],
  ["Map", "give Object.fromEntries(it) or [...it]"],
  ["Date", "give its toISOString() or its getTime()"],
  ["Number", "give its valueOf()"],
  ["String", "give its valueOf()"],
  ["Boolean", "give its valueOf()"],
])
const remedyOf = (value: object): string =>
  Symbol.iterator in value ? "give [...it]" : "give { ...it }, or what else is plain in it"
