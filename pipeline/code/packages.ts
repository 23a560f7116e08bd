// Which installed packages does some code reach? Read from what npm says is installed, not from what
// package.json wishes for. Knows nothing of stages and bundles.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { Schema } from "effect"
import { digestOf, digestOfValue, lasting, type Digest } from "../../cache/digest.ts"
import { SpecError } from "../error.ts"

/** Name to `version integrity`, a package's own dependencies included. */
export interface Packages { readonly [name: string]: string }

const Entry = Schema.Struct({
  version: Schema.optionalKey(Schema.String),
  integrity: Schema.optionalKey(Schema.String),
  dependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  peerDependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  optionalDependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  /** Where a package of a workspace really is; its entry is under that path. */
  link: Schema.optionalKey(Schema.Boolean),
  resolved: Schema.optionalKey(Schema.String),
})
const Lock = Schema.fromJsonString(Schema.Struct({ packages: Schema.Record(Schema.String, Entry) }))
type Lock = (typeof Lock)["Type"]["packages"]

export interface Installed {
  /** The directory that holds node_modules. */
  readonly root: string
  /** Everything the named packages reach. A name that is not installed is left out: to run it would fail by itself. */
  readonly closure: (names: ReadonlyArray<string>) => Packages
  /** Packages that the project can do without: they count only where a stage says that it uses them. */
  readonly optional: ReadonlySet<string>
}

const installations = new Map<string, Installed>()

/** What is installed for the code in a directory. */
export const installedFor = (directory: string): Installed => {
  const root = rootOf(directory)
  const known = installations.get(root)
  if (known !== undefined) return known
  const installed = read(root)
  installations.set(root, installed)
  return installed
}

const rootOf = (directory: string): string => {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules")) || dirname(at) === at) return at
  }
}

const read = (root: string): Installed => {
  const file = join(root, "node_modules/.package-lock.json")
  const lock: Lock = existsSync(file) ? Schema.decodeSync(Lock)(readFileSync(file, "utf8")).packages : {}
  const own = join(root, "package.json")
  const optional = existsSync(own) ? Schema.decodeSync(Schema.fromJsonString(Entry))(readFileSync(own, "utf8")).optionalDependencies : {}
  // Thousands of nodes share a few stages.
  const closures = new Map<string, Packages>()
  const closureOf = (names: ReadonlyArray<string>): Packages => {
    const id = names.join(" ")
    const known = closures.get(id) ?? closure(root, lock, names)
    closures.set(id, known)
    return known
  }
  return { root, closure: closureOf, optional: new Set(Object.keys(optional ?? {})) }
}

// Packages with no code to run, which other packages name for their types.
const onlyTypes = /^(@types\/|@webgpu\/types$|undici-types$|type-fest$)/

const closure = (root: string, lock: Lock, names: ReadonlyArray<string>): Packages => {
  const found = new Map<string, string>()
  const todo = names.map((name) => ({ from: "", name }))
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const path = resolve(lock, next.from, next.name)
    if (path === undefined && existsSync(join(root, "node_modules", next.name))) throw unlisted(root, next.name)
    if (path === undefined || found.has(path) || onlyTypes.test(next.name)) continue
    const from = lock[path]!.link === true ? lock[path]!.resolved! : path
    const { version = "", integrity = "", dependencies, peerDependencies, optionalDependencies } = lock[from] ?? {}
    found.set(path, `${version} ${from === path ? integrity : digestOfFolder(join(root, from))}`.trim())
    for (const name of Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })) todo.push({ from, name })
  }
  // By path, since two versions of one package may be installed; the common prefix says nothing.
  return lasting(Object.fromEntries([...found].map(([path, version]) => [path.replace(/^node_modules\//, ""), version] as const).sort(([a], [b]) => (a < b ? -1 : 1))))
}

// Another installer keeps other books: without them a newer version would not be noticed.
const unlisted = (root: string, name: string): SpecError =>
  new SpecError({ reason: "BadStage", message: `The package ${name} is installed in ${root}, but npm's list of what is installed there (node_modules/.package-lock.json) does not name it, so that another version of it would go unseen. Install with npm: npm ci` })

// Who edits a package of a workspace does not raise its version each time: its files stand for it.
const digestOfFolder = (folder: string): Digest =>
  digestOfValue("folder", Object.fromEntries(filesIn(folder).map((file) => [relative(folder, file), digestOf(readFileSync(file))])))

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && !name.startsWith("."))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : []))

// As Node looks: in the package's own node_modules, then in those above it.
const resolve = (lock: Lock, from: string, name: string): string | undefined => {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`
    if (path in lock) return path
    if (at === "") return undefined
  }
}

/** `@a/b/c` belongs to the package `@a/b`, `a/b` to `a`. */
export const packageOf = (specifier: string): string => specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/")
