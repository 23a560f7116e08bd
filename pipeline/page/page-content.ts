// What does the page of a run say? Collects its claims, figures, tables and how they were made, as plain data. Knows
// nothing about whether and where the page is drawn.
import { cpus, release, totalmem, type as system } from "node:os"
import { Effect, Option } from "effect"
import type { CacheError, Store } from "../../cache/store.ts"
import { accepted } from "../override/acceptance.ts"
import { expectedAt, type Check, type Expectation, type Judged } from "../check.ts"
import { valuesOf, type Finished } from "../run/verdicts.ts"
import type { SpecError } from "../error.ts"
import type { PageContent } from "../spec/content.ts"
import type { Counts, Events } from "../event.ts"
import type { Executor } from "../executor/executor.ts"
import type { Loaded } from "../plan/load.ts"
import { commitOf } from "./commit.ts"
import { dot, fold, svg } from "../plan/graph.ts"
import { stageOf, type Node, type Output } from "../node.ts"
import type { Patterns } from "../plan/select.ts"
import type { Settlements } from "../run/settled.ts"
import type { Table } from "../stage.ts"
import { provenanceOf, type Provenance } from "../run/provenance.ts"

/** What the page tells about its run. */
export interface Run {
  readonly counts: Counts
  readonly seconds: number
  /** The patterns that selected a part of the spec. */
  readonly patterns: Patterns
}

/** Everything that the page of a run shows. */
export const contentOf = Effect.fnUntraced(function* (
  finished: Finished,
  judged: ReadonlyArray<Judged>,
  run: Run,
): Effect.fn.Return<PageContent, CacheError | SpecError, Store | Executor | Events> {
  const { loaded, settled, context } = finished
  const { page, config, scale, scales } = loaded.built
  const valueOf = yield* valuesOf(finished, outputsOf(page), "the page")
  const figures = page.figures.map((figure) => ({ figure, spec: valueOf(figure.figure) }))
  const shown = figures.filter(({ spec }) => spec !== undefined)
  const tables = Array.from(
    new Map(
      shown.flatMap(({ figure }) =>
        figure.table === undefined ? [] : [[nameOf(figure.table), figure.table] as const],
      ),
    ),
    ([name, output]) => ({ name, columns: valueOf(output) as Table }),
  )
  const provenances = yield* provenancesOf(settled)
  const stages = stageCosts(settled, provenances)
  const commit = commitOf(loaded.module)
  const { imports, packages } = yield* context.fingerprints.ofExport(loaded.module, "default")
  return {
    title: page.title,
    lead: page.lead,
    ...(page.source === undefined ? {} : { source: page.source }),
    claims: judged.map(({ check, expect, measured, spread, verdict, would, asDeclared, note }) => {
      const figure = page.figures.find((each) => each.checks?.includes(check.id))?.id
      const stated = check.stated ?? expect.stated
      const { node, name } = check.value.output
      const made = settled.get(node)
      return {
        id: check.id,
        kind: check.kind ?? "claim",
        claim: check.claim,
        source: check.source,
        expected: expect.text,
        fails: failsOf(check, expect),
        elsewhere: elsewhere(check, scale, scales),
        measured,
        spread,
        verdict,
        asDeclared,
        ...(would === undefined ? {} : { would }),
        ...(stated === undefined ? {} : { stated }),
        ...(check.rival === undefined ? {} : { rival: `${digits(check.rival.value)}: ${check.rival.text}` }),
        ...(check.published === undefined ? {} : { published: check.published }),
        ...(check.method === undefined ? {} : { method: check.method }),
        ...(check.differs === undefined ? {} : { differs: check.differs.text }),
        ...(check.declared === undefined ? {} : { declared: check.declared }),
        ...(figure === undefined ? {} : { figure }),
        from: {
          node: node.name,
          output: name,
          ...(made?._tag === "Done" && made.key !== null && { key: made.key }),
        },
        ...(note === undefined ? {} : { note }),
      }
    }),
    ...(page.statements === undefined ? {} : { statements: page.statements }),
    ...(page.accounts === undefined ? {} : { accounts: page.accounts }),
    figures: shown.map(({ figure: { id, title, caption, checks, table }, spec }) => ({
      id,
      title,
      caption,
      spec,
      claims: checks ?? [],
      ...(table === undefined ? {} : { table: nameOf(table) }),
    })),
    nodes: [...settled].flatMap(([node, how]) =>
      how._tag === "Done" && how.key !== null ? [{ name: node.name, key: how.key, seconds: how.seconds }] : [],
    ),
    tables,
    made: {
      spec: loaded.path,
      scale,
      config: config.map(({ name, value, description }) => ({
        name,
        value: Array.isArray(value) ? value.join(", ") : String(value),
        description,
      })),
      versions: [
        { name: "Node", version: process.versions.node },
        ...imports.flatMap((name) =>
          packages[name] === undefined ? [] : [{ name, version: packages[name].split(" ")[0]! }],
        ),
      ],
      machine: machine(),
      nodes: settled.size,
      counts: run.counts,
      seconds: run.seconds,
      computeSeconds: stages.reduce((sum, stage) => sum + stage.seconds, 0),
      stages,
      accepted: accepted([...provenances.values()].map(({ parts: { stage }, accepted = [] }) => ({ stage, accepted }))),
      graph: yield* Effect.promise(() => svg(dot(fold(loaded.plan)))),
      commands: commandsFor(loaded, run.patterns),
      show: command("show", loaded),
      rerun: `${command("run", loaded)} --until`,
      date: new Date().toISOString(),
      ...(commit === undefined ? {} : { commit }),
    },
  }
})

