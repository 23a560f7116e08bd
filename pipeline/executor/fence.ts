// Gives the flags of Node's permission model for a worker's process. The process reads the engine's code, packages and
// the store, writes to the store, and starts no process. The world of a stage offers none of this; the flags limit the
// packages that the stage calls. The flags protect against mistakes, not against attacks: native code is not limited,
// and Node 24 leaves the network open. Knows nothing about jobs.
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from "node:fs"
import { getCompileCacheDir } from "node:module"
import { dirname, join, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"

/** The folder where the engine is installed. */
const engine = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "")

/** The flags of Node for a worker that runs the stages of a project with a store. */
export const fence = (project: string, store: string): ReadonlyArray<string> => {
  const compiled = getCompileCacheDir()
  const both = [store, ...(compiled === undefined ? [] : [compiled])]
  const code = ["pipeline", "cache", "package.json"].map((part) => join(engine, part))
  const readable = [...code, ...[engine, project].flatMap(upwards).flatMap(packagesIn), ...both]
  const writable = [...both, "/proc/self/clear_refs"] // a worker writes here to reset its peak memory
  return [
    "--permission",
    "--allow-addons", // ONNX Runtime is an addon
    "--allow-worker", // the watchdog's thread
    "--disable-warning=PERM0001", // PERM0001 and PERM0006 say that the two flags above weaken the permissions
    "--disable-warning=PERM0006",
    // The paths are sorted, because Node 24 forgets a folder that is named after a folder inside it.
    ...[...new Set(readable)].sort().map((path) => `--allow-fs-read=${path}`),
    ...writable.map((path) => `--allow-fs-write=${path}`),
  ]
}

const upwards = (directory: string): ReadonlyArray<string> =>
  dirname(directory) === directory ? [directory] : [directory, ...upwards(dirname(directory))]

/**
 * The packages that a directory holds, the targets of their links, and the package.json that says how they are found.
 */
const packagesIn = (directory: string): ReadonlyArray<string> => {
  const [folder, described] = [join(directory, "node_modules"), join(directory, "package.json")]
  return [
    ...(existsSync(folder) ? [...hopsOf(folder), ...linkedIn(folder)] : []),
    ...(existsSync(described) ? [described] : []),
  ]
}

/** A path, every link in the path, and the final target. */
const hopsOf = (path: string): ReadonlyArray<string> => {
  const link = upwards(path)
    .toReversed()
    .find((each) => lstatSync(each).isSymbolicLink())
  if (link === undefined) return [path]
  return [path, link, ...hopsOf(join(resolve(dirname(link), readlinkSync(link)), relative(link, path)))]
}

/**
 * The targets of linked packages, each with the node_modules folder around it: linked packages find their dependencies
 * there.
 */
const linkedIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name.startsWith("@")) return linkedIn(path)
    if (!entry.isSymbolicLink() || !existsSync(path)) return []
    const real = realpathSync(path)
    const inside = real.lastIndexOf(`${sep}node_modules${sep}`)
    return [...hopsOf(path), inside === -1 ? real : real.slice(0, inside + 13)]
  })
