// Where does the code of a stage do what no key sees? The sightings in what is left of its code, back at their
// places in the files, without those that the stage or a comment declares. Refuses to know specs and sentences.
import { readFileSync } from "node:fs"
import { SourceMap } from "node:module"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { reached, type Chunk } from "./bundle.ts"
import type { AnyStage } from "../node.ts"
import { parse, placeIn } from "./syntax.ts"
import { isRefused, unseenIn, type Sighting } from "./unseen.ts"

export interface Finding {
  /** `Reason` is an exception without one. */
  readonly kind: Sighting["kind"] | "Reason"
  readonly what: string
  readonly variable?: string
  /** Relative to the working directory. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** Those that reach it, in the order of the plan. */
  readonly stages: ReadonlyArray<string>
}

export interface Linted {
  readonly findings: ReadonlyArray<Finding>
  /** How many files were read. */
  readonly files: number
}

/** The findings in the code of some stages, by file, line and column. */
export const lint = async (stages: ReadonlyArray<Coded>): Promise<Linted> => {
  const each = await Promise.all(stages.map(lintStage))
  return { findings: merged(each.flatMap(({ findings }) => findings)), files: new Set(each.flatMap(({ files }) => files)).size }
}

/** The findings for which a stage is refused; an exception without its reason excepts nothing. */
export const refusals = async (stage: Coded): Promise<ReadonlyArray<Finding>> => merged((await lintStage(stage)).findings.filter(({ kind }) => kind === "Reason" || isRefused(kind)))

type Coded = Pick<AnyStage, "module" | "name" | "environment">

const lintStage = async ({ module, name, environment }: Coded): Promise<{ readonly findings: ReadonlyArray<Finding>; readonly files: ReadonlyArray<string> }> => {
  const { chunks, files } = await reached(fileURLToPath(module), name)
  const findings = chunks.flatMap((chunk) => {
    const sightings = unseenIn(chunk.code).filter(({ variable }) => variable === undefined || !environment.includes(variable))
    return sightings.length === 0 ? [] : placed(sightings, chunk).flatMap(([sighting, place]) => findingAt(sighting, place, name) ?? [])
  })
  return { findings, files }
}

interface Place {
  /** Absolute. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Sightings with where they stand in the project; what the bundler itself wrote stands nowhere. */
const placed = (sightings: ReadonlyArray<Sighting>, { code, map }: Chunk): ReadonlyArray<readonly [Sighting, Place]> => {
  const place = placeIn(code)
  const files = new SourceMap({ ...map, sources: [...map.sources], version: 3, file: "", names: [], sourcesContent: [], sourceRoot: "" })
  return sightings.flatMap((sighting) => {
    const { line, column } = place(sighting.start)
    const entry = files.findEntry(line - 1, column - 1)
    if (!("originalSource" in entry)) return []
    return [[sighting, { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 }] as const]
  })
}

const findingAt = ({ kind, what, variable }: Sighting, { file, line, column }: Place, stage: string): Finding | undefined => {
  const reason = exceptionsIn(file).get(line - 1)
  if (reason !== undefined && reason !== "") return undefined
  const found = reason === "" ? { kind: "Reason" as const, what } : { kind, what, ...(variable === undefined ? {} : { variable }) }
  return { ...found, file: relative(process.cwd(), file), line, column, stages: [stage] }
}

/** The reasons of the comments `// unseen: the reason` of a file by their lines; empty where there is none. */
const exceptionsIn = (file: string): ReadonlyMap<number, string> => {
  const source = readFileSync(file, "utf8")
  const place = placeIn(source)
  return new Map(
    parse(source, file).comments.flatMap(({ text, start }) => {
      const [, reason] = /^ ?unseen\b:?(.*)$/.exec(text) ?? []
      return reason === undefined ? [] : [[place(start).line, reason.trim()] as const]
    }),
  )
}

const merged = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> => {
  const byPlace = Map.groupBy(findings, ({ file, line, column, kind, what }) => JSON.stringify([file, line, column, kind, what]))
  return [...byPlace.values()]
    .map((same) => ({ ...same[0]!, stages: [...new Set(same.flatMap(({ stages }) => stages))] }))
    .toSorted((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1))
}
