// Finds the files that a module consists of: every file that the module reaches, including the bodies of stages, files
// that do not parse, and imported files that do not exist. Reads only the text and executes nothing. Knows nothing
// about which statements are needed.
import { fileURLToPath, pathToFileURL } from "node:url"
import { Graph } from "./graph.ts"
import { fileOf, idOf, urlOf, type Module } from "./module.ts"

/** The absolute paths of all files of the project that the module at `path` reaches. */
export const closure = (path: string): ReadonlySet<string> => {
  const graph = new Graph()
  const files = new Set<string>()
  const open = [idOf(pathToFileURL(path).href)]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (files.has(fileOf(id))) continue
    files.add(fileOf(id))
    const module = read(graph, id)
    if (module !== undefined) open.push(...nextOf(graph, module))
  }
  return files
}

// The command that runs the module reports what is wrong with it.
const read = (graph: Graph, id: string): Module | undefined => {
  try {
    return graph.module(id)
  } catch {
    return undefined
  }
}

const nextOf = (graph: Graph, module: Module): ReadonlyArray<string> => {
  const later = module.statements.flatMap(({ uses }) =>
    uses.flatMap((use) =>
      use._tag === "Loading" && use.specifier !== undefined ? [{ specifier: use.specifier, by: use.by }] : [],
    ),
  )
  const all = [...module.specifiers.map((specifier) => ({ specifier, by: "import" as const })), ...later]
  return all.flatMap(({ specifier, by }) => {
    const place = graph.place(module, specifier, by)
    if (place._tag === "Project") return [place.id]
    const wanted =
      place._tag === "Missing" && specifier.startsWith(".") ? new URL(specifier, urlOf(module.id)).href : undefined
    return wanted === undefined ? [] : [idOf(pathToFileURL(fileURLToPath(wanted)).href)]
  })
}
