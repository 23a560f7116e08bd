// The sections of a spec. Each section has its own settings, nodes, claims and figures, and reads like a paragraph of a
// method section. Several sections make one spec.
// Knows nothing about the subject of a section.
import type { Check } from "../../pipeline/check.ts"
import type { ConfigOf, Nodes, Page, Settings } from "../../pipeline/spec.ts"
import { checksOf, type Claims, figuresWith, summariesOf, type Summaries } from "./claims.ts"
import type { Study } from "./study.ts"

/** The config that a section sees: its own settings by their plain names, and the shared settings with other names. */
type Own<S extends Settings, C> = ConfigOf<S> & Omit<C, keyof S>
type Named<S extends Settings = Settings> = Pick<Section<never, never, S>, "prefix" | "settings">

/**
 * The declaration of a section. `T` is the study of the document, `C` the config of the settings that all sections
 * share, `S` the section's own settings.
 */
export interface Section<T extends Study = never, C = never, S extends Settings = Settings, N extends Nodes = Nodes> {
  /**
   * The prefix of the names of the section's settings outside the section. With the prefix 1a, `widths` is `1a.widths`
   * in the config of the spec and after `--set`. A section without a prefix has its plain names there, too.
   */
  readonly prefix?: string
  readonly settings: S
  /** The section's settings at scales other than the first. */
  readonly scales: { readonly [scale: string]: { readonly [N in keyof S]?: S[N]["value"] } }
  // These are methods (not function properties), so that TypeScript allows sections of different settings and nodes in
  // one list.
  /** The section's nodes. `settingsOf` gives the settings of another section of the document. */
  nodes(study: T, c: Own<S, C>, settingsOf: <O extends Settings>(other: Named<O>) => ConfigOf<O>): N
  /** The claims about the section's tables. */
  claims(made: N, c: Own<S, C>): Claims
  /** The section's figures. `claims` says which claims stand below each figure. */
  figures(made: N, c: Own<S, C>): ReadonlyArray<Omit<Page["figures"][number], "checks">>
}

type Config = Readonly<Record<string, unknown>>
type Scales = { readonly [scale: string]: Config }
/** For each section its nodes, and the summaries that judge its claims. */
type Made = Readonly<Record<string, { readonly own: Nodes; readonly summaries: Summaries }>>

/** What all sections of a document share. The first scale is the default; sections name no other scales than these. */
interface Shared<S extends Settings> {
  readonly settings: S
  readonly scales: { readonly [scale: string]: { readonly [N in keyof S]?: S[N]["value"] } }
}

/** Functions for the sections of one document. `begin` starts a study under the config of the shared settings. */
export const sectionsOf = <T extends Study, S extends Settings>(shared: Shared<S>, begin: (c: ConfigOf<S>) => T) => ({
  /** Declares a section. */
  section: <O extends Settings, N extends Nodes>(
    declaration: Section<T, ConfigOf<S>, O, N>,
  ): Section<T, ConfigOf<S>, O, N> => declaration,

  /** Several sections as one. Each section takes its own settings from the config of the document. */
  composed: (sections: Readonly<Record<string, Section<T, ConfigOf<S>>>>) => {
    const each = Object.entries(sections)
    const common = (c: Config) => valuesOf({ settings: shared.settings }, c)
    const seen = (section: Named, c: Config) =>
      ({ ...common(c), ...valuesOf(section, c) }) as Own<Settings, ConfigOf<S>>
    const claimsOf = (made: Made, c: Config) =>
      each.map(([name, section]) => section.claims(made[name]!.own, seen(section, c)))
    return {
      settings: each.reduce<Settings>((known, [name, section]) => joined(known, name, section), shared.settings),
      scales: each.reduce<Scales>((known, [name, section]) => scaled(known, name, section), shared.scales),
      nodes: (c: Config): Made => {
        const study = begin(common(c) as ConfigOf<S>)
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

/** The name of a section's setting in the document. */
const nameIn = (prefix: string | undefined, name: string): string => (prefix === undefined ? name : `${prefix}.${name}`)

/** Changes the keys of `values` from the section's own names to the names in the document. */
const prefixed = <A>({ prefix }: Pick<Named, "prefix">, values: Readonly<Record<string, A>>): Record<string, A> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [nameIn(prefix, name), value]))

/** The settings of a section by its own names, taken from the config of the document. */
const valuesOf = <S extends Settings>({ prefix, settings }: Named<S>, c: Config): ConfigOf<S> =>
  Object.fromEntries(
    Object.keys(settings).map((own) => {
      const name = nameIn(prefix, own)
      if (!Object.hasOwn(c, name)) throw new Error(`the setting ${name} is requested, but no section declares it`)
      return [own, c[name]]
    }),
  ) as ConfigOf<S>

/** The known scales and the scales of a section. Throws if a scale is unknown, or gives one setting two values. */
const scaled = (known: Scales, section: string, declared: Pick<Section, "prefix" | "settings" | "scales">): Scales => {
  const unknown = Object.keys(declared.scales).find((scale) => !Object.hasOwn(known, scale))
  if (unknown !== undefined)
    throw new Error(
      `the section ${section} has settings for the scale ${unknown}, but the document has only the scales ` +
        `${Object.keys(known).join(", ")}. Add the scale to the document`,
    )
  for (const [scale, values] of Object.entries(declared.scales)) {
    const stray = Object.keys(values).find((name) => !Object.hasOwn(declared.settings, name))
    if (stray !== undefined)
      throw new Error(`the section ${section} sets ${stray} at the scale ${scale}, but declares no such setting`)
  }
  return Object.fromEntries(
    Object.entries(known).map(([scale, values]) => {
      const own = prefixed(declared, declared.scales[scale] ?? {})
      const twice = Object.keys(own).find(
        (name) => Object.hasOwn(values, name) && JSON.stringify(values[name]) !== JSON.stringify(own[name]),
      )
      if (twice !== undefined)
        throw new Error(
          `the section ${section} sets ${twice} to ${JSON.stringify(own[twice])} at the scale ${scale}, but it is ` +
            `${JSON.stringify(values[twice])} there already. Give the section a prefix`,
        )
      return [scale, { ...values, ...own }]
    }),
  )
}

/** The known settings and the settings of a section. Throws if one name has two meanings. */
const joined = (known: Settings, section: string, declared: Named): Settings => {
  const settings = prefixed(declared, declared.settings)
  for (const [name, { schema, value, description }] of Object.entries(settings)) {
    const other = known[name]
    if (
      other !== undefined &&
      (other.schema !== schema ||
        JSON.stringify(other.value) !== JSON.stringify(value) ||
        other.description !== description)
    )
      throw new Error(
        `the section ${section} declares the setting ${name} as ${JSON.stringify(value)} (${description}), but it is ` +
          `${JSON.stringify(other.value)} (${other.description}) already. Rename one of them`,
      )
  }
  return { ...known, ...settings }
}
