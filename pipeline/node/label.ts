// Makes the name of a node from its stage and labels: one name, one meaning, on one line. Knows nothing about what the
// node computes.
import { inspect } from "node:util"
import { calledFrom } from "../text/callsite.ts"
import { SpecError } from "../error.ts"
import { control } from "../text/printable.ts"
import type { Labels } from "./parts.ts"
import { describe, isRecord } from "./output.ts"

/** `train/h=64,replica=3`. Throws a SpecError if the labels make no valid name. */
export const nameOf = (stage: string, labels: Labels): string => {
  if (!isRecord(labels))
    throw badLabel(`The labels of a node of ${stage} are ${describe(labels)}. Write a record, such as { h: 64 }.`)
  let name = stage
  let before = "/"
  for (const label in labels) {
    name += `${before}${label}=${textOf(labels[label])}`
    before = ","
  }
  for (const label in labels) checkLabel(name, label, labels[label])
  return name
}

const badLabel = (message: string): SpecError => new SpecError({ reason: "BadLabel", message: message + calledFrom() })

// A reader of a name must be able to find the labels in it, and must not take it for the name of a list item.
const checkLabel = (name: string, label: string, value: unknown): void => {
  const isNumber = Number.isSafeInteger(value) && !Object.is(value, -0) && (value as number) >= 0
  if (label === "replica" && !isNumber) {
    const what = `The replica of ${name} is ${inspect(value)}, which is not the number of a draw.`
    throw badLabel(`${what} Write a whole number from 0, such as replica: 0.`)
  }
  if (typeof value !== "string" && (typeof value !== "number" || Number.isNaN(value)))
    throw badLabel(`The label ${label} of ${name} is ${inspect(value)}. Write a number or a text.`)
  const sign = "which has a meaning in names. Use another character."
  if (/[,=]/.test(label)) throw badLabel(`The label ${label} of ${name} holds a comma or an equals sign, ${sign}`)
  if (/,|\[\d+\]$/.test(`${value}`))
    throw badLabel(`The label ${label} of ${name} holds a comma, or ends like an item of a list, ${sign}`)
  const odd = [label, `${value}`].find((text) => !text.isWellFormed() || text.search(control) >= 0)
  if (odd !== undefined) {
    const what = `The label ${inspect(label)} of a node of ${name.split("/")[0]} holds`
    throw badLabel(`${what} a character that cannot be printed: ${inspect(odd)}. Use others, on one line.`)
  }
}

const textOf = (value: unknown): string => {
  try {
    return String(value)
  } catch {
    return inspect(value) // a record without a prototype has no `toString`
  }
}
