// Where does an import lead? Node itself is asked, as of the file that imports, under the conditions of this process:
// so a bundle is made of what Node would load. Refuses to know what is done with a file.
import { createRequire, isBuiltin, registerHooks } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const scheme = "pipeline-from:"
const usual = new Set(["node", "import", "require", "module-sync", "node-addons", "default"])
let own: ReadonlyArray<string> | undefined

registerHooks({
  resolve: (specifier, context, next) => {
    if (!specifier.startsWith(scheme)) return next(specifier, context)
    own ??= (context.conditions ?? []).filter((each) => !usual.has(each))
    const { wanted, from } = JSON.parse(decodeURIComponent(specifier.slice(scheme.length))) as Asked
    return next(wanted, { ...context, parentURL: from })
  },
})

interface Asked {
  readonly wanted: string
  /** The URL of a file. */
  readonly from: string
  /** Node remembers its answers, and a file may have come since. */
  readonly count?: number
}
let count = 0

const asking = (asked: Asked): string => scheme + encodeURIComponent(JSON.stringify(asked))

/** The URL to which an import leads from the file at a URL. Throws as Node does. */
export const resolveImport = (wanted: string, from: string): string =>
  import.meta.resolve(asking({ wanted, from, count: count++ }))

/** What a require() in the file at a URL leads to: the path of a file, or a part of Node. Throws as Node does. */
export const resolveRequire = (wanted: string, from: string): string => createRequire(from).resolve(wanted)

/** The URL of what an import or a require() leads to, or a part of Node; undefined where Node finds nothing. */
export const leadsTo = (by: "import" | "require", wanted: string, from: string): string | undefined => {
  try {
    if (by === "import") return resolveImport(wanted, from)
    const found = resolveRequire(wanted, from)
    return isBuiltin(found) ? found : pathToFileURL(found).href
  } catch {
    return undefined
  }
}

/** A file that asks from a folder. Any name will do: the folder counts. */
export const askerIn = (folder: string): string => pathToFileURL(join(folder, "asks.js")).href

/** The conditions under which this process picks among `exports` and `imports`, besides those that Node always has. */
export const conditions = (): ReadonlyArray<string> => {
  if (own === undefined) resolveImport("./any", import.meta.url)
  return own!
}
