// Checks the nodes, checks and page that a spec gives, before anything is made of them. A value that does not fit is
// refused with its path. Knows nothing about what the engine makes of them.
import { naming, stepping, stepTo, TooDeep, Unfit } from "../../cache/unfit.ts"
import { kinds, verdicts, type Check, type Expectation } from "../check.ts"
import type { Node } from "../node.ts"
import { describe, isNode, isOutput, isRecord } from "../node/output.ts"
import type { Kind } from "../stage.ts"

/** The nodes in records and lists of nodes and outputs. Throws a TypeError with the path of any other value. */
export const nodesIn = (given: unknown): ReadonlyArray<Node> => {
  const nodes: Array<Node> = []
  const gather = (value: unknown, depth: number): void => {
    if (isNode(value)) nodes.push(value)
    else if (isOutput(value)) nodes.push(value.node)
    else if (depth === deepest) throw new TooDeep()
    else if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) inside(value, `[${i}]`, value[i], depth)
    } else if (isRecord(value)) for (const name in value) inside(value, stepTo(name), value[name], depth)
    else throw unfit(value, "nodes, outputs of nodes, or lists and records of these")
  }
  const inside = (whole: object, step: string, value: unknown, depth: number): void => {
    try {
      gather(value, depth + 1)
    } catch (error) {
      throw stepping(error, step, whole)
    }
  }
  naming("nodes(…)", "which is not allowed there", () => gather(given, 0))
  return nodes
}

/** Deep enough for any spec, and far below the limit of the stack. */
const deepest = 1000

/** The given checks. Throws a TypeError with the path of a value that does not fit. */
export const checksIn = (given: unknown): ReadonlyArray<Check> => {
  naming("checks(…)", "which is not allowed in a check", () => checks(given))
  return given as ReadonlyArray<Check>
}

/** The given page. Throws a TypeError with the path of a value that does not fit. */
export const pageIn = <P>(given: P): P => {
  naming("page(…)", "which is not allowed in a page", () => page(given))
  return given
}

/** Throws an `Unfit` if a value is not of the wanted form. */
type Look = (value: unknown) => void

const unfit = (value: unknown, wanted: string): Unfit =>
  new Unfit(value === undefined ? "undefined" : describe(value), `give ${wanted}`)

const within = (look: Look, value: unknown, step: string): void => {
  try {
    look(value)
  } catch (error) {
    throw stepping(error, step)
  }
}

const text: Look = (value) => {
  if (typeof value !== "string") throw unfit(value, "a text")
}
const number: Look = (value) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw unfit(value, "a finite number")
}
const work: Look = (value) => {
  if (typeof value !== "function") throw unfit(value, "a function")
}
const output =
  (kind?: Kind<unknown>["kind"]): Look =>
  (value) => {
    if (!isOutput(value) || value.each || (kind !== undefined && value.kind.kind !== kind))
      throw unfit(value, `an output of a node${kind === undefined ? "" : ` (${kind})`}`)
  }
const oneOf =
  (values: ReadonlyArray<string>): Look =>
  (value) => {
    if (typeof value !== "string" || !values.includes(value)) throw unfit(value, `one of ${values.join(", ")}`)
  }
const listOf =
  (item: Look): Look =>
  (values) => {
    if (!Array.isArray(values)) throw unfit(values, "a list")
    for (let i = 0; i < values.length; i++) within(item, values[i], `[${i}]`)
  }
const recordOf =
  (member: Look): Look =>
  (value) => {
    if (!isRecord(value)) throw unfit(value, "a record")
    for (const name of Object.keys(value)) within(member, value[name], stepTo(name))
  }
const record =
  (members: { readonly [name: string]: Look }, optional: { readonly [name: string]: Look } = {}): Look =>
  (value) => {
    if (!isRecord(value)) throw unfit(value, `a record with ${Object.keys(members).join(", ")}`)
    for (const [name, look] of Object.entries(members)) within(look, value[name], stepTo(name))
    for (const [name, look] of Object.entries(optional))
      if (value[name] !== undefined) within(look, value[name], stepTo(name))
    // The types of a spec are not checked when it runs: a misspelt member would be left out in silence.
    const known = [...Object.keys(members), ...Object.keys(optional)]
    for (const name of Object.keys(value))
      if (!known.includes(name)) throw stepping(unfit(value[name], `only ${known.join(", ")}`), stepTo(name))
  }

// Made only when they are called: work at module load could become part of the text of a stage.
const expectation: Look = (value) => {
  record({ holds: work, bounds: listOf(number), text, fails: text }, { stated: number })(value)
  const [low, high = low] = (value as Expectation).bounds
  if (low === undefined || low > high!)
    throw unfit((value as Expectation).text, "a range whose first end is below its last")
}
const check: Look = (value) => {
  const right = { output: output("table"), where: recordOf(() => {}), column: text }
  const needed = { id: text, claim: text, source: text, value: record(right), expect: expectation }
  record(needed, {
    kind: oneOf(kinds),
    published: text,
    method: text,
    stated: number,
    rival: record({ value: number, text }),
    spread: text,
    at: recordOf(expectation),
    differs: expectation,
    declared: record({ verdict: oneOf(verdicts), reason: text }),
    scales: listOf(text),
  })(value)
  const { rival, stated, differs, expect, at = {}, scales } = value as Check
  if (scales?.length === 0) throw stepping(unfit(scales, "a list of scales, or none for all scales"), ".scales")
  if (differs !== undefined) within(() => refuseOneSided(differs), differs, ".differs")
  const expectations = [
    [".expect", expect] as const,
    ...Object.entries(at).map(([s, e]) => [`.at${stepTo(s)}`, e] as const),
  ]
  for (const [step, each] of expectations)
    if (stated !== undefined && !each.holds(stated))
      throw stepping(unfit(each.text, `values with the stated number ${stated}`), step)
  if (rival === undefined) return
  for (const [step, each] of [...expectations, [".differs", differs] as const])
    if (each?.holds(rival.value) === true)
      throw stepping(unfit(each.text, `values without the rival ${rival.value} (${rival.text})`), step)
}
const refuseOneSided = ({ bounds, text: range }: Expectation): void => {
  if (bounds.length < 2) throw unfit(range, "a range with two ends: a difference has two sides")
}
const checks: Look = (value) => listOf(check)(value)
const page: Look = (value) => {
  const needed = { id: text, title: text, caption: text, figure: output() }
  const figure = record(needed, { table: output("table"), checks: listOf(text) })
  const words = { source: text, statement: text }
  const [covered, open] = [record({ ...words, claims: listOf(text) }), record({ ...words, because: text })]
  const someIds: Look = (value) => {
    listOf(text)(value)
    if ((value as ReadonlyArray<string>).length === 0) throw unfit(value, "the ids of claims")
  }
  const account = record({ subject: text, text, program: text, finding: text, claims: someIds })
  const statement: Look = (each) => {
    const ids = isRecord(each) ? each["claims"] : undefined
    if (Array.isArray(ids) && ids.length === 0) throw unfit(ids, "the ids of claims, or `because`")
    return (isRecord(each) && "claims" in each ? covered : open)(each)
  }
  record(
    { title: text, lead: listOf(text), figures: listOf(figure), render: work },
    { source: text, statements: listOf(statement), accounts: listOf(account) },
  )(value)
}
