// What may a worker's process touch? The flags of Node's permission model: it reads the engine's code, packages and the
// store, writes to the store, and starts no process. The world that a stage is handed has none of that; this bounds the
// packages it calls. A fence against slips, not a prison: native code is not bound by it, and Node 24 leaves the
// network open.
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from "node:fs"
import { getCompileCacheDir } from "node:module"
import { dirname, join, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"

/** Where the engine is installed. */
const engine = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "")

/** Node's flags for a worker that runs the stages of a project over a store. */
export const fence = (project: string, store: string): ReadonlyArray<string> => {
  const compiled = getCompileCacheDir()
  const both = [store, ...(compiled === undefined ? [] : [compiled])]
  const code = ["pipeline", "cache", "package.json"].map((part) => join(engine, part))
  const readable = [...code, ...[engine, project].flatMap(upwards).flatMap(packagesIn), ...both]
  const writable = [...both, "/proc/self/clear_refs"] // by which a worker forgets the peak of its memory
  return [
    "--permission",
    "--allow-addons", // ONNX Runtime is one
    "--allow-worker", // the watchdog's thread
    "--disable-warning=PERM0001", // which say that these two make holes
    "--disable-warning=PERM0006",
    // Node 24 forgets a folder that is named after one inside of it.
    ...[...new Set(readable)].sort().map((path) => `--allow-fs-read=${path}`),
    ...writable.map((path) => `--allow-fs-write=${path}`),
  ]
}

const upwards = (directory: string): ReadonlyArray<string> =>
  dirname(directory) === directory ? [directory] : [directory, ...upwards(dirname(directory))]

/** The packages of a directory, where they are and where links lead; and what says how they are found. */
const packagesIn = (directory: string): ReadonlyArray<string> => {
  const [folder, described] = [join(directory, "node_modules"), join(directory, "package.json")]
  return [
    ...(existsSync(folder) ? [...hopsOf(folder), ...linkedIn(folder)] : []),
    ...(existsSync(described) ? [described] : []),
  ]
}

/** A path, every link on the way, and where it leads in the end. */
const hopsOf = (path: string): ReadonlyArray<string> => {
  const link = upwards(path)
    .toReversed()
    .find((each) => lstatSync(each).isSymbolicLink())
  if (link === undefined) return [path]
  return [path, link, ...hopsOf(join(resolve(dirname(link), readlinkSync(link)), relative(link, path)))]
}

/** Where the links among packages lead, with all that lies beside: there they find what they need. */
const linkedIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name.startsWith("@")) return linkedIn(path)
    if (!entry.isSymbolicLink() || !existsSync(path)) return []
    const real = realpathSync(path)
    const inside = real.lastIndexOf(`${sep}node_modules${sep}`)
    return [...hopsOf(path), inside === -1 ? real : real.slice(0, inside + 13)]
  })
