// The page of a run: which figures and claims it has, and whether it has to be drawn again. It is not a node: it needs
// verdicts, seconds and the machine, which must not reach any key. What it says is page-content.ts', how it looks the spec's.
import { existsSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { digestOfValue, type Data } from "../../cache/digest.ts"
import type { Judged } from "../check.ts"
import type { Finished } from "../run/verdicts.ts"
import type { PageContent } from "../spec/content.ts"
import { Events } from "../event.ts"
import { manifestAt } from "./manifest.ts"
import { publish } from "./publish.ts"
import { drawn, rendererOf } from "./render.ts"
import type { Patterns } from "../plan/select.ts"
import { storedOf, type Settled } from "../run/settled.ts"
import { contentOf, machine, outputsOf, type Run } from "./page-content.ts"

/**
 * Draws the page into `directory` unless it shows the same already. Of a part it shows the figures and
 * claims that were asked for, and there is none where none were. Says whether the claims still are as they were judged:
 * if not, since something came out otherwise that was lost and made again for the page, nothing is drawn.
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
  const { figures } = finished.loaded.built.page
  if (leftOut !== undefined && figures.length + judged.length === 0) return true
  const last = yield* manifestAt(directory)
  const missing = figures.filter(({ figure }) => storedOf(figure, finished.settled) === undefined)
  if (missing.length > 0 && leftOut === undefined && existsSync(index)) {
    // A page of a run that went well is worth more than one without its figures; that of a part may be of another part.
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
    const content = { ...(yield* contentOf(finished, judged, run)), ...(leftOut === undefined ? {} : { leftOut }) }
    if ((yield* shownDigest(finished, judged, run.patterns)) !== shown) return false
    const { page } = yield* rendererOf(finished.loaded)
    const files = yield* drawn(finished.loaded, () => page(content))
    kept = yield* publish(directory, files, shown, finished.loaded.path)
  }
  yield* events.tell({ _tag: "PageWritten", path: index, changed, ...(kept.length === 0 ? {} : { kept }) })
  return true
})

/** What was asked for of a finished run, and how much of the spec that leaves out. */
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

// All that is seen but the seconds and counts of this one run.
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
    // In the plan's order: that in which they ended is another every time.
    nodes: loaded.plan.nodes.map((node) => [node.name, ...madeBy(settled.get(node))]),
    machine: machine().map(({ value }) => value),
  })
})

// With the seconds it took: made once more, what was accepted is so no longer, although its key is the same.
const madeBy = (how: Settled | undefined): ReadonlyArray<Data> =>
  how?._tag === "Done" ? [how.key, String(how.seconds)] : [how?._tag ?? null]
