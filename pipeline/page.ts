// The page of a run: what it shows, and whether it has to be drawn again. It is not a node: it needs verdicts,
// seconds and the machine, which must not reach any key. How it looks is the spec's `render`.
import { existsSync, readFileSync } from "node:fs"
import { cpus, release, totalmem, type as system } from "node:os"
import { join } from "node:path"
import { Effect, Option } from "effect"
import { digestOfValue, type Data } from "../cache/digest.ts"
import type { CacheError, Store } from "../cache/store.ts"
import { accepted } from "./proof/acceptance.ts"
import { expectedAt, type Check, type Judged } from "./check.ts"
import { valueOf, type Finished } from "./conclude.ts"
import type { PageContent } from "./content.ts"
import type { NodeError } from "./error.ts"
import { Events, type Counts } from "./event.ts"
import type { Executor } from "./executor.ts"
import type { Loaded } from "./load.ts"
import { dot, fold, svg } from "./graph.ts"
import { stageOf, type Node, type Output } from "./node.ts"
import { publish } from "./publish.ts"
import { storedOf, type Settled, type Settlements } from "./run.ts"
import type { Table } from "./stage.ts"
import { provenanceOf, type Provenance } from "./provenance.ts"
import type { Stopped } from "./step.ts"

/** Draws the page into `directory`, in one move, unless it shows the same already. Returns its path. */
export const writePage = Effect.fn("writePage")(function* (
  finished: Finished,
  judged: ReadonlyArray<Judged>,
  directory: string,
  run: { readonly counts: Counts; readonly seconds: number },
) {
  const events = yield* Events
  const index = join(directory, "index.html")
  const mark = join(directory, ".shown")
  const missing = finished.loaded.built.page.figures.filter(({ figure }) => storedOf(figure, finished.settled) === undefined)
  if (missing.length > 0 && existsSync(index)) {
    // A page of a run that went well is worth more than one without its figures.
    yield* events.tell({ _tag: "PageKept", path: index, because: `${missing.length} of its figures could not be made; the last one stands` })
    return
  }
  const shown = yield* shownDigest(finished, judged)
  const changed = !existsSync(index) || !existsSync(mark) || readFileSync(mark, "utf8") !== shown
  if (changed) {
    const content = yield* contentOf(finished, judged, run)
    const { page } = yield* Effect.promise(finished.loaded.built.page.render)
    const files = yield* Effect.promise(() => page(content))
    yield* publish(directory, new Map([...files, [".shown", shown]]))
  }
  yield* events.tell({ _tag: "PageWritten", path: index, changed })
})

// All that is seen but the seconds and counts of this one run.
const shownDigest = Effect.fnUntraced(function* ({ loaded, settled, context }: Finished, judged: ReadonlyArray<Judged>) {
  const code = yield* context.fingerprints.ofExport(loaded.module, "default")
  const { page, config, scale } = loaded.built
  const outputs = page.figures.flatMap((figure) => [figure.figure, ...(figure.table === undefined ? [] : [figure.table])])
  return digestOfValue("page", {
    code: code.digest,
    packages: code.packages,
    scale,
    config: config.map(({ name, value }) => [name, JSON.stringify(value)]),
    outputs: outputs.map((output) => storedOf(output, settled)?.digest ?? null),
    verdicts: judged.map(({ check, measured, verdict }): Data => [check.id, measured === null ? null : String(measured), verdict]),
    // In the plan's order: that in which they ended is another every time.
    nodes: loaded.plan.nodes.map((node) => [node.name, ...madeBy(settled.get(node))]),
    machine: machine().map(({ value }) => value),
  })
})

// With the seconds it took: made once more, what was accepted is so no longer, although its key is the same.
const madeBy = (how: Settled | undefined): ReadonlyArray<Data> => (how?._tag === "Done" ? [how.key, String(how.seconds)] : [how?._tag ?? null])

