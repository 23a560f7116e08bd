// Code in the world of a stage that declares two variables, one of which is set: its value, and what it logs.
import { digestOf } from "../../cache/digest.ts"
import { compile, evaluate } from "../../pipeline/world/evaluate.ts"
import { globalsFor } from "../../pipeline/world/globals.ts"
import { guard } from "../../pipeline/world/guard.ts"
import { hideEngine } from "../../pipeline/world/stack.ts"

hideEngine()
guard()

const names = [
  "globalThis",
  "global",
  "process",
  "console",
  "Date",
  "Math",
  "Intl",
  "crypto",
  "performance",
  "fetch",
  "eval",
  "Function",
  "setTimeout",
  "setInterval",
  "navigator",
  "WebSocket",
  "Worker",
  "WeakRef",
]
const more = [
  "FinalizationRegistry",
  "localStorage",
  "AbortSignal",
  "Event",
  "File",
  "Temporal",
  "pipelineImport",
  "pipelineRequire",
  "pipelineMeta",
  "__filename",
  "unheardOf",
  "MessageChannel",
]

/** What was logged. */
export const lines: Array<string> = []
const refuse = (specifier: string): never => {
  throw new Error(`a package: ${specifier}`)
}
/** The value of some code; the parts of Node and packages that it imports are `m0` and on. */
export const valueOf = async (code: string, imports: ReadonlyArray<string> = []): Promise<unknown> => {
  const header = {
    imports: imports.map((specifier, i) => ({ specifier, names: [["*", `m${i}`]] })),
    globals: [...names, ...more],
    value: "value",
  }
  const text = `${JSON.stringify(header)}\n${/\bvalue =/.test(code) ? code : `const value = await (${code})`}`
  const global = globalsFor({
    environment: { SET: "1", UNSET: undefined },
    log: (line) => {
      lines.push(line)
    },
    kept: (_, __, make) => make(),
  })
  return evaluate(compile(digestOf(text), text), { global, load: refuse, require: refuse })
}
