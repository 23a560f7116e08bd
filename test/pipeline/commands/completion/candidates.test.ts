// The values to choose from, of a small spec in a folder and of a journal in memory.
import { Effect } from "effect"
import { expect, it } from "vitest"
import { Journal, memoryJournal } from "../../../../cache/journal.ts"
import {
  nodes,
  outputs,
  patterns,
  runs,
  settingsOf,
  specs,
  type Candidate,
} from "../../../../pipeline/commands/completion/candidates.ts"
import { directoryOf } from "../../../support/directory.ts"

const text = `
import { Effect, Schema } from "effect"
import { grid, node, source } from "@/pipeline/node.ts"
import { setting, spec } from "@/pipeline/spec.ts"
import { stage, Table } from "@/pipeline/stage.ts"
export const draw = stage(import.meta, "draw", {
  params: Schema.Struct({}), inputs: {}, outputs: { all: Table, mean: Table },
  run: async () => ({ run: () => Effect.succeed({ all: {}, mean: {} }) }),
})
export default spec({
  config: { widths: setting(Schema.Array(Schema.Int), [8, 16], "hidden units") },
  scales: { quick: {}, paper: { widths: [64] } },
  nodes: ({ widths }) => [source({ path: "data.txt" }), grid({ h: widths }).map((at) => node(draw, {}, {}, at))],
  checks: () => [],
  page: () => ({ title: "", lead: [], figures: [], render: async () => ({ page: async () => new Map() }) }),
})
`
const textsOf = async <E>(found: Effect.Effect<ReadonlyArray<Candidate>, E>): Promise<ReadonlyArray<string>> =>
  (await Effect.runPromise(found)).map((one) => one.text)

it("specs are the files with a default export, beside folders", async () => {
  const directory = directoryOf({
    "study/one.ts": text,
    "study/shared.ts": "export const x = 1",
    "study/more/two.ts": text,
    "study/notes.md": "",
  })
  expect(await textsOf(specs(`${directory}/study/on`))).toEqual([
    `${directory}/study/more/`,
    `${directory}/study/one.ts`,
  ])
})

it("settings, scales, nodes, stages and outputs are the spec's own, under the settings given", async () => {
  const spec = `${directoryOf({ "one.ts": text })}/one.ts`
  expect(await textsOf(settingsOf(spec, {}, "wi"))).toEqual(["scale=", "widths="])
  expect(await textsOf(settingsOf(spec, {}, "widths="))).toEqual(["scale=quick", "scale=paper", "widths=8,16"])
  expect(await textsOf(patterns(spec, {}))).toEqual(["source", "draw", "source/data.txt", "draw/h=8", "draw/h=16"])
  expect(await textsOf(nodes(spec, { scale: "paper" }))).toEqual(["draw/h=64"])
  expect(await textsOf(outputs(spec, {}, "draw/h=8"))).toEqual(["all", "mean"])
  expect(await textsOf(outputs(spec, {}, "none"))).toEqual([])
})

const began = (run: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      const journal = yield* Effect.flatMap(Journal, ({ open }) => open(run))
      yield* journal.append("began specs/one.ts", { settings: {}, nodes: 1 })
    }),
  )

it("runs are told by their short ids, the last coming first", async () => {
  const two = Effect.andThen(began("2026-01-01T00-00-00-000Z-aaaaaaaa"), began("2026-01-02T00-00-00-000Z-bbbbbbbb"))
  expect(await textsOf(Effect.provide(Effect.andThen(two, runs), memoryJournal))).toEqual([
    "last",
    "bbbbbbbb",
    "aaaaaaaa",
  ])
  expect(await textsOf(Effect.provide(runs, memoryJournal))).toEqual([])
})