/** The values that contradict: outside of the tolerance, or nearer to the rival than to the stated number. */
const failsOf = ({ stated: own, rival, differs }: Check, expect: Expectation): string => {
  const stated = own ?? expect.stated
  const near =
    rival === undefined || stated === undefined ? "" : `, or nearer to ${rival.value} than to ${digits(stated)}`
  return (differs ?? expect).fails + near
}
const digits = (value: number): number => Number(value.toPrecision(4))

/** All outputs that a page shows. */
export const outputsOf = ({ figures }: Pick<Loaded["built"]["page"], "figures">): ReadonlyArray<Output> =>
  figures.flatMap(({ figure, table }) => (table === undefined ? [figure] : [figure, table]))

const elsewhere = (
  check: Check,
  here: string,
  scales: ReadonlyArray<string>,
): PageContent["claims"][number]["elsewhere"] => {
  const others = (check.scales ?? scales)
    .filter((scale) => scale !== here)
    .map((scale) => ({ scale, expected: expectedAt(check, scale).text }))
  return others.filter(({ expected }) => expected !== expectedAt(check, here).text)
}

const provenancesOf = Effect.fnUntraced(function* (
  settled: Settlements,
): Effect.fn.Return<ReadonlyMap<Node, Provenance>, CacheError, Store> {
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
    return {
      name,
      nodes: nodes.length,
      seconds: made.reduce((sum, { seconds }) => sum + seconds, 0),
      peakMemory: made.reduce((most, { peakMemory }) => Math.max(most, peakMemory), 0),
    }
  })

/** The name of a table, which is also the name of its file. */
const nameOf = (output: Output): string => output.node.name.replaceAll(/[^\w.-]/g, "-")

/** The machine on which the page was made. */
export const machine = (): PageContent["made"]["machine"] => [
  { name: "Processor", value: `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores` },
  { name: "Memory", value: `${Math.round(totalmem() / 2 ** 30)} GiB` },
  { name: "System", value: `${system()} ${release()}, ${process.arch}` },
]

const commandsFor = (loaded: Loaded, { until, from, only, except }: Patterns): PageContent["made"]["commands"] => {
  const part = Object.entries({ until, from, only, except })
    .flatMap(([flag, patterns]) => patterns.map((pattern) => ` --${flag} ${quoted(pattern)}`))
    .join("")
  return [
    {
      text: "Make this page again; what is done already is not computed again",
      command: command("run", loaded) + part,
    },
    { text: "See what would run after a change, and why", command: command("plan", loaded) + part },
    { text: "Look into one node: outputs, digests, log, provenance", command: `${command("show", loaded)} NODE` },
  ]
}

const command = (name: string, { path, settings }: Loaded): string =>
  [
    "npx pipeline",
    name,
    path,
    ...Object.entries(settings).map(([setting, value]) => `--set ${quoted(`${setting}=${value}`)}`),
  ].join(" ")

const quoted = (text: string): string =>
  /^[\w.,:=/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
