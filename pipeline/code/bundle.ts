// The code behind one export as one text, so that two texts differ only where the code may do other things; and
// which files a module is made of.
import { existsSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, isAbsolute, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown, RolldownMagicString, type OutputChunk, type OutputOptions, type Plugin } from "rolldown"
import { isLinked } from "./files.ts"
import { bodyMark, marksIn, type Mark } from "./marks.ts"
import { packageOf } from "./packages.ts"

export interface Bundle {
  readonly code: string
  /** Packages imported by what is left. */
  readonly imports: ReadonlyArray<string>
  /** Absolute paths of every file that was read, and those of links that led to them. */
  readonly files: ReadonlyArray<string>
}

const entry = "\0entry"
const body = "\0body:"

/** A module that the bundler wrote, and the way back to the files it comes from, by absolute paths. */
export interface Chunk {
  readonly code: string
  readonly map: { readonly sources: ReadonlyArray<string>; readonly mappings: string }
}

/** Bundles one export of a module with all it reaches in the project; packages stay outside. */
export const bundle = async (path: string, name: string): Promise<Bundle> => {
  const { chunks, files } = await generate(path, name, {
    codeSplitting: false,
    // Names of locals are free, those of functions and classes can be read by the code: to rename one is a change.
    // Nothing is folded, so that what is left is what was written.
    minify: { compress: false, mangle: { toplevel: true, keepNames: true }, codegen: { removeWhitespace: true } },
  })
  return {
    code: chunks.map((chunk) => chunk.code).join("\n"),
    imports: [...new Set(chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]).filter(isPackage).map(packageOf))].sort(),
    files,
  }
}

/** The same code as it was written, in place of as short as can be. */
export const reached = async (path: string, name: string): Promise<{ readonly chunks: ReadonlyArray<Chunk>; readonly files: ReadonlyArray<string> }> => {
  const { chunks, files } = await generate(path, name, { sourcemap: "hidden", sourcemapExcludeSources: true, sourcemapPathTransform: (source, map) => resolve(dirname(map), source) })
  return { chunks: chunks.map(({ code, map }) => ({ code, map: map! })), files }
}

const generate = async (path: string, name: string, output: OutputOptions): Promise<{ readonly chunks: ReadonlyArray<OutputChunk>; readonly files: ReadonlyArray<string> }> => {
  const files = new Set<string>()
  const build = await rolldown({
    input: entry,
    platform: "node",
    external: isOutside,
    // What Node loads it runs, whatever a package.json says of it. Of the marks of purity only ours are left.
    treeshake: { propertyReadSideEffects: "always", moduleSideEffects: (id) => (isAbsolute(id) ? true : undefined) },
    // As Node reads it: no tsconfig, and an import that is not of a type is one, be it used or not.
    tsconfig: false,
    transform: { typescript: { onlyRemoveTypeImports: true } },
    plugins: [oneExport(path, name, files), marked],
    onLog: () => {},
  })
  try {
    const written = await build.generate({ format: "esm", comments: false, ...output })
    return { chunks: written.output.filter((part) => part.type === "chunk"), files: [...files].sort() }
  } finally {
    await build.close()
  }
}

/**
 * Every file that a module reaches, stages' bodies included; also where some are torn, and those that it imports and
 * that are not there. From the text alone: nothing is executed.
 */
export const closure = async (path: string): Promise<ReadonlySet<string>> => {
  const files = new Set<string>()
  const build = await rolldown({
    input: path,
    platform: "node",
    external: isOutside,
    treeshake: false,
    tsconfig: false,
    plugins: [allFiles(files)],
    onLog: () => {},
  })
  try {
    await build.generate()
  } catch {
    // the files were found all the same, and who runs the module will say what is wrong
  } finally {
    await build.close()
  }
  return files
}

const allFiles = (files: Set<string>): Plugin => ({
  name: "all-files",
  async resolveId(source, importer) {
    const resolved = await this.resolve(source, importer)
    if (resolved !== null) return resolved
    files.add(importer === undefined ? source : resolve(dirname(importer), source))
    return { id: source, external: true } // so that the others are still looked for
  },
  load(id) {
    if (isAbsolute(id)) files.add(id)
    return null
  },
})

const isPackage = (id: string): boolean => /^[@a-z]/i.test(id) && !isAbsolute(id) && !isBuiltin(id)

const packageJsonAbove = (file: string): string => {
  for (let at = dirname(file); ; at = dirname(at)) {
    if (existsSync(join(at, "package.json")) || dirname(at) === at) return join(at, "package.json")
  }
}

// A project may import itself by its own name; Node then looks into its `exports`.
const isOwn = (id: string, importer: string): boolean => {
  const file = packageJsonAbove(importer)
  if (!existsSync(file)) return false
  const { name, exports } = JSON.parse(readFileSync(file, "utf8")) as { readonly name?: unknown; readonly exports?: unknown }
  return name === packageOf(id) && exports !== undefined
}

const isOutside = (id: string, importer: string | undefined): boolean => isBuiltin(id) || (isPackage(id) && !(importer !== undefined && isAbsolute(importer) && isOwn(id, importer)))

// A stage's body is reached by a marked `import("./x.run.ts")`, of which only `run` is called: other exports are free.
const oneExport = (path: string, name: string, files: Set<string>): Plugin => ({
  name: "one-export",
  async resolveId(source, importer) {
    if (source === entry) return source
    if (source.startsWith("#") || isPackage(source)) files.add(packageJsonAbove(importer!)) // it says where that leads
    const named = resolve(dirname(importer!), source.replace(bodyMark, ""))
    if (isLinked(named)) files.add(named)
    if (!source.endsWith(bodyMark)) return null
    const resolved = await this.resolve(source.slice(0, -bodyMark.length), importer)
    return resolved === null ? null : body + resolved.id
  },
  load(id) {
    if (id === entry) return `export { ${name} as stage } from ${JSON.stringify(path)}`
    if (id.startsWith(body)) return `export { run } from ${JSON.stringify(id.slice(body.length))}`
    if (isAbsolute(id)) files.add(id)
    return null
  },
})

const ours = new Map(["stage", "spec"].map((name) => [fileURLToPath(new URL(`../${name}.ts`, import.meta.url)), name]))

interface Transformed {
  readonly code: string
  readonly map: string
}
// The stages of a spec share most of their files.
const transformed = new Map<string, { readonly text: string; readonly result: Transformed | null }>()

const marked: Plugin = {
  name: "marked",
  async transform(text, id) {
    if (!isAbsolute(id) || !/\.[cm]?[jt]sx?$/.test(id)) return null
    const known = transformed.get(id)
    if (known?.text === text) return known.result
    const marks = await marksIn(text, id, async (specifier) => ours.get((await this.resolve(specifier, id))?.id ?? ""))
    const result = marks.length === 0 ? null : withMarks(text, id, marks)
    transformed.set(id, { text, result })
    return result
  },
}

const withMarks = (text: string, id: string, marks: ReadonlyArray<Mark>): Transformed => {
  const marked = new RolldownMagicString(text)
  for (const { at, text: mark } of marks) marked.appendLeft(at, mark)
  return { code: marked.toString(), map: marked.generateMap({ hires: true, source: id }).toString() }
}
