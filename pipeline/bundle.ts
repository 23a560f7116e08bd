// The code behind one export as one text, so that two texts differ only where the code may do other things.
import { isBuiltin } from "node:module"
import { isAbsolute } from "node:path"
import { rolldown, type Plugin } from "rolldown"
import { packageOf } from "./packages.ts"

export interface Bundle {
  readonly code: string
  /** Packages imported by what is left. */
  readonly imports: ReadonlyArray<string>
  /** Absolute paths of every file that was read. */
  readonly files: ReadonlyArray<string>
}

// Calls that only build something: those of other exports may go. What runs an effect is not among them.
const ours = ["stage", "many", "setting"]
const lazyEffects = ["fn", "fnUntraced", "gen", "succeed", "fail", "sync", "suspend"].map((name) => `Effect.${name}`)
const pure = [...ours, ...lazyEffects, "Schema", "Context.Service", "Context.Reference", "Data.TaggedError"]

const entry = "\0entry"
const body = "\0body:"

/** Bundles one export of a module with all it reaches in the project; packages stay outside. */
export const bundle = async (path: string, name: string): Promise<Bundle> => {
  const files = new Set<string>()
  const build = await rolldown({
    input: entry,
    platform: "node",
    external: (id) => isBuiltin(id) || isPackage(id),
    treeshake: { manualPureFunctions: pure, propertyReadSideEffects: false },
    plugins: [oneExport(path, name, files)],
    onLog: () => {},
  })
  try {
    const { output } = await build.generate({
      format: "esm",
      codeSplitting: false,
      comments: false,
      // Names of locals are free; nothing is folded, so that what is left is what was written.
      minify: { compress: false, mangle: { toplevel: true }, codegen: { removeWhitespace: true } },
    })
    const chunks = output.filter((part) => part.type === "chunk")
    return {
      code: chunks.map((chunk) => chunk.code).join("\n"),
      imports: [...new Set(chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]).filter(isPackage).map(packageOf))].sort(),
      files: [...files].sort(),
    }
  } finally {
    await build.close()
  }
}

const isPackage = (id: string): boolean => /^[@a-z]/i.test(id) && !isAbsolute(id) && !isBuiltin(id)

// A stage's body is reached by `import("./x.run.ts")`, of which only `run` is called: other exports are free.
const oneExport = (path: string, name: string, files: Set<string>): Plugin => ({
  name: "one-export",
  async resolveId(source, importer, { kind }) {
    if (source === entry) return source
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
