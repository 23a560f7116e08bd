// Makes the outputs of a node, recognises outputs, and describes in words a value that was given instead of an output.
// Knows nothing about which nodes take the outputs.
import { inspect } from "node:util"
import { foreign } from "../../cache/unfit.ts"
import { calledFrom } from "../text/callsite.ts"
import type { Node, Output, Outputs } from "./parts.ts"
import type { Kind, Kinds } from "../stage.ts"

/** A node with its outputs by name. */
export const withOutputs = <N extends Node, O extends Kinds>(self: N, kinds: O): N & { readonly out: Outputs<O> } => {
  const out: { [name: string]: Output } = {}
  const whole = Object.assign(self, { out: out as Outputs<O> })
  for (const name in kinds) out[name] = { node: whole, name, kind: kinds[name] as Kind<unknown, false> }
  return named(whole, out) as typeof whole
}

/**
 * A node with these outputs, or lists of outputs. A read of any other name gives a `NoSuchOutput`, refused at its use.
 */
export const named = <N extends Node>(node: N, out: { readonly [name: string]: unknown }): N => {
  // The language itself asks for `then` (await) and `toJSON` (JSON.stringify).
  const get = (all: object, name: string | symbol): unknown =>
    typeof name === "symbol" || name in all || name === "then" || name === "toJSON"
      ? Reflect.get(all, name)
      : new NoSuchOutput(node, name)
  return Object.assign(node, { out: new Proxy(out, { get }) })
}

/** Stands for an output that a node does not have, from the place that reads it to the place that refuses it. */
class NoSuchOutput {
  readonly text: string
  constructor(node: Node, name: string) {
    this.text = `${name}, which is not an output of ${node.name} (outputs: ${namesOf(node)})${calledFrom()}`
  }
}

const kindsOf = (node: Node): { readonly [name: string]: unknown } =>
  node._tag === "SourceNode" ? { bytes: "bytes" } : node.stage.outputs

const namesOf = (node: Node): string => Object.keys(kindsOf(node)).join(", ") || "none"

/** Whether a value is a plain record, not an instance of a class. */
export const isRecord = (value: unknown): value is { readonly [name: string]: unknown } => {
  if (typeof value !== "object" || value === null) return false
  const prototype = Object.getPrototypeOf(value) as unknown
  return prototype === Object.prototype || prototype === null
}

export const isNode = (value: unknown): value is Node =>
  isRecord(value) &&
  typeof own(value, "name") === "string" &&
  (own(value, "_tag") === "SourceNode" || (own(value, "_tag") === "StageNode" && isRecord(own(value, "stage"))))

export const isOutput = (value: unknown): value is Output => {
  if (!isRecord(value)) return false
  const [node, name, kind] = ["node", "name", "kind"].map((member) => own(value, member))
  return isNode(node) && isRecord(kind) && typeof name === "string" && Object.hasOwn(kindsOf(node), name)
}

const own = (value: { readonly [name: string]: unknown }, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined

/** The end of the sentence "given was …". */
export const describe = (value: unknown): string => {
  if (value === undefined) return "nothing"
  if (value instanceof NoSuchOutput) return value.text
  if (isNode(value)) return `the node ${value.name} instead of one of its outputs (${namesOf(value)})`
  if (isOutput(value)) {
    const what = value.each ? "the outputs" : "the output"
    return `${what} ${value.name} (${value.kind.kind}) of ${value.node.name}`
  }
  if (Array.isArray(value)) return "a list"
  if (isRecord(value)) return "a record"
  if (typeof value === "object" && value !== null) return foreign(value).what
  return typeof value === "function" ? "a function" : inspect(value)
}
