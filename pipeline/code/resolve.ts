// Finds where an import leads. Asks Node itself, from the importing file and under the conditions of this process, so a
// bundle contains the files that Node would load. Knows nothing about how a file is used.
import { createRequire, isBuiltin, registerHooks } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const scheme = "pipeline-from:"
const usual = new Set(["node", "import", "require", "module-sync", "node-addons", "default"])
let own: ReadonlyArray<string> | undefined
let canAnswer = false

// A hook is called for every import of the process, so the hook waits for the first question.
const answerQuestions = (): void => {
  canAnswer = true
  registerHooks({
    resolve: (specifier, context, next) => {
      if (!specifier.startsWith(scheme)) return next(specifier, context)
      own ??= (context.conditions ?? []).filter((each) => !usual.has(each))
      const { wanted, from } = JSON.parse(decodeURIComponent(specifier.slice(scheme.length))) as Asked
      return next(wanted, { ...context, parentURL: from })
    },
  })
}

interface Asked {
  readonly wanted: string
  /** The URL of a file. */
  readonly from: string
  /** Makes each question new: Node caches its answers, and a file may have appeared since. */
  readonly count?: number
}
let count = 0

const asking = (asked: Asked): string => scheme + encodeURIComponent(JSON.stringify(asked))

/** The URL that an import in the file at the URL `from` leads to. Throws the same errors as Node. */
export const resolveImport = (wanted: string, from: string): string => {
  if (!canAnswer) answerQuestions()
  return import.meta.resolve(asking({ wanted, from, count: count++ }))
}

/**
 * The target of a require() in the file at the URL `from`: the path of a file, or the name of a Node module. Throws the
 * same errors as Node.
 */
export const resolveRequire = (wanted: string, from: string): string => createRequire(from).resolve(wanted)

/** The URL of the target of an import or a require(), or the name of a Node module; undefined if Node finds nothing. */
export const leadsTo = (by: "import" | "require", wanted: string, from: string): string | undefined => {
  try {
    if (by === "import") return resolveImport(wanted, from)
    const found = resolveRequire(wanted, from)
    return isBuiltin(found) ? found : pathToFileURL(found).href
  } catch {
    return undefined
  }
}

/** The URL of an invented file in a folder, from which imports are resolved. Only the folder matters, not the name. */
export const askerIn = (folder: string): string => pathToFileURL(join(folder, "asks.js")).href

/**
 * The conditions by which this process chooses among `exports` and `imports`, without the conditions that Node always
 * has.
 */
export const conditions = (): ReadonlyArray<string> => {
  if (own === undefined) resolveImport("./any", import.meta.url)
  return own!
}
