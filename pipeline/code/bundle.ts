// The code behind one export as one text, so that two texts differ only where the code may do other things; and which
// files a module is made of. What a worker runs is this text.
import { existsSync } from "node:fs"
import { dirname, isAbsolute, relative, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { rolldown, type OutputChunk, type Plugin } from "rolldown"
import type { Header } from "./header.ts"
import { pure } from "./names.ts"
import { packageJsonAbove, type Asked } from "./bare-import.ts"
import { Emitter, handed } from "./emit.ts"
import { isLinked } from "./files.ts"
import type { Graph } from "./graph.ts"
import { idOf, importedName, urlOf, type Module } from "./module.ts"
import { Needs } from "./needs.ts"
import { packageFolder, packageOf, type External } from "./packages.ts"
import { reach } from "./reach.ts"
import { parse } from "./syntax.ts"

export interface Bundle {
  /** The header, a line, and the code. */
  readonly text: string
  /** The way from the code back to the files. */
  readonly map: string
  /** Every package that the code names, at once or later. */
  readonly externals: ReadonlyArray<External>
  /** What was asked of which folder of the project, where the answer may be another once there are other files. */
  readonly asked: ReadonlyArray<Asked>
  /** Absolute paths of every file that was read, and those of links that led to them. */
  readonly files: ReadonlyArray<string>
}

const entry = "entry.mts"

/** Bundles one export of a module with all it reaches in the project at `root`; packages stay outside. */
export const bundle = async (path: string, name: string, root: string): Promise<Bundle> => {
  const id = idOf(pathToFileURL(path).href)
  const reached = reach(id, name)
  const externals = new Map<string, External>()
  const external = (specifier: string, from: Module): string => {
    const each = { specifier, from: homeOf(specifier, from, root) }
    const asked = each.from === "" ? specifier : `${specifier}?from=${each.from}`
    externals.set(asked, each)
    return asked
  }
  const module = reached.graph.module(id)
  const needs = new Needs(reached, module, name)
  const emitter = new Emitter(reached, needs, external)
  const chunk = await joined(emitter.entry(module, name), emitter)
  const { header, code } = linked(chunk.code, [...needs.globals, ...Object.values(handed)])
  return {
    text: `${JSON.stringify(header)}\n${code}`,
    map: JSON.stringify({
      ...chunk.map,
      // As from the folder that the bundler would write to.
      sources: chunk.map?.sources.map((source) => relative(root, resolve("dist", source))),
      sourcesContent: undefined,
      begin: chunk.code.length - code.length,
    }),
    externals: [...externals.values()],
    asked: reached.graph.asked.map((each) => ({ ...each, folder: relative(root, each.folder) })),
    files: [...reached.graph.files, ...besides(reached.graph)].sort(),
  }
}

// A package that two folders of the project find in two places is two packages.
const homeOf = (specifier: string, from: Module, root: string): string => {
  if (specifier.startsWith("#")) return relative(root, dirname(packageJsonAbove(dirname(from.file))))
  const name = packageOf(specifier)
  return packageFolder(name, dirname(from.file)) === packageFolder(name, root) ? "" : relative(root, dirname(from.file))
}

const joined = async (start: string, emitter: Emitter): Promise<OutputChunk> => {
  const build = await rolldown({
    input: entry,
    platform: "node",
    tsconfig: false,
    // What the code says of its own calls may be wrong.
    treeshake: { annotations: false, propertyReadSideEffects: "always" },
    // An import that is not of a type is one, be it used or not.
    transform: { typescript: { onlyRemoveTypeImports: true } },
    plugins: [emitting(start, emitter)],
    onLog: () => {},
  })
  try {
    const { output } = await build.generate({
      format: "esm",
      comments: false,
      codeSplitting: false,
      sourcemap: "hidden",
      keepNames: true,
      // Names of locals are free, those of functions and classes can be read by the code: to rename one is a change.
      // Nothing is folded, so that what is left is what was written.
      minify: { compress: false, mangle: { toplevel: true, keepNames: true }, codegen: { removeWhitespace: true } },
    })
    return output[0]
  } finally {
    await build.close()
  }
}

const emitting = (start: string, emitter: Emitter): Plugin => ({
  name: "emitting",
  resolveId: (source) => (source === entry || emitter.knows(source) ? source : { id: source, external: true }),
  load(id) {
    const found = id === entry ? { code: start, map: "" } : emitter.load(id)
    // What is left is needed: the bundler has nothing to decide.
    return found === undefined
      ? null
      : {
          code: found.code,
          moduleType: "ts",
          moduleSideEffects: "no-treeshake",
          ...(found.map === "" ? {} : { map: found.map }),
        }
  },
})

/**
 * Takes imports and exports out of a chunk, so that what is left is the body of a function. The bundler writes imports
 * first and the export last, and only these are parsed: the rest is most of the text.
 */
const linked = (chunk: string, names: ReadonlyArray<string>): { readonly header: Header; readonly code: string } => {
  const begin = /^(?:import(?![(.])(?:[^"'();]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*;\s*)*/.exec(chunk)![0].length
  const end = chunk.search(/export\{[^}]*\};?\s*$/)
  const { program } = parse(chunk.slice(0, begin) + chunk.slice(end), "ends.js")
  const imports = new Map<string, Array<readonly [string, string]>>()
  let value = ""
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      const taken = imports.get(node.source.value) ?? []
      imports.set(node.source.value, taken)
      for (const each of node.specifiers) taken.push([importedName(each), each.local.name])
    }
    if (node.type === "ExportNamedDeclaration") {
      const [exported] = node.specifiers
      value = exported?.local.type === "Identifier" ? exported.local.name : ""
    }
  }
  const globals = [...new Set(names)].filter((name) => !pure.has(name)).sort()
  // Of a part of Node nothing happens when it is loaded.
  const asked = Array.from(imports, ([specifier, taken]) => ({ specifier, names: taken })).filter(
    ({ specifier, names: taken }) => taken.length > 0 || !specifier.startsWith("node:"),
  )
  return { header: { imports: asked, globals, value }, code: chunk.slice(begin, end) }
}

/** What says where imports lead, besides the files themselves: package.json, and links on the way. */
const besides = (graph: Graph): ReadonlyArray<string> => {
  const found = new Set<string>()
  for (const module of graph.modules) {
    found.add(packageJsonAbove(dirname(module.file)))
    for (const specifier of module.specifiers) {
      const named =
        specifier.startsWith(".") || isAbsolute(specifier) ? new URL(specifier, urlOf(module.id)) : undefined
      if (named?.protocol === "file:" && isLinked(idOf(named.href))) found.add(idOf(named.href))
    }
  }
  return [...found].filter((file) => existsSync(file))
}
