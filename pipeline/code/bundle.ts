// Makes one text of the code behind an export, and lists the files that the code is made of. Two texts differ only if
// the code may behave differently. A worker runs this text. Knows nothing about memos and stores.
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
  /** The header on the first line, then the code. */
  readonly text: string
  /** The source map, from places in the code to places in the files. */
  readonly map: string
  /** Every package that the code names, in imports at the start or in import() and require() calls later. */
  readonly externals: ReadonlyArray<External>
  /**
   * The specifiers that were resolved, with their folders in the project, if the answer can change when other files
   * appear.
   */
  readonly asked: ReadonlyArray<Asked>
  /** The absolute paths of all files that were read, and of the links that led to them. */
  readonly files: ReadonlyArray<string>
}

const entry = "entry.mts"

/** Bundles one export of a module with all code that it reaches in the project at `root`. Packages stay outside. */
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
      // The sources are relative to the folder that the bundler would write to.
      sources: chunk.map?.sources.map((source) => relative(root, resolve("dist", source))),
      sourcesContent: undefined,
      begin: chunk.code.length - code.length,
    }),
    externals: [...externals.values()],
    asked: reached.graph.asked.map((each) => ({ ...each, folder: relative(root, each.folder) })),
    files: [...reached.graph.files, ...besides(reached.graph)].sort(),
  }
}

// If two folders of the project find a package in two different places, the package counts as two packages.
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
    // Annotations in the code about its own calls may be wrong.
    treeshake: { annotations: false, propertyReadSideEffects: "always" },
    // An import that is not a type import stays an import, even if its names are not used.
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
      // Local names may be renamed. The code can read the names of functions and classes, so renaming those would be a
      // change. Nothing is folded, so the remaining text is the text that was written.
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
    // All code that is left is needed, so the bundler must not remove anything.
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
 * Takes the imports and exports out of a chunk, so that the rest is the body of a function. The bundler writes imports
 * first and the export last. Only these two ends are parsed, because the rest is most of the text.
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
  // Loading a Node module has no effect by itself, so an import without names is left out.
  const asked = Array.from(imports, ([specifier, taken]) => ({ specifier, names: taken })).filter(
    ({ specifier, names: taken }) => taken.length > 0 || !specifier.startsWith("node:"),
  )
  return { header: { imports: asked, globals, value }, code: chunk.slice(begin, end) }
}

/** The files that decide where imports lead, besides the modules themselves: package.json files, and links in paths. */
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
