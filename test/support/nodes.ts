// One node after another in this process, each of some code: what it gives, and what it was found to have changed.
import { mkdtempSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { digestOf } from "../../cache/digest.ts"
import { Installed } from "../../pipeline/code/packages.ts"
import { servicesFor } from "../../pipeline/world/services.ts"
import { compile, evaluate } from "../../pipeline/world/evaluate.ts"
import { Work } from "../../pipeline/world/deferred.ts"
import { pure, words } from "../../pipeline/code/names.ts"
import { sandbox } from "../../pipeline/world/sandbox.ts"
import { project, write } from "./directory.ts"

export interface NodeEnd {
  readonly value: unknown
  readonly error: unknown
  readonly changed: string | undefined
}

/** A project of these packages, each a text, and Effect. */
export const projectWith = (packages: { readonly [file: string]: string }): string => {
  const directory = mkdtempSync(join(tmpdir(), "pipeline-"))
  write(directory, { "package.json": "{}", ...packages })
  symlinkSync(join(project, "node_modules/effect"), join(directory, "node_modules/effect"))
  return directory
}

/** Runs a node: its code ends in an expression, and finds what it imports as m0, m1 and so on. */
export const nodeOf = async (code: string, imports: ReadonlyArray<string> = [], root = project): Promise<NodeEnd> => {
  const names = new Set(code.match(/(?<![.\w$])[A-Za-z_$][\w$]*/g) ?? [])
  const header = {
    imports: imports.map((specifier, i) => ({ specifier, names: [["*", `m${i}`]] })),
    globals: ["globalThis", "process", ...known].filter((name) => names.has(name) && !pure.has(name)),
    value: "value",
  }
  const text = `${JSON.stringify(header)}\n${/\bvalue =/.test(code) ? code : `const value = await (${code})`}`
  const packages = imports.filter((name) => !name.startsWith("node:"))
  const { manifest } = new Installed(root, new Map()).closure(packages.map((specifier) => ({ specifier, from: "" })))
  const work = new Work()
  const job = { code: digestOf(text), root, environment: {} }
  const services = servicesFor(job, [], work)
  const end = await work
    .run(async () => evaluate(compile(job.code, text), sandbox.enter(job, manifest, services, [])))
    .then(
      (value) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error }),
    )
  work.end()
  return { ...end, changed: sandbox.leave() }
}
const known = words(`
  Date Math Intl crypto setTimeout setImmediate clearTimeout clearImmediate WebAssembly console AbortSignal Event
  pipelineImport pipelineRequire pipelineKept __dirname __filename CompressionStream global
`)
