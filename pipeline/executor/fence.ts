// What may a worker's process touch? The flags of Node's permission model: it reads code, packages and the store,
// writes to the store, and starts no process. A fence against slips, not a prison: native code is not bound by
// it, nor is a thread that asks for flags of its own, and Node 24 leaves the network open.
import { readdirSync, readFileSync, realpathSync } from "node:fs"
import { findPackageJSON, getCompileCacheDir } from "node:module"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

/** Where the engine is installed, and the stages that come with it. */
const engine = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "")

/** The directory of the project that a stage's module belongs to. */
export const projectOf = (module: string): string => {
  const project = projects.get(module) ?? (module.startsWith("file:") ? dirname(findPackageJSON(module) ?? fileURLToPath(module)) : engine)
  projects.set(module, project)
  return project
}
// Thousands of nodes share a few stages.
const projects = new Map<string, string>()

/** Node's flags for a worker that runs the stages of a project over a store. */
export const fence = (project: string, store: string): ReadonlyArray<string> => {
  const roots = [...new Set([engine, project])]
  const compiled = getCompileCacheDir()
  const both = [store, ...(compiled === undefined ? [] : [compiled])]
  const link = join(project, "engine") // by which a project that `init` made leads to us
  const readable = [...roots.flatMap(packagesFor), ...roots.flatMap(codeIn), link, ...both]
  const writable = [...both, "/proc/self/clear_refs"] // by which a worker forgets the peak of its memory
  return [
    "--permission",
    "--allow-addons", // ONNX Runtime is one
    "--allow-worker", // the watchdog's thread
    "--disable-warning=PERM0001", // which say that these two make holes
    "--disable-warning=PERM0006",
    ...[...new Set(readable)].map((path) => `--allow-fs-read=${path}`),
    ...writable.map((path) => `--allow-fs-write=${path}`),
  ]
}

/**
 * The code below a directory, and the JSON it imports. File by file, since data may lie between them: what is
 * imported is in a stage's key, what is read is not. Links are not followed.
 */
export const codeIn = (directory: string): ReadonlyArray<string> =>
  entriesOf(directory).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name.startsWith(".") ? [] : codeIn(path)
    if (entry.name === "package.json") return [path]
    return /\.[cm]?[jt]s$/.test(entry.name) ? [path, ...importedJson(path)] : []
  })

const entriesOf = (directory: string) => {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    return [] // what we may not read, a worker need not
  }
}

// An import of JSON names its type, which reading a file never does.
const importedJson = (path: string): ReadonlyArray<string> =>
  [...readFileSync(path, "utf8").matchAll(/["'](\.\.?\/[^"'\n]+\.json)["']\s*(?:,\s*\{\s*)?with\b/g)].map((match) => resolve(dirname(path), match[1]!))

/** The folders in which Node looks for packages, where they are and where links lead. */
const packagesFor = (directory: string): ReadonlyArray<string> => {
  const folder = join(directory, "node_modules")
  const above = dirname(directory) === directory ? [] : packagesFor(dirname(directory))
  try {
    return [folder, realpathSync(folder), ...above]
  } catch {
    return above // there is none here
  }
}
