// The parts of a spec: each has settings, nodes, claims and figures of its own, and reads like a paragraph of a method
// section. Several make one spec. Knows nothing of what any of them is about.
import type { Check } from "../../pipeline/check.ts"
import type { ConfigOf, Nodes, Page, Settings } from "../../pipeline/spec.ts"
import { checksOf, type Claims, figuresWith, summariesOf, type Summaries } from "./claims.ts"
import type { Study } from "./study.ts"

/** The config that a section sees: its own settings by their plain names, and the shared ones of other names. */
type Own<S extends Settings, C> = ConfigOf<S> & Omit<C, keyof S>
type Named<S extends Settings = Settings> = Pick<Section<never, never, S>, "prefix" | "settings">

/**
 * What a section declares: of a study of its document, over the settings that all sections of the document share and
 * its own.
 */
export interface Section<T extends Study = never, C = never, S extends Settings = Settings, N extends Nodes = Nodes> {
  /**
   * Stands before the names of its settings outside of it: `widths` of a section with the prefix 1a is `1a.widths` in
   * the config of the spec and behind `--set`. Without one they have their plain names there, too.
   */
  readonly prefix?: string
  readonly settings: S
  /** Its settings at other scales than the first. */
  readonly scales: { readonly [scale: string]: { readonly [N in keyof S]?: S[N]["value"] } }
  // Methods, so that sections of any settings and nodes can be put side by side.
  /** `settingsOf` gives the settings of another section of the document. */
  nodes(study: T, c: Own<S, C>, settingsOf: <O extends Settings>(other: Named<O>) => ConfigOf<O>): N
  /** What is claimed of its tables. */
  claims(made: N, c: Own<S, C>): Claims
  /** Its figures; the claims of each are known by `claims`. */
  figures(made: N, c: Own<S, C>): ReadonlyArray<Omit<Page["figures"][number], "checks">>
}

type Config = Readonly<Record<string, unknown>>
/** Of each section what it has made, and what its claims are judged by. */
type Made = Readonly<Record<string, { readonly own: Nodes; readonly summaries: Summaries }>>

/** The sections of a document: `begin` begins a study under a config, `shared` are the settings of all. */
export const documentOf = <T extends Study, C>(shared: Settings, begin: (c: C) => T) => ({
  /** Declares a section. */
  section: <S extends Settings, N extends Nodes>(declaration: Section<T, C, S, N>): Section<T, C, S, N> => declaration,

  /** Sections as one: each takes its own settings out of the config of all. */
  composed: (sections: Readonly<Record<string, Section<T, C>>>) => {
    const each = Object.entries(sections)
    const scales = new Set(each.flatMap(([, { scales }]) => Object.keys(scales)))
    const common = (c: Config) => valuesOf({ settings: shared }, c)
    const seen = (section: Named, c: Config) => ({ ...common(c), ...valuesOf(section, c) }) as Own<Settings, C>
    const claimsOf = (made: Made, c: Config) =>
      each.map(([name, section]) => section.claims(made[name]!.own, seen(section, c)))
    return {
      settings: each.reduce<Settings>((known, [name, section]) => joined(known, name, section), shared),
      scales: Object.fromEntries(
        [...scales].map((scale) => [
          scale,
          Object.assign({}, ...each.map(([, section]) => prefixed(section, section.scales[scale] ?? {}))) as object,
        ]),
      ),
      nodes: (c: Config): Made => {
        const study = begin(common(c) as C)
        return Object.fromEntries(
          each.map(([name, section]) => {
            const own = section.nodes(study, seen(section, c), (other) => valuesOf(other, c))
            return [name, { own, summaries: summariesOf(study, section.claims(own, seen(section, c))) }]
          }),
        )
      },
      checks: (made: Made, c: Config): ReadonlyArray<Check> =>
        claimsOf(made, c).flatMap((claims, i) => checksOf(claims, made[each[i]![0]]!.summaries)),
      figures: (made: Made, c: Config): Page["figures"] =>
        figuresWith(
          each.flatMap(([name, section]) => section.figures(made[name]!.own, seen(section, c))),
          claimsOf(made, c).flatMap(({ claims }) => claims),
        ),
    }
  },
})

/** As the document calls a setting of a section. */
const nameIn = (prefix: string | undefined, name: string): string => (prefix === undefined ? name : `${prefix}.${name}`)

/** Values by the names of a section's settings, by those that the document has for them. */
const prefixed = <A>({ prefix }: Pick<Named, "prefix">, values: Readonly<Record<string, A>>): Record<string, A> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [nameIn(prefix, name), value]))

/** The settings of a section, by its own names for them, out of the config of the document. */
const valuesOf = <S extends Settings>({ prefix, settings }: Named<S>, c: Config): ConfigOf<S> =>
  Object.fromEntries(
    Object.keys(settings).map((own) => {
      const name = nameIn(prefix, own)
      if (!Object.hasOwn(c, name)) throw new Error(`the setting ${name} is asked for, and no section declares it`)
      return [own, c[name]]
    }),
  ) as ConfigOf<S>

/** The settings of a section beside those known so far. Throws where a name has two meanings. */
const joined = (known: Settings, section: string, declared: Named): Settings => {
  const settings = prefixed(declared, declared.settings)
  for (const [name, { value, description }] of Object.entries(settings)) {
    const other = known[name]
    if (
      other !== undefined &&
      (JSON.stringify(other.value) !== JSON.stringify(value) || other.description !== description)
    )
      throw new Error(
        `the section ${section} declares the setting ${name} as ${JSON.stringify(value)} (${description}), and it is ` +
          `${JSON.stringify(other.value)} (${other.description}) already. Call one of them otherwise`,
      )
  }
  return { ...known, ...settings }
}
