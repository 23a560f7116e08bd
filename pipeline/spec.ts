// What a spec file exports: a typed config, nodes, checks and a page. A spec is a description: it can be
// loaded by anyone, many times, and loading it runs nothing. Refuses to know where and when things run.
import { Schema } from "effect"
import { type Check } from "./check.ts"
import type { ComparisonContent, PageContent } from "./spec/content.ts"
import { checksIn, nodesIn, pageIn } from "./spec/declared.ts"
import { SpecError } from "./error.ts"
import type { Node, Output, SourceNode, StageNode } from "./node.ts"
import type { Table } from "./stage.ts"
import { messageIn } from "./node/thrown.ts"

/** What the page shows; the engine fetches the values and hands them to `render`. */
export interface Page {
  readonly title: string
  /** What this is about: a paragraph each. */
  readonly lead: ReadonlyArray<string>
  /** The paper, as one cites it. */
  readonly source?: string
  readonly figures: ReadonlyArray<{
    readonly id: string
    readonly title: string
    readonly caption: string
    readonly figure: Output
    /** The table behind the figure. */
    readonly table?: Output<Table>
    /** Ids of the checks shown under it. */
    readonly checks?: ReadonlyArray<string>
  }>
  /**
   * Turns the content into files, path to bytes or text. A literal `import()` of a module with `page`, and with
   * `compare` for a page about two runs.
   */
  readonly render: () => Promise<{
    readonly page: (content: PageContent) => Promise<ReadonlyMap<string, string | Uint8Array>>
    readonly compare?: (content: ComparisonContent) => Promise<ReadonlyMap<string, string | Uint8Array>>
  }>
}

/** Nodes or outputs of theirs, however the spec likes to keep them: the engine looks through records and lists. */
export type Nodes = Node | StageNode | SourceNode | Output | ReadonlyArray<Nodes> | { readonly [name: string]: Nodes }

/** One config value: what it may be (an Effect Schema), what it is by default, and a sentence about it. */
export interface Setting<A, E> {
  readonly schema: Schema.Codec<A, E>
  readonly value: E
  readonly description: string
}
export const setting = <A, E>(schema: Schema.Codec<A, E>, value: NoInfer<E>, description: string): Setting<A, E> => ({
  schema,
  value,
  description,
})

export interface Settings {
  readonly [name: string]: Setting<never, never> | Setting<unknown, unknown>
}
export type ConfigOf<S extends Settings> = { readonly [N in keyof S]: S[N]["schema"]["Type"] }
type EncodedOf<S extends Settings> = { readonly [N in keyof S]: S[N]["value"] }

/** A built spec: one config's nodes, checks and page. */
export interface Built {
  readonly config: ReadonlyArray<{ readonly name: string; readonly value: unknown; readonly description: string }>
  readonly scale: string
  /** All that the spec has. */
  readonly scales: ReadonlyArray<string>
  readonly seed: number
  readonly nodes: Nodes
  readonly checks: ReadonlyArray<Check>
  readonly page: Page
  /** Core-seconds a node is expected to take; undefined where the spec does not know. */
  readonly seconds: (node: StageNode) => number | undefined
}

export interface Spec {
  readonly _tag: "Spec"
  readonly scales: ReadonlyArray<string>
  /** Throws a SpecError naming every setting that is unknown or does not fit. */
  readonly build: (settings: { readonly [name: string]: string }) => Built
}

/**
 * A spec. Config values come from the settings' defaults, then from the scale (`--set scale=paper`; the first
 * scale is the default), then from `--set`. A setting named `seed` is the spec's seed.
 */
