// The code behind one export as one text, so that two texts differ only where the code may do other things; and
// which files a module is made of.
import { existsSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, isAbsolute, join, resolve } from "node:path"
import { rolldown, type OutputChunk, type OutputOptions, type Plugin } from "rolldown"
import { packageOf } from "./packages.ts"

export interface Bundle {
  readonly code: string
  /** Packages imported by what is left. */
  readonly imports: ReadonlyArray<string>
  /** Absolute paths of every file that was read. */
  readonly files: ReadonlyArray<string>
}

// Calls that only build something: those of other exports may go. What runs an effect is not among them.
const ours = ["stage", "many", "setting", "spec"]
const lazyEffects = ["fn", "fnUntraced", "gen", "succeed", "fail", "sync", "suspend"].map((name) => `Effect.${name}`)
const pure = [...ours, ...lazyEffects, "Schema", "Context.Service", "Context.Reference", "Data.TaggedError"]

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
    // Names of locals are free; nothing is folded, so that what is left is what was written.
    minify: { compress: false, mangle: { toplevel: true }, codegen: { removeWhitespace: true } },
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
    external: (id) => isBuiltin(id) || isPackage(id),
    // What Node loads it runs, whatever a package.json or a comment says of it.
    treeshake: { manualPureFunctions: pure, propertyReadSideEffects: false, moduleSideEffects: (id) => (isAbsolute(id) ? true : undefined), annotations: false },
    // As Node reads it: no tsconfig, and an import that is not of a type is one, be it used or not.
    tsconfig: false,
    transform: { typescript: { onlyRemoveTypeImports: true } },
    plugins: [oneExport(path, name, files)],
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
    external: (id) => isBuiltin(id) || isPackage(id),
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

// A stage's body is reached by `import("./x.run.ts")`, of which only `run` is called: other exports are free.
const oneExport = (path: string, name: string, files: Set<string>): Plugin => ({
  name: "one-export",
  async resolveId(source, importer, { kind }) {
    if (source === entry) return source
    if (source.startsWith("#")) files.add(packageJsonAbove(importer!)) // it says where that leads
    if (kind !== "dynamic-import" || !source.endsWith(".run.ts")) return null
    const resolved = await this.resolve(source, importer)
    return resolved === null ? null : body + resolved.id
  },
  load(id) {
    if (id === entry) return `export { ${name} as stage } from ${JSON.stringify(path)}`
    if (id.startsWith(body)) return `export { run } from ${JSON.stringify(id.slice(body.length))}`
    if (isAbsolute(id)) files.add(id)
    return null
  },
})
