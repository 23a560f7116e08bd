// The parts of a spec: each has settings, nodes, checks and figures of its own, and reads like a paragraph of a method
// section. Several make one spec. Knows nothing of what any of them is about.
import type { Check } from "../../pipeline/check.ts"
import type { ConfigOf, Nodes, Page, Settings } from "../../pipeline/spec.ts"
import { Lab, type Common } from "./lab.ts"

/** What a section declares. `scales` has its settings at other scales than the first. */
export interface Section<S extends Settings = Settings, N extends Nodes = Nodes> {
  readonly settings: S
  readonly scales: { readonly [scale: string]: { readonly [N in keyof S]?: S[N]["value"] } }
  // Methods, so that sections of any settings and nodes can be put side by side.
  nodes(lab: Lab, c: ConfigOf<S> & Common): N
  checks(made: N, c: ConfigOf<S> & Common): ReadonlyArray<Check>
  figures(made: N, c: ConfigOf<S> & Common): Page["figures"]
}
export const section = <S extends Settings, N extends Nodes>(declaration: Section<S, N>): Section<S, N> => declaration

type Config = Readonly<Record<string, unknown>>
type Made = Readonly<Record<string, Nodes>>

const all = (c: Config): Common => c as unknown as Common

/** Sections as one: each takes its own settings out of the config of all, which has those of `Common` too. */
export const composed = (sections: Readonly<Record<string, Section>>) => {
  const each = Object.entries(sections)
  const scales = new Set(each.flatMap(([, { scales }]) => Object.keys(scales)))
  return {
    settings: Object.assign({}, ...each.map(([, { settings }]) => settings)) as Settings,
    scales: Object.fromEntries(
      [...scales].map((scale) => [
        scale,
        Object.assign({}, ...each.map(([, { scales }]) => scales[scale] ?? {})) as object,
      ]),
    ),
    nodes: (c: Config): Made => {
      const lab = new Lab(all(c))
      return Object.fromEntries(each.map(([name, section]) => [name, section.nodes(lab, all(c))]))
    },
    checks: (made: Made, c: Config): ReadonlyArray<Check> =>
      each.flatMap(([name, section]) => section.checks(made[name]!, all(c))),
    figures: (made: Made, c: Config): Page["figures"] =>
      each.flatMap(([name, section]) => section.figures(made[name]!, all(c))),
  }
}
