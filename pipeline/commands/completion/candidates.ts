// Which values can be chosen: specs, settings, nodes, stages, outputs, runs? Reads them from the spec itself at the
// moment of the question, so the answer is right. Knows nothing about where on the command line the question comes
// from.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname } from "node:path"
import { Effect } from "effect"
import { recall } from "../history/find-run.ts"
import { load } from "../../plan/load.ts"
import { shortRun } from "../../history/message.ts"
import { stageOf } from "../../node.ts"
import type { Spec } from "../../spec.ts"

/** A word that can be chosen, and what it is. */
export interface Candidate {
  readonly text: string
  readonly about: string
}

export interface Settings {
  readonly [name: string]: string
}

/** The specs in the folder that was typed so far, or in `specs/`, and the folders that may hold more. */
export const specs = (typed: string): Effect.Effect<ReadonlyArray<Candidate>> =>
  Effect.sync(() => {
    const folder = typed.includes("/") ? `${dirname(`${typed}.`)}/` : existsSync("specs") ? "specs/" : ""
    return readdirSync(folder === "" ? "." : folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith(".") || entry.name === "node_modules") return []
      if (entry.isDirectory()) return [{ text: `${folder}${entry.name}/`, about: "" }]
      const path = `${folder}${entry.name}`
      return path.endsWith(".ts") && /^export default\b/m.test(readFileSync(path, "utf8"))
        ? [{ text: path, about: "" }]
        : []
    })
  })

/** `scale=`, and `name=` for each setting. After the `=`, the scales or the current value. */
export const settingsOf = Effect.fnUntraced(function* (spec: string, settings: Settings, typed: string) {
  const { built, module } = yield* load(spec, settings)
  if (!typed.includes("=")) {
    return [
      { text: "scale=", about: built.scale },
      ...built.config.map(({ name, value, description }) => ({
        text: `${name}=`,
        about: `${description} (${written(value)})`,
      })),
    ]
  }
  const { default: loaded } = yield* Effect.promise(() => import(module) as Promise<{ readonly default: Spec }>)
  return [
    ...loaded.scales.map((scale) => ({ text: `scale=${scale}`, about: "" })),
    ...built.config.map(({ name, value, description }) => ({ text: `${name}=${written(value)}`, about: description })),
  ]
})

const written = (value: unknown): string => (Array.isArray(value) ? value.join(",") : String(value))

/** The nodes that a command can look into. */
export const nodes = Effect.fnUntraced(function* (spec: string, settings: Settings) {
  const { plan } = yield* load(spec, settings)
  return plan.nodes.flatMap((node) => (node._tag === "StageNode" ? [{ text: node.name, about: "" }] : []))
})

/** The names that a pattern can match (without stars): stages, then figures, then nodes. */
export const patterns = Effect.fnUntraced(function* (spec: string, settings: Settings) {
  const { plan, built } = yield* load(spec, settings)
  const stages = new Map<string, number>()
  for (const node of plan.nodes) stages.set(stageOf(node), (stages.get(stageOf(node)) ?? 0) + 1)
  const named = [...stages].map(([text, count]) => ({ text, about: count === 1 ? "1 node" : `${count} nodes` }))
  const { figures } = built.page
  return [
    ...named,
    ...figures.map(({ id, title }) => ({ text: `figure/${id}`, about: title })),
    ...plan.nodes.flatMap((node) => (stages.has(node.name) ? [] : [{ text: node.name, about: "" }])),
  ]
})

export const outputs = Effect.fnUntraced(function* (spec: string, settings: Settings, name: string) {
  const { plan } = yield* load(spec, settings)
  const node = plan.byName.get(name)
  return node?._tag === "StageNode"
    ? Object.entries(node.stage.outputs).map(([text, { kind }]) => ({ text, about: kind }))
    : []
})

/** Past runs by their tags and the short form of their ids, newest first. */
export const runs = Effect.map(recall, ({ runs }) => {
  const ids = runs.toReversed().flatMap(({ run, tags, spec, began }) =>
    [...tags, shortRun(run)].map((text) => ({
      text,
      about: `${new Date(began).toISOString().slice(0, 16)}Z ${spec}`,
    })),
  )
  return ids.length === 0 ? [] : [{ text: "last", about: ids[0]!.about }, ...ids]
})
