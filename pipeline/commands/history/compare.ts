// `pipeline compare RUN1 RUN2`: a page with the figures and claims of two runs of one spec. The results come from the
// journal and the store. The current spec gives only titles, claims and the page. Knows nothing about how the page
// looks.
import { basename, join } from "node:path"
import { Console, Effect, Option } from "effect"
import { Store } from "../../../cache/store.ts"
import { codecs } from "../../artifact/artifact.ts"
import type { ComparisonContent } from "../../spec/content.ts"
import { exitCode, SpecError, type ExitCode } from "../../error.ts"
import { load, type Loaded } from "../../plan/load.ts"
import {
  comparisonPage,
  comparisonTitle,
  ending,
  figureGone,
  figureLeft,
  figureNotMade,
  noComparison,
  oneRun,
  shortRun,
  twoSpecs,
  when,
} from "../../history/message.ts"
import { kept } from "../../page/message.ts"
import type { Output } from "../../node.ts"
import type { CheckEnd } from "../../history/run-journal.ts"
import { compare } from "../../history/compare.ts"
import { nodesOf, type NodeEnd, type Past } from "../../history/runs.ts"
import { publish } from "../../page/publish.ts"
import { drawn, rendererOf } from "../../page/render.ts"
import type { Page } from "../../spec.ts"
import { findRun, recall } from "./find-run.ts"

interface Side {
  readonly name: string
  readonly past: Past
  readonly nodes: ReadonlyMap<string, NodeEnd>
  /** The current spec with the settings of that run. */
  readonly loaded: Loaded
}

/**
 * 1. Find the runs.
 * 2. Load the spec with the settings of each run.
 * 3. Pair the results.
 * 4. Draw.
 */
export const compareCommand = Effect.fn("compareCommand")(function* (options: {
  readonly before: string
  readonly after: string
  readonly out: string
}) {
  const { all, runs } = yield* recall // 1
  const [before, after] = yield* Effect.all([findRun(runs, options.before), findRun(runs, options.after)])
  if (before.run === after.run)
    return yield* new SpecError({ reason: "BadArgument", message: oneRun(shortRun(before.run)) })
  if (before.spec !== after.spec)
    return yield* new SpecError({ reason: "BadArgument", message: twoSpecs(before, after) })
  const sideOf = Effect.fnUntraced(function* (past: Past, asked: string) {
    return {
      name: past.tags.includes(asked) ? asked : shortRun(past.run),
      past,
      nodes: nodesOf(past, all),
      loaded: yield* loadedFor(past),
    } satisfies Side
  })
  const sides = yield* Effect.all([sideOf(before, options.before), sideOf(after, options.after)]) // 2
  const content = yield* contentOf(sides) // 3
  const render = yield* rendererOf(sides[1].loaded) // 4
  if (render.compare === undefined)
    return yield* new SpecError({ reason: "BadArgument", message: noComparison(after.spec) })
  const files = yield* drawn(sides[1].loaded, () => render.compare!(content))
  const directory = join(
    options.out,
    `compare-${basename(after.spec, ".ts")}-${sides.map(({ name }) => name).join("-")}`,
  )
  const moved = yield* publish(directory, files, null, after.spec)
  if (moved.length > 0) yield* Console.log(kept(moved))
  for (const { id, why } of content.left) yield* Console.log(figureLeft(id, why))
  yield* Console.log(comparisonPage(join(directory, "index.html")))
  return exitCode.done as ExitCode
})

// A setting that the spec no longer has is left out: nothing in the current spec depends on it.
const loadedFor = Effect.fnUntraced(function* ({ spec, settings }: Past) {
  const usual = (yield* load(spec, {})).built
  const known = new Set(usual.config.map(({ name }) => name))
  const kept = Object.entries(settings ?? {}).filter(([name, value]) =>
    name === "scale" ? usual.scales.includes(String(value)) : known.has(name),
  )
  return yield* load(spec, Object.fromEntries(kept.map(([name, value]) => [name, [value].flat().join(",")])))
})

const contentOf = Effect.fnUntraced(function* (sides: readonly [Side, Side]) {
  const [first, second] = sides
  const settings = compare({ ...first.past, nodes: new Map() }, { ...second.past, nodes: new Map() }).settings.map(
    ({ path, before = null, after = null }) => ({ name: path, before, after }),
  )
  // A single differing setting is the best name.
  const named = ({ name }: Side, which: "before" | "after"): string =>
    settings.length === 1 ? `${name} (${settings[0]!.name}=${settings[0]![which]})` : name
  const names = [named(first, "before"), named(second, "after")] as const
  const shown = (name: string, { past }: Side) => ({
    name,
    run: shortRun(past.run),
    began: `${when(past.began)} UTC`,
    ended: ending(past.code),
  })
  const pairs = yield* Effect.forEach(figuresOf(sides), (figure) =>
    Effect.map(Effect.all([specIn(figure.id, first), specIn(figure.id, second)]), ([a, b]) => ({
      ...figure,
      specs: [a.spec, b.spec] as const,
      why: a.why ?? b.why,
    })),
  )
  return {
    title: comparisonTitle(first.past.spec, names),
    runs: [shown(names[0], first), shown(names[1], second)],
    settings,
    claims: claimsOf(sides),
    figures: pairs
      .filter(({ why }) => why === null)
      .map(({ id, title, caption, specs }) => ({ id, title, caption, specs })),
    left: pairs.flatMap(({ id, title, why }) => (why === null ? [] : [{ id, title, why }])),
  } satisfies ComparisonContent
})

type Figure = Page["figures"][number]

/** Every figure of both specs; if both have it, as the second spec describes it. */
const figuresOf = ([first, second]: readonly [Side, Side]): ReadonlyArray<Figure> => [
  ...new Map(
    [...first.loaded.built.page.figures, ...second.loaded.built.page.figures].map((figure) => [figure.id, figure]),
  ).values(),
]

/** The figure that a run made, or why there is none. */
const specIn = Effect.fnUntraced(function* (id: string, { name, nodes, loaded }: Side) {
  const figure: Output | undefined = loaded.built.page.figures.find((each) => each.id === id)?.figure
  const end = figure === undefined ? undefined : nodes.get(figure.node.name)
  if (figure === undefined || end?._tag !== "Done") return { spec: null, why: figureNotMade(name) }
  const store = yield* Store
  const stored = Option.getOrUndefined(yield* store.record(end.key))?.outputs.find(
    (output) => output.name === figure.name,
  )
  if (stored === undefined || !(yield* store.has(stored.digest))) return { spec: null, why: figureGone(name) }
  return { spec: codecs[figure.kind.kind].decode(yield* store.get(stored.digest)), why: null }
})

const claimsOf = (sides: readonly [Side, Side]): ComparisonContent["claims"] => {
  const known = new Map(sides.flatMap(({ loaded }) => loaded.built.checks.map((check) => [check.id, check])))
  const [before, after] = sides.map(({ past }) => new Map(past.checks.map((end) => [end.id, withSpread(end)])))
  return [...new Set([...before!.keys(), ...after!.keys()])].map((id) => ({
    id,
    claim: known.get(id)?.claim ?? id,
    source: known.get(id)?.source ?? "—",
    before: before!.get(id) ?? null,
    after: after!.get(id) ?? null,
  }))
}

const withSpread = ({ spread = null, ...end }: CheckEnd) => ({ ...end, spread })
