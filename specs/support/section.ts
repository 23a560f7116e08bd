// The parts of a spec: each has settings, nodes, claims and figures of its own, and reads like a paragraph of a method
// section. Several make one spec. Knows nothing of what any of them is about.
import type { Check } from "../../pipeline/check.ts"
import type { ConfigOf, Nodes, Page, Settings } from "../../pipeline/spec.ts"
import { checksOf, type Claims, figuresWith, summariesOf, type Summaries } from "./claims.ts"
import type { Study } from "./study.ts"

/**
 * What a section declares: of a study of its document, over the settings that all sections of the document share and
 * its own. `scales` has its settings at other scales than the first.
 */
export interface Section<T extends Study = never, C = never, S extends Settings = Settings, N extends Nodes = Nodes> {
  readonly settings: S
  readonly scales: { readonly [scale: string]: { readonly [N in keyof S]?: S[N]["value"] } }
  // Methods, so that sections of any settings and nodes can be put side by side.
  nodes(study: T, c: ConfigOf<S> & C): N
  /** What is claimed of its tables. */
  claims(made: N, c: ConfigOf<S> & C): Claims
  /** Its figures; the claims of each are known by `claims`. */
  figures(made: N, c: ConfigOf<S> & C): ReadonlyArray<Omit<Page["figures"][number], "checks">>
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
    const all = (c: Config) => c as unknown as ConfigOf<Settings> & C
    return {
      settings: each.reduce<Settings>((known, [name, { settings }]) => joined(known, name, settings), shared),
      scales: Object.fromEntries(
        [...scales].map((scale) => [
          scale,
          Object.assign({}, ...each.map(([, { scales }]) => scales[scale] ?? {})) as object,
        ]),
      ),
      nodes: (c: Config): Made => {
        const study = begin(all(c))
        return Object.fromEntries(
          each.map(([name, section]) => {
            const own = section.nodes(study, all(c))
            return [name, { own, summaries: summariesOf(study, section.claims(own, all(c))) }]
          }),
        )
      },
      checks: (made: Made, c: Config): ReadonlyArray<Check> =>
        each.flatMap(([name, section]) => checksOf(section.claims(made[name]!.own, all(c)), made[name]!.summaries)),
      figures: (made: Made, c: Config): Page["figures"] =>
        figuresWith(
          each.flatMap(([name, section]) => section.figures(made[name]!.own, all(c))),
          each.flatMap(([name, section]) => section.claims(made[name]!.own, all(c)).claims),
        ),
    }
  },
})

/** The settings of a section beside those known so far. Throws where a name has two meanings. */
const joined = (known: Settings, section: string, settings: Settings): Settings => {
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
