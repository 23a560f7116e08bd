// Finds the places where a stage could reach out of its world: uses of closed names in the code that the stage reaches.
// Reads only the text, before anything runs. A worker refuses the same names at run time, however the code reaches
// them. Knows nothing about specs.
import { relative } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { AnyStage } from "../node.ts"
import { closedGlobals, closedKind, closedMembers, type Closed } from "./names.ts"
import { placeIn } from "./fault.ts"
import type { Graph } from "./graph.ts"
import { idOf, type Module } from "./module.ts"
import { reach } from "./reach.ts"
import type { Named, Use } from "./uses.ts"

export interface Finding {
  readonly kind: Closed
  readonly what: string
  readonly variable?: string
  /** Relative to the working directory. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The names of the stages that reach this place, in the order of the plan. */
  readonly stages: ReadonlyArray<string>
}

export interface Linted {
  readonly findings: ReadonlyArray<Finding>
  /** How many files were read. */
  readonly files: number
}

/** The findings in the code of some stages, by file, line and column. */
export const lint = (stages: ReadonlyArray<Pick<AnyStage, "module" | "name" | "environment">>): Linted => {
  const files = new Set<string>()
  const findings = stages.flatMap(({ module, name, environment }) => {
    const { graph, statements } = reach(idOf(pathToFileURL(fileURLToPath(module)).href), name)
    for (const file of graph.files) files.add(file)
    return [...statements].flatMap((statement) =>
      statement.uses.flatMap((use) => {
        const found = closedUse(use, statement.module, graph)
        return found === undefined || (found.variable !== undefined && environment.includes(found.variable))
          ? []
          : [placed(found, use, statement.module, name)]
      }),
    )
  })
  return { findings: merged(findings), files: files.size }
}

type Sighting = Pick<Finding, "kind" | "what" | "variable">

const closedUse = (use: Use, module: Module, graph: Graph): Sighting | undefined => {
  if (use._tag === "Meta")
    return use.path.length === 0 ? undefined : { kind: "Beside", what: ["import.meta", ...use.path].join(".") }
  if (use._tag === "Loading")
    return use.specifier !== undefined
      ? undefined
      : { kind: use.by === "import" ? "Import" : "Require", what: "a name that is computed while the code runs" }
  const meaning = graph.meaning(module, use.name)
  if (meaning._tag === "Global")
    return use.name === "globalThis" && use.path.length > 0
      ? globalNamed({ ...use, name: use.path[0]!, path: use.path.slice(1) })
      : globalNamed(use)
  if (meaning._tag !== "Outside") return undefined
  const path = [...meaning.path, ...use.path].filter((each) => each !== "default")
  if (meaning.place._tag === "Builtin") return builtinNamed(meaning.place.specifier.slice("node:".length), path, use)
  return meaning.place.specifier.split("/")[0] === "effect"
    ? effectNamed([...meaning.place.specifier.split("/").slice(1), ...path], use)
    : undefined
}

const globalNamed = ({ name, path, how, given }: Named): Sighting | undefined => {
  const what = [name, ...path].join(".")
  const kind = closedGlobals.get(name) ?? (path.length === 0 ? undefined : closedMembers.get(`${name}.${path[0]}`))
  if (kind !== undefined) return { kind, what }
  if (name === "Date" && path.length === 0 && (how === "call" || (how === "new" && given.length === 0)))
    return { kind: "Time", what: "new Date()" }
  if (name !== "process" || path.length === 0) return undefined
  if (path[0] === "env")
    return { kind: "Environment", what: "process.env", ...(path.length === 1 ? {} : { variable: path[1]! }) }
  return ["platform", "arch", "nextTick", "emitWarning"].includes(path[0]!) ? undefined : { kind: "Machine", what }
}

const builtinNamed = (module: string, path: ReadonlyArray<string>, use: Named): Sighting | undefined => {
  if (module === "process") return globalNamed({ ...use, name: "process", path })
  const member = path[0] ?? ""
  const kind = module === "console" ? undefined : closedKind(module, member)
  return kind === undefined ? undefined : { kind, what: [`node:${module}`, ...path].join(".") }
}

const effectNamed = (path: ReadonlyArray<string>, { how, given }: Named): Sighting | undefined => {
  const what = path.join(".")
  if (path[0] === "Clock" || what.startsWith("DateTime.now")) return { kind: "Time", what }
  if (path[0] === "Random") return { kind: "Chance", what }
  if (path[0] !== "Config" || how === "read") return undefined
  // Functions such as Config.String("NAME") begin with a capital letter. Some functions take the variable's name as
  // their second argument, after the type or the values to decode to.
  const made = path[1] ?? ""
  const variable = ["schema", "Array", "Record", "Literal", "Literals"].includes(made)
    ? given[1]
    : /^[A-Z]/.test(made)
      ? given[0]
      : undefined
  return variable === undefined ? undefined : { kind: "Environment", what, variable }
}

const placed = (found: Sighting, use: Use, { file, text }: Module, stage: string): Finding => ({
  ...found,
  file: relative(process.cwd(), file),
  ...placeIn(text)(use._tag === "Named" ? use.start : use.node.start),
  stages: [stage],
})

const merged = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> => {
  const byPlace = Map.groupBy(findings, ({ file, line, column, kind, what }) =>
    JSON.stringify([file, line, column, kind, what]),
  )
  return [...byPlace.values()]
    .map((same) => ({ ...same[0]!, stages: [...new Set(same.flatMap(({ stages }) => stages))] }))
    .toSorted((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1))
}
