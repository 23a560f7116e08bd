// The exports of a spec file: a typed config, nodes, checks and a page. A spec is a description: anybody can load it,
// many times, and loading it runs nothing. Knows nothing about where and when nodes run.
import { Schema } from "effect"
import { type Check } from "./check.ts"
import type { Account, ComparisonContent, PageContent, Statement } from "./spec/content.ts"
export type { Account, Statement } from "./spec/content.ts"
import { suggest } from "./text/suggest.ts"
import { checksIn, nodesIn, pageIn } from "./spec/declared.ts"
import { SpecError } from "./error.ts"
import type { Node, Output, SourceNode, StageNode } from "./node.ts"
import type { Table } from "./stage.ts"
import { messageIn, sayThrown } from "./text/thrown.ts"

/** The content of the page. The engine fetches the values and gives them to `render`. */
export interface Page {
  readonly title: string
  /** What the study is about; one text per paragraph. */
  readonly lead: ReadonlyArray<string>
  /** The citation of the paper. */
  readonly source?: string
  /** What the document says, with the ids of the checks that cover a statement, or why none does. */
  readonly statements?: ReadonlyArray<Statement>
  /** What the document says beside what its program did, each with the ids of the checks that measure it. */
  readonly accounts?: ReadonlyArray<Account>
  readonly figures: ReadonlyArray<{
    readonly id: string
    readonly title: string
    readonly caption: string
    readonly figure: Output
    /** The table from which the figure is drawn. */
    readonly table?: Output<Table>
    /** Ids of the checks shown under the figure. */
    readonly checks?: ReadonlyArray<string>
  }>
  /**
   * Imports the module that turns the content into files, path to bytes or text. It must be a literal `import()` of a
   * module that exports `page`, and `compare` for a page about two runs.
   */
  readonly render: () => Promise<{
    readonly page: (content: PageContent) => Promise<ReadonlyMap<string, string | Uint8Array>>
    readonly compare?: (content: ComparisonContent) => Promise<ReadonlyMap<string, string | Uint8Array>>
  }>
}

/** Nodes or their outputs, in any nesting of records and lists. The engine looks through them. */
export type Nodes = Node | StageNode | SourceNode | Output | ReadonlyArray<Nodes> | { readonly [name: string]: Nodes }

/** One config value: its type (an Effect Schema), its default, and a sentence about it. */
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

/** A built spec: the nodes, checks and page for one config. */
export interface Built {
  readonly config: ReadonlyArray<{ readonly name: string; readonly value: unknown; readonly description: string }>
  readonly scale: string
  /** All scales of the spec. */
  readonly scales: ReadonlyArray<string>
  readonly seed: number
  readonly nodes: Nodes
  readonly checks: ReadonlyArray<Check>
  readonly page: Page
  /** The core-seconds that a node is expected to take; undefined if the spec does not know. */
  readonly seconds: (node: StageNode) => number | undefined
}

export interface Spec {
  readonly _tag: "Spec"
  readonly scales: ReadonlyArray<string>
  /** Throws a SpecError with every setting that is unknown or does not fit. */
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
   * The core-seconds that a node is expected to take, from its params and the params of its inputs. `plan` needs it if
   * the nodes of earlier runs were smaller or larger. If it returns undefined, the usual time of the stage is expected.
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
    const known = Object.keys(declaration.config)
    if (known.includes("scale")) throw badConfig(["scale: this name is taken; give the setting another name"])
    const misspelt = Object.entries(scales).flatMap(([name, settings]) =>
      Object.keys(settings)
        .filter((each) => !known.includes(each))
        .map((each) => `scale ${name}: there is no setting ${each}${hint(suggest(each, known))}`),
    )
    if (misspelt.length > 0) throw badConfig(misspelt)
    const values = readConfig(declaration.config, ofScale, texts)
    const config = values as ConfigOf<S>
    const nodes = declaration.nodes(config)
    nodesIn(nodes)
    const checks = ofScales(checksIn(declaration.checks(nodes, config)), Object.keys(scales))
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
      checks,
      page: naming(pageIn(declaration.page(nodes, config)), checks),
      seconds: declaration.seconds === undefined ? unknown : checkedSeconds(declaration.seconds),
    }
  }
  return { _tag: "Spec", scales: Object.keys(scales), build }
}

const unknown = (): undefined => undefined

const checkedSeconds =
  (secondsOf: (node: StageNode) => unknown): Built["seconds"] =>
  (node) => {
    const refuse = (what: string): never => {
      const wanted = "Return a number of core-seconds, or undefined if it is not known."
      throw new SpecError({ reason: "BadConfig", message: `The spec's seconds for ${node.name} ${what}. ${wanted}` })
    }
    let seconds: unknown
    try {
      seconds = secondsOf(node)
    } catch (cause) {
      return refuse(`throw ${sayThrown(cause)}`)
    }
    if (seconds === undefined || (typeof seconds === "number" && seconds >= 0 && Number.isFinite(seconds)))
      return seconds
    return refuse(`are ${sayThrown(seconds)}`)
  }

// With a misspelt scale, a check would silently use another expectation, or never be judged.
const ofScales = (checks: ReadonlyArray<Check>, scales: ReadonlyArray<string>): ReadonlyArray<Check> => {
  const problems = checks.flatMap(({ id, at = {}, scales: tested = [] }) =>
    [...Object.keys(at), ...tested]
      .filter((scale) => !scales.includes(scale))
      .map((scale) => `check ${id}: there is no scale ${scale}; the scales are ${scales.join(", ")}`),
  )
  if (problems.length > 0) throw badConfig(problems)
  return checks
}

// A page that names a check that is not there would silently show less than its author meant.
const naming = (page: Page, checks: ReadonlyArray<Check>): Page => {
  const known = checks.map(({ id }) => id)
  const named = [
    ...page.figures.map(({ id, checks: ids = [] }) => [`figure ${id}`, ids] as const),
    ...(page.statements ?? []).map((each) => [each.source, "claims" in each ? each.claims : []] as const),
    ...(page.accounts ?? []).map(({ subject, claims }) => [`account of ${subject}`, claims] as const),
  ]
  const unknown = named.flatMap(([place, ids]) =>
    ids.filter((id) => !known.includes(id)).map((id) => `${place}: ${id}${hint(suggest(id, known))}`),
  )
  const own = new Set(checks.filter(({ kind }) => kind === "own").map(({ id }) => id))
  for (const each of page.statements ?? [])
    if ("claims" in each && each.claims.every((id) => own.has(id)))
      throw new SpecError({
        reason: "DoesNotLoad",
        message:
          `The statement of ${each.source} is covered by checks of our own alone (${each.claims.join(", ")}). Name a ` +
          "claim of the document, or say why none covers it: because",
      })
  if (unknown.length === 0) return page
  throw new SpecError({
    reason: "DoesNotLoad",
    message: `The page names checks that do not exist:\n${unknown.map((line) => `  ${line}`).join("\n")}`,
  })
}
const hint = (near: ReadonlyArray<string>): string => (near.length === 0 ? "" : `; similar: ${near.join(", ")}`)

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

// `64` is a number, `64,128` a list, `true` a boolean, `quick` a text. The first reading that fits the schema is taken.
const readText = (schema: Settings[string]["schema"], text: string): Read => {
  const parts = text.split(",").map((part) => part.trim())
  const readings = [json(text), parts.map(json), text, parts].map((reading) => decode(schema, reading))
  // If the schema wants a list and the text is a single value, the error of the list reading is reported.
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
