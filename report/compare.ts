// Makes one page of two runs: both numbers of each claim side by side, the settings that differ, and each figure with
// both runs in it.
// Knows nothing about runs and stores.
import type { ComparisonContent, Shown } from "./content.ts"
import { document } from "./document.ts"
import { drawn } from "./drawing.ts"
import type { Figure } from "./figure.ts"
import { html } from "./html.ts"
import { overlay } from "./overlay.ts"
import { beside, differences, notPaired } from "./section/beside.ts"
import { figurePart, figureSection } from "./section/figures.ts"

/** Every file of the page by its path: `index.html` and `figures/<id>.{svg,png,csv,vl.json}`. */
export const compare = async ({
  title,
  runs,
  settings,
  claims,
  figures,
  left,
}: ComparisonContent): Promise<ReadonlyMap<string, string | Uint8Array>> => {
  const [first, second] = runs
  const names = [first.name, second.name] as const
  const both = figures.map(({ specs, ...figure }) => ({
    ...figure,
    claims: [],
    spec: overlay(specs as readonly [Figure, Figure], names),
  }))
  const shown = both.filter((figure): figure is typeof figure & { spec: Figure } => figure.spec !== undefined)
  const figuresWithoutOptions = both.flatMap(({ id, title, spec }) =>
    spec === undefined
      ? [{ id, title, why: "It was made before figures said what they are made of; run again, and compare again." }]
      : [],
  )
  const drawing = await drawn({ figures: shown satisfies ReadonlyArray<Shown>, claims: [], nodes: [], show: "" })
  const sections = [
    { id: "claims", title: "Claims", body: beside(claims, names) },
    { id: "settings", title: "Settings", body: differences(settings, names) },
    {
      id: "figures",
      title: "Figures",
      body: html`${figureSection({ figures: shown, claims: [] }, drawing.prepared)}${notPaired([
        ...left,
        ...figuresWithoutOptions,
      ])}`,
      parts: shown.map(figurePart),
    },
  ]
  const leads = runs.map(({ name, run, began, ended }, index) => {
    const sign = index === 0 ? "● ──" : "○ ╌╌"
    return html`<p class="lead">${sign} <b>${name}</b>: run ${run} of ${began}, ${ended}.</p>`
  })
  return new Map([
    ...drawing.files,
    ["index.html", await document(title, html`${leads}`, sections, { behind: drawing.behind })],
  ])
}
