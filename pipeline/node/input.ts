// Checks that the inputs of a node fit its stage. Knows nothing about how inputs are read and how a stage runs.
import { calledFrom } from "../text/callsite.ts"
import { SpecError } from "../error.ts"
import type { AnyStage, Output, StageNode } from "./parts.ts"
import { describe, isOutput, isRecord } from "./output.ts"
import type { Kind } from "../stage.ts"

type Inputs = StageNode["inputs"]

/**
 * A copy of the inputs of a node, which nobody else can change. `over` is the input that the stage takes one item at a
 * time. Throws a SpecError that names the first input that does not fit, the value given, and what the stage takes.
 */
export const inputsFor = (stage: AnyStage, node: string, given: unknown, over?: string): Inputs => {
  if (!isRecord(given)) throw badInput(`${node} takes a record of inputs, but got ${describe(given)}.`)
  const undeclared = [...Object.keys(given), ...(over === undefined ? [] : [over])].find(
    (name) => !Object.hasOwn(stage.inputs, name),
  )
  if (undeclared !== undefined) {
    const there = Object.entries(stage.inputs).map(
      ([name, { kind, many }]) => `${name} (${many ? "many " : ""}${kind})`,
    )
    throw badInput(`${node} takes no input ${undeclared}; it takes ${there.join(", ") || "none"}.`)
  }
  if (over !== undefined) checkItems(stage.inputs[over]!, node, over)
  for (const [name, kind] of Object.entries(stage.inputs)) {
    const wrong = kind.many ? misfitOfList(given[name], kind) : misfit(given[name], kind)
    if (wrong === undefined) continue
    const takes = `${name} (${kind.kind}), ${kind.many ? "a list of outputs" : "one output"}`
    throw badInput(`${node} takes ${takes}, but got ${wrong}.`)
  }
  const entries = Object.entries(given as Inputs)
  return Object.fromEntries(entries.map(([name, input]) => [name, isList(input) ? [...input] : input]))
}

const checkItems = ({ kind, many }: Kind<unknown>, node: string, over: string): void => {
  if (kind === "json" && !many) return
  const takes = many ? `a list of outputs (${kind})` : kind
  throw badInput(`${node} runs over the items of ${over}, which are JSON, but its stage takes ${takes} there.`)
}

/** A description of a value that does not fit; undefined if it fits. */
const misfit = (value: unknown, kind: Kind<unknown>): string | undefined =>
  isOutput(value) && !value.each && value.kind.kind === kind.kind ? undefined : describe(value)

const misfitOfList = (value: unknown, { kind }: Kind<unknown>): string | undefined => {
  if (!isList(value)) return describe(value)
  const wrong = value.findIndex((item) => !isOutput(item) || item.kind.kind !== kind)
  return wrong === -1 ? undefined : `a list whose item [${wrong}] is ${describe(value[wrong])}`
}

const isList = (value: unknown): value is ReadonlyArray<Output> => Array.isArray(value)

const badInput = (message: string): SpecError => new SpecError({ reason: "BadInput", message: message + calledFrom() })