const contentOf = Effect.fnUntraced(function* (
  finished: Finished,
  judged: ReadonlyArray<Judged>,
  run: { readonly counts: Counts; readonly seconds: number },
): Effect.fn.Return<PageContent, NodeError | Stopped, Store | Executor | Events> {
  const { loaded, settled, context } = finished
  const { page, config, scale, scales } = loaded.built
  const figures = yield* Effect.forEach(page.figures, (figure) => Effect.map(valueOf(finished, figure.figure), (spec) => ({ figure, spec })))
  const shown = figures.filter(({ spec }) => spec !== undefined)
  const tables = yield* Effect.forEach(
    new Map(shown.flatMap(({ figure }) => (figure.table === undefined ? [] : [[nameOf(figure.table), figure.table] as const]))),
    ([name, output]) => Effect.map(valueOf(finished, output), (columns) => ({ name, columns: columns as Table })),
  )
  const provenances = yield* provenancesOf(settled)
  const stages = stageCosts(settled, provenances)
  const { imports, packages } = yield* context.fingerprints.ofExport(loaded.module, "default")
  return {
    title: page.title,
    lead: page.lead,
    ...(page.source === undefined ? {} : { source: page.source }),
    claims: judged.map(({ check, expect, measured, spread, verdict, asDeclared, note }) => {
      const figure = page.figures.find((each) => each.checks?.includes(check.id))?.id
      return {
        id: check.id,
        claim: check.claim,
        source: check.source,
        expected: expect.text,
        fails: (check.differs ?? expect).fails,
        elsewhere: elsewhere(check, scale, scales),
        measured,
        spread,
        verdict,
        asDeclared,
        ...(check.published === undefined ? {} : { published: check.published }),
        ...(check.differs === undefined ? {} : { differs: check.differs.text }),
        ...(check.declared === undefined ? {} : { declared: check.declared }),
        ...(figure === undefined ? {} : { figure }),
        ...(note === undefined ? {} : { note }),
      }
    }),
    figures: shown.map(({ figure: { id, title, caption, checks, table }, spec }) => ({
      id,
      title,
      caption,
      spec,
      claims: checks ?? [],
      ...(table === undefined ? {} : { table: nameOf(table) }),
    })),
    nodes: [...settled].flatMap(([node, how]) => (how._tag === "Done" && how.key !== null ? [{ name: node.name, key: how.key, seconds: how.seconds }] : [])),
    tables,
    made: {
      spec: loaded.path,
      scale,
      config: config.map(({ name, value, description }) => ({ name, value: Array.isArray(value) ? value.join(", ") : String(value), description })),
      versions: [
        { name: "Node", version: process.versions.node },
        ...imports.flatMap((name) => (packages[name] === undefined ? [] : [{ name, version: packages[name].split(" ")[0]! }])),
      ],
      machine: machine(),
      nodes: settled.size,
      counts: run.counts,
      seconds: run.seconds,
      computeSeconds: stages.reduce((sum, stage) => sum + stage.seconds, 0),
      stages,
      accepted: accepted([...provenances.values()].map(({ parts: { stage }, accepted = [] }) => ({ stage, accepted }))),
      graph: yield* Effect.promise(() => svg(dot(fold(loaded.plan)))),
      commands: commandsFor(loaded),
      show: command("show", loaded),
      date: new Date().toISOString(),
    },
  }
})

const elsewhere = (check: Check, here: string, scales: ReadonlyArray<string>): PageContent["claims"][number]["elsewhere"] => {
  const others = (check.scales ?? scales).filter((scale) => scale !== here).map((scale) => ({ scale, expected: expectedAt(check, scale).text }))
  return others.filter(({ expected }) => expected !== expectedAt(check, here).text)
}

const provenancesOf = Effect.fnUntraced(function* (settled: Settlements): Effect.fn.Return<ReadonlyMap<Node, Provenance>, CacheError, Store> {
  const found = new Map<Node, Provenance>()
  for (const [node, how] of settled) {
    const provenance = how._tag === "Done" && how.key !== null ? yield* provenanceOf(how.key) : Option.none()
    if (Option.isSome(provenance)) found.set(node, provenance.value)
  }
  return found
})

const stageCosts = (settled: Settlements, provenances: ReadonlyMap<Node, Provenance>): PageContent["made"]["stages"] =>
  Array.from(Map.groupBy(settled.keys(), stageOf), ([name, nodes]) => {
    const made = nodes.flatMap((node) => provenances.get(node) ?? [])
    return { name, nodes: nodes.length, seconds: made.reduce((sum, { seconds }) => sum + seconds, 0), peakMemory: made.reduce((most, { peakMemory }) => Math.max(most, peakMemory), 0) }
  })

/** A table's name is also that of its file. */
const nameOf = (output: Output): string => output.node.name.replaceAll(/[^\w.-]/g, "-")

const machine = (): PageContent["made"]["machine"] => [
  { name: "Processor", value: `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores` },
  { name: "Memory", value: `${Math.round(totalmem() / 2 ** 30)} GiB` },
  { name: "System", value: `${system()} ${release()}, ${process.arch}` },
]

const commandsFor = (loaded: Loaded): PageContent["made"]["commands"] => [
  { text: "Make this page again; what is done already is not computed again", command: command("run", loaded) },
  { text: "See what would run after a change, and why", command: command("plan", loaded) },
  { text: "Look into one node: outputs, digests, log, provenance", command: `${command("show", loaded)} NODE` },
]

const command = (name: string, { path, settings }: Loaded): string =>
  ["npx pipeline", name, path, ...Object.entries(settings).map(([setting, value]) => `--set ${quoted(`${setting}=${value}`)}`)].join(" ")

const quoted = (text: string): string => (/^[\w.,:=/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`)
