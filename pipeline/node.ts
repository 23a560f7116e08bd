// Makes nodes: a stage applied to params and inputs, with named outputs. Making a node computes nothing and reads
// nothing. Knows nothing about keys, the store and the order in which nodes run.
import { inspect } from "node:util"
import { Schema } from "effect"
import { canonical, type Data, type Digest } from "../cache/digest.ts"
import { copyOf } from "../cache/plain.ts"
import { calledFrom } from "./text/callsite.ts"
import { SpecError } from "./error.ts"
import { inputsFor } from "./node/input.ts"
import { nameOf } from "./node/label.ts"
import type { AnyStage, Labels, Node, Output, Outputs, Place, SourceNode, StageNode } from "./node/parts.ts"
import { describe, isRecord, named, withOutputs } from "./node/output.ts"
import type { Kind, Kinds, Stage, Value } from "./stage.ts"
import { messageIn } from "./text/thrown.ts"

export type { AnyStage, Labels, Node, Output, Outputs, Place, SourceNode, StageNode } from "./node/parts.ts"
export { replicaOf } from "./node/parts.ts"

type Inputs<I extends Kinds> = {
  readonly [N in keyof I]: I[N] extends Kind<infer A, false>
    ? Output<A>
    : I[N] extends Kind<ReadonlyArray<infer A>, true>
      ? ReadonlyArray<Output<A>>
      : never
}

/**
 * A node: `stage` applied to `params` and `inputs`. The labels make its name (`train/h=64,replica=3`). Only the label
 * `replica` has a meaning: it numbers the independent draws of a `random` stage, from 0 on. Throws a SpecError with the
 * node's name if params or inputs do not fit the stage, or if the labels make no valid name.
 */
export const node = <S extends Schema.Codec<unknown, unknown>, I extends Kinds, O extends Kinds>(
  stage: Stage<S, I, O>,
  params: S["Encoded"],
  inputs: Inputs<I>,
  labels: Labels = {},
): StageNode & { readonly out: Outputs<O> } => {
  return withOutputs(applied(stage, params, inputs, labels), stage.outputs)
}

export type Lists<O extends Kinds> = { readonly [N in keyof O]: ReadonlyArray<Output<Value<O[N]>>> }

/**
 * A node over a list that is known only after its producer has run. `stage` is applied to each item of the input
 * `over`, together with the other inputs as they are. Its outputs are lists, which inputs of `many` take. An item that
 * was seen before is not computed again. Throws a SpecError if params or inputs do not fit, or if the items are not
 * JSON.
 */
export const map = <
  S extends Schema.Codec<unknown, unknown>,
  I extends Kinds,
  O extends Kinds,
  N extends keyof I & string,
>(
  stage: Stage<S, I, O>,
  over: N,
  params: S["Encoded"],
  inputs: Omit<Inputs<I>, N> & { readonly [M in N]: Output },
  labels: Labels = {},
): StageNode & { readonly out: Lists<O> } => {
  const whole = withOutputs(applied(stage, params, inputs, labels, over), stage.outputs)
  const lists = Object.entries(whole.out).map(([output, one]) => [output, [{ ...one, each: true }]])
  return named(whole, Object.fromEntries(lists)) as typeof whole & { readonly out: Lists<O> }
}

const applied = (stage: AnyStage, params: unknown, inputs: unknown, labels: Labels, over?: string): StageNode => {
  if (!isRecord(stage) || !isRecord(stage.outputs))
    throw refused("BadStage", `node(…) takes a stage, which stage(…) gives, but got ${describe(stage)}.`)
  const name = nameOf(stage.name, labels)
  const fitting = { params: encode(stage, params, name), inputs: inputsFor(stage, name, inputs, over) }
  return { _tag: "StageNode", name, stage, ...fitting, labels, ...(over === undefined ? {} : { over }) }
}

const refused = (reason: SpecError["reason"], message: string): SpecError =>
  new SpecError({ reason, message: message + calledFrom() })

/** The node of one item of a node over a list. */
export const pieceOf = ({ over, inputs, ...node }: StageNode, index: number, item: Digest): StageNode => ({
  ...node,
  name: pieceName(node.name, index),
  inputs: Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== over)),
  item,
})

/** Whether a node is a node over a list. */
export const isOver = (node: Node): boolean => node._tag === "StageNode" && node.over !== undefined

/** The name of the node of one item. */
export const pieceName = (whole: string, index: number): string => `${whole}[${index}]`

/** The name of the node over a list to which a piece belongs. Any other name is returned unchanged. */
export const wholeOf = (name: string): string => name.replace(/\[\d+\]$/, "")

/** Bytes from outside: a file of an installed package, or a path. With a `sha256`, other bytes are refused. */
export const source = (
  place: Place & { readonly sha256?: string },
): SourceNode & { readonly out: Outputs<{ bytes: Kind<Uint8Array, false> }> } => {
  const names = isRecord(place) ? Object.keys(place).filter((name) => name !== "sha256") : []
  if (!["path", "file,package"].includes(names.toSorted().join()) || !Object.values(place).every(isText))
    throw refused(
      "BadInput",
      `source(…) takes { path } or { package, file }, with or without { sha256 }, all texts, ` +
        `but got ${inspect(place)}.`,
    )
  const { sha256, ...rest } = place
  const file = "path" in rest ? rest.path : `${rest.package}/${rest.file}`
  return withOutputs(
    { _tag: "SourceNode" as const, name: `source/${file}`, place: rest, sha256 },
    { bytes: { kind: "bytes", many: false } },
  )
}

const encode = (stage: AnyStage, params: unknown, name: string): Data => {
  try {
    // A copy, because the caller may change the params later. `copyOf` also refuses non-plain values that a schema
    // ignores.
    const encoded = encoderOf(stage)(copyOf(params, "params"))
    canonical(encoded, "params", 1) // throws on anything that cannot be in a key
    return encoded
  } catch (cause) {
    const why = messageIn(cause)
      .replaceAll(/\n(?=\S)/g, "; ")
      .replaceAll(/\n\s+/g, " ")
    throw refused("BadParams", `The params of ${name} do not fit the stage ${stage.name}: ${why}`)
  }
}

// Compiling a schema takes longer than using it, and thousands of nodes share a stage.
const encoders = new WeakMap<AnyStage, (params: unknown) => Data>()
const encoderOf = (stage: AnyStage): ((params: unknown) => Data) => {
  const known = encoders.get(stage)
  if (known !== undefined) return known
  const decode = Schema.decodeUnknownSync(stage.params, { errors: "all", onExcessProperty: "error" })
  const encode = Schema.encodeSync(stage.params)
  const encoder = (params: unknown): Data => encode(decode(params)) as Data
  encoders.set(stage, encoder)
  return encoder
}

const isText = (value: unknown): boolean => typeof value === "string"

/** The name of the stage under which a node is shown. */
export const stageOf = (node: Node): string => (node._tag === "SourceNode" ? "source" : node.stage.name)

/** All cells of a grid; the last label changes fastest. `grid({ h: [64, 128], replica: [0, 1] })` has four cells. */
export const grid = <G extends { readonly [label: string]: ReadonlyArray<string | number> }>(
  axes: G,
): ReadonlyArray<{ readonly [L in keyof G]: G[L][number] }> =>
  Object.entries(axes).reduce<ReadonlyArray<Labels>>(
    (cells, [label, values]) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [label]: value }))),
    [{}],
  ) as ReadonlyArray<{ readonly [L in keyof G]: G[L][number] }>