export const spec = <S extends Settings, N extends Nodes>(declaration: {
  readonly config: S
  readonly scales?: { readonly [scale: string]: Partial<EncodedOf<S>> }
  readonly nodes: (config: ConfigOf<S>) => N
  readonly checks: (nodes: N, config: ConfigOf<S>) => ReadonlyArray<Check>
  readonly page: (nodes: N, config: ConfigOf<S>) => Page
  /**
   * Core-seconds a node is expected to take, from its params and those of its inputs: for `plan`, where the nodes of
   * the past were smaller or larger. What it does not know is expected to take what its stage usually took.
   */
  readonly seconds?: (node: StageNode) => number | undefined
}): Spec => {
  const scales: { readonly [scale: string]: { readonly [name: string]: unknown } } = declaration.scales ?? { only: {} }
  const build = ({ scale = Object.keys(scales)[0]!, ...texts }: { readonly [name: string]: string }): Built => {
    const ofScale = Object.hasOwn(scales, scale) ? scales[scale] : undefined
    if (ofScale === undefined)
      throw badConfig([
        `scale=${scale}: there is no such scale; ` +
          (declaration.scales === undefined
            ? "this spec has none"
            : `the scales are ${Object.keys(scales).join(", ")}`),
      ])
    const values = readConfig(declaration.config, ofScale, texts)
    const config = values as ConfigOf<S>
    const nodes = declaration.nodes(config)
    nodesIn(nodes)
    return {
      config: Object.entries(declaration.config).map(([name, { description }]) => ({
        name,
        value: values[name],
        description,
      })),
      scale,
      scales: Object.keys(scales),
      seed: typeof values["seed"] === "number" ? values["seed"] : 0,
      nodes,
      checks: ofScales(checksIn(declaration.checks(nodes, config)), Object.keys(scales)),
      page: pageIn(declaration.page(nodes, config)),
      seconds: declaration.seconds ?? unknown,
    }
  }
  return { _tag: "Spec", scales: Object.keys(scales), build }
}

const unknown = (): undefined => undefined

// A misspelt scale would silently judge by another expectation, or never.
const ofScales = (checks: ReadonlyArray<Check>, scales: ReadonlyArray<string>): ReadonlyArray<Check> => {
  const problems = checks.flatMap(({ id, at = {}, scales: tested = [] }) =>
    [...Object.keys(at), ...tested]
      .filter((scale) => !scales.includes(scale))
      .map((scale) => `check ${id}: there is no scale ${scale}; the scales are ${scales.join(", ")}`),
  )
  if (problems.length > 0) throw badConfig(problems)
  return checks
}

type Read = { readonly value: unknown } | { readonly problem: string }

const readConfig = (
  settings: Settings,
  ofScale: { readonly [name: string]: unknown },
  texts: { readonly [name: string]: string },
) => {
  const problems = Object.keys(texts)
    .filter((name) => !Object.hasOwn(settings, name))
    .map(
      (name) =>
        `${name}=${texts[name]}: there is no such setting; the settings are scale, ${Object.keys(settings).join(", ")}`,
    )
  const values: { [name: string]: unknown } = {}
  for (const [name, { schema, value }] of Object.entries(settings)) {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined
    const usual = Object.hasOwn(ofScale, name) ? ofScale[name] : value
    const read = text === undefined ? decode(schema, usual) : readText(schema, text)
    if ("value" in read) values[name] = read.value
    else problems.push(`${name}=${text ?? JSON.stringify(usual)}: ${read.problem}`)
  }
  if (problems.length > 0) throw badConfig(problems)
  return values
}

// `64` is a number, `64,128` a list, `true` a boolean, `quick` a text: the first reading that the schema takes.
const readText = (schema: Settings[string]["schema"], text: string): Read => {
  const parts = text.split(",").map((part) => part.trim())
  const readings = [json(text), parts.map(json), text, parts].map((reading) => decode(schema, reading))
  // Of a single value that a list refused, the list's own complaint is the one to hear.
  const asList = text.includes(",") || ("problem" in readings[0]! && readings[0].problem.startsWith("Expected array"))
  return readings.find((read) => "value" in read) ?? readings[asList ? 1 : 0]!
}

const decode = (schema: Settings[string]["schema"], value: unknown): Read => {
  try {
    return { value: Schema.decodeUnknownSync(schema)(value, { errors: "all", onExcessProperty: "error" }) }
  } catch (cause) {
    return { problem: messageIn(cause).replaceAll("\n", " ") }
  }
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

const badConfig = (problems: ReadonlyArray<string>): SpecError =>
  new SpecError({
    reason: "BadConfig",
    message: `The config does not fit the spec:\n${problems.map((line) => `  ${line}`).join("\n")}`,
  })
