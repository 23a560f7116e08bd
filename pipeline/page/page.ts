// The page of a run: which figures and claims it has, and whether it has to be drawn again. The page is not a node: it
// needs verdicts, seconds and the machine, which must not reach any key. Knows nothing about what the page says
// (`page-content.ts`) or how it looks (the spec decides that).
import { existsSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { digestOfValue, type Data } from "../../cache/digest.ts"
import type { Judged } from "../check.ts"
import type { Finished } from "../run/verdicts.ts"
import type { PageContent } from "../spec/content.ts"
import { Events } from "../event.ts"
import { lastVersion } from "./last-version.ts"
import { manifestAt } from "./manifest.ts"
import { publish } from "./publish.ts"
import { drawn, rendererOf } from "./render.ts"
import type { Patterns } from "../plan/select.ts"
import { storedOf, type Settled } from "../run/settled.ts"
import { contentOf, machine, outputsOf, type Run } from "./page-content.ts"

/**
 * Draws the page into `directory`, unless the page there already shows the same content. For a selected part of the
 * spec, the page shows the selected figures and claims; if there are none, no page is drawn. Returns whether the claims
 * are still as judged. If not, draws nothing: a lost result was made again for the page, and it came out different.
 */
export const writePage = Effect.fn("writePage")(function* (
  whole: Finished,
  all: ReadonlyArray<Judged>,
  directory: string,
  run: Run,
) {
  const events = yield* Events
  const index = join(directory, "index.html")
  const { finished, judged, leftOut } = partOf(whole, all)
  const { loaded } = finished
  const { figures } = loaded.built.page
  if (leftOut !== undefined && figures.length + judged.length === 0) return true
  const last = yield* manifestAt(directory)
  const missing = figures.filter(({ figure }) => storedOf(figure, finished.settled) === undefined)
  if (missing.length > 0 && leftOut === undefined && existsSync(index)) {
    // A page of a good run is worth more than a page without its figures. This does not hold for a selected part,
    // because the old page may show another part.
    yield* events.tell({
      _tag: "PageKept",
      path: index,
      because: `${missing.length} of its figures could not be made; the last page stays`,
    })
    return true
  }
  const shown = yield* shownDigest(finished, judged, run.patterns)
  const changed = !existsSync(index) || last.shown !== shown
  let kept: Effect.Success<ReturnType<typeof publish>> = []
  if (changed) {
    const whole = yield* contentOf(finished, judged, run)
    // Two parts of a spec need not have the same claims.
    const before = leftOut === undefined ? lastVersion(directory, last, whole.made) : undefined
    const content: PageContent = {
      ...whole,
      ...(leftOut === undefined ? {} : { leftOut }),
      ...(before === undefined ? {} : { before }),
    }
    if ((yield* shownDigest(finished, judged, run.patterns)) !== shown) return false
    const { page } = yield* rendererOf(loaded)
    const files = yield* drawn(loaded, () => page(content))
    kept = yield* publish(directory, files, shown, loaded.path)
  }
  yield* events.tell({ _tag: "PageWritten", path: index, changed, ...(kept.length === 0 ? {} : { kept }) })
  return true
})

/** The selected part of a finished run, and how much of the spec is left out. */
const partOf = (
  finished: Finished,
  all: ReadonlyArray<Judged>,
): {
  readonly finished: Finished
  readonly judged: ReadonlyArray<Judged>
  readonly leftOut?: NonNullable<PageContent["leftOut"]>
} => {
  const { loaded, context } = finished
  if (context.leftOut.size === 0) return { finished, judged: all }
  const { page } = loaded.built
  const figures = page.figures.filter(({ figure }) => !context.leftOut.has(figure.node))
  const elsewhere = new Set(
    page.figures.filter((figure) => !figures.includes(figure)).flatMap(({ checks = [] }) => checks),
  )
  const judged = all.filter(({ check }) => !context.leftOut.has(check.value.output.node) && !elsewhere.has(check.id))
  return {
    finished: { ...finished, loaded: { ...loaded, built: { ...loaded.built, page: { ...page, figures } } } },
    judged,
    leftOut: {
      figures: page.figures.length - figures.length,
      claims: all.length - judged.length,
      nodes: context.leftOut.size,
    },
  }
}

// The digest of everything the page shows, except the seconds and counts of this run.
const shownDigest = Effect.fnUntraced(function* (
  { loaded, settled, context }: Finished,
  judged: ReadonlyArray<Judged>,
  { until, from, only, except }: Patterns,
) {
  const code = yield* context.fingerprints.ofExport(loaded.module, "default")
  const { page, config, scale } = loaded.built
  return digestOfValue("page", {
    code: code.digest,
    packages: code.packages,
    scale,
    part: [until, from, only, except],
    config: config.map(({ name, value }) => [name, JSON.stringify(value)]),
    outputs: outputsOf(page).map((output) => storedOf(output, settled)?.digest ?? null),
    verdicts: judged.map(({ check, measured, spread, verdict }): Data => [
      check.id,
      String(measured),
      String(spread),
      verdict,
    ]),
    // In plan order, because nodes end in another order every time.
    nodes: loaded.plan.nodes.map((node) => [node.name, ...madeBy(settled.get(node))]),
    machine: machine().map(({ value }) => value),
  })
})

// Includes the seconds: an accepted result that is made again is no longer accepted, although its key is the same.
const madeBy = (how: Settled | undefined): ReadonlyArray<Data> =>
  how?._tag === "Done" ? [how.key, String(how.seconds)] : [how?._tag ?? null]
