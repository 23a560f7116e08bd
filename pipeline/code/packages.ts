// Which installed packages does some code reach? Read from what npm says is installed, not from what
// package.json wishes for. Knows nothing of stages and bundles.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { Schema } from "effect"
import { digestOf, digestOfValue, lasting, type Digest } from "../../cache/digest.ts"
import { look } from "../../cache/memo.ts"
import { SpecError } from "../error.ts"

/** Name to `version integrity`, or what stands for the integrity where there is none; a package's own dependencies included. */
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
type Entry = typeof Entry.Type
const Lock = Schema.fromJsonString(Schema.Struct({ packages: Schema.Record(Schema.String, Entry) }))

export interface Installed {
  /** The directory with the nearest node_modules that npm keeps a list of. */
  readonly root: string
  /** Everything the named packages reach. A name that is not installed is left out: to run it would fail by itself. */
  readonly closure: (names: ReadonlyArray<string>) => Packages
  /** Packages that the project can do without. */
  readonly optional: ReadonlySet<string>
  /** Whether npm's lists are still those that were read. To install anew, even the same, is to change them. */
  readonly unchanged: () => boolean
}

/** What the lists of a project and of all directories above it say. */
interface Lists extends Pick<Installed, "optional" | "unchanged"> {
  readonly closure: (directory: string, names: ReadonlyArray<string>) => Packages
}

/** By absolute path; `place` is where the files of a package are, which is elsewhere if it is linked. */
type Listed = ReadonlyMap<string, { readonly entry: Entry; readonly place: string }>

const known = new Map<string, Lists>()

/** What is installed for the code in a directory. */
export const installedFor = (directory: string): Installed => {
  const root = rootOf(directory)
  const before = known.get(root)
  const lists = before?.unchanged() === true ? before : read(root)
  known.set(root, lists)
  return { root, optional: lists.optional, unchanged: lists.unchanged, closure: (names) => lists.closure(directory, names) }
}

const upwards = (directory: string): ReadonlyArray<string> => (dirname(directory) === directory ? [directory] : [directory, ...upwards(dirname(directory))])

const listIn = (directory: string): string => join(directory, "node_modules/.package-lock.json")

// A node_modules without a list may hold no more than the cache of a tool.
const rootOf = (directory: string): string => {
  const all = upwards(directory)
  return all.find((at) => existsSync(listIn(at))) ?? all.find((at) => existsSync(join(at, "node_modules"))) ?? all.at(-1)!
}

const read = (root: string): Lists => {
  const stamp = stampOf(root)
  const own = join(root, "package.json")
  const optional = existsSync(own) ? Schema.decodeSync(Schema.fromJsonString(Entry))(readFileSync(own, "utf8")).optionalDependencies : {}
  const listed: Listed = new Map(upwards(root).flatMap(entriesIn))
  // Thousands of nodes share a few stages.
  const closures = new Map<string, Packages>()
  const closureOf = (directory: string, names: ReadonlyArray<string>): Packages => {
    const id = [directory, ...names].join(" ")
    const packages = closures.get(id) ?? closure(root, listed, directory, names)
    closures.set(id, packages)
    return packages
  }
  return { closure: closureOf, optional: new Set(Object.keys(optional ?? {})), unchanged: () => stampOf(root) === stamp }
}

const stampOf = (root: string): string => upwards(root).map((at) => look(listIn(at))?.stamp ?? "").join(" ")

const entriesIn = (root: string) =>
  existsSync(listIn(root))
    ? Object.entries(Schema.decodeSync(Lock)(readFileSync(listIn(root), "utf8")).packages).map(([path, entry]) => [join(root, path), { entry, place: join(root, entry.link === true ? entry.resolved! : path) }] as const)
    : []

// Packages with no code to run, which other packages name for their types.
const onlyTypes = /^(@types\/|@webgpu\/types$|undici-types$|type-fest$)/

const closure = (root: string, listed: Listed, directory: string, names: ReadonlyArray<string>): Packages => {
  const found = new Map<string, string>()
  const todo = names.map((name) => ({ from: directory, name }))
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const path = onlyTypes.test(next.name) ? undefined : resolve(listed, next.from, next.name)
    if (path === undefined || found.has(path)) continue
    const { place: from } = listed.get(path)!
    const { version = "", integrity, resolved = "", dependencies, peerDependencies, optionalDependencies } = listed.get(from)?.entry ?? {}
    // A package from git has no integrity: its commit is in the address it was got from.
    found.set(path, `${version} ${from === path ? (integrity ?? resolved) : digestOfFolder(from)}`.trim())
    for (const name of Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })) todo.push({ from, name })
  }
  // By path, since two versions of one package may be installed; the common prefix says nothing.
  return lasting(Object.fromEntries([...found].map(([path, version]) => [relative(root, path).replace(/^node_modules\//, ""), version] as const).sort(([a], [b]) => (a < b ? -1 : 1))))
}

// Another installer keeps other books: without them a newer version would not be noticed.
const unlisted = (directory: string, name: string): SpecError =>
  new SpecError({ reason: "BadStage", message: `The package ${name} is installed in ${directory}, but npm's list of what is installed there (node_modules/.package-lock.json) does not name it, so that another version of it would go unseen. Install with npm: npm ci` })

// Who edits a package of a workspace does not raise its version each time: its files stand for it.
const digestOfFolder = (folder: string): Digest =>
  digestOfValue("folder", Object.fromEntries(filesIn(folder).map((file) => [relative(folder, file), digestOf(readFileSync(file))])))

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && !name.startsWith("."))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : []))

// As Node looks: in the package's own node_modules, then in those above it, whoever filled them.
const resolve = (listed: Listed, from: string, name: string): string | undefined => {
  for (const at of upwards(from)) {
    const path = join(at, "node_modules", name)
    if (listed.has(path)) return path
    if (existsSync(path)) throw unlisted(at, name)
  }
  return undefined
}

/** `@a/b/c` belongs to the package `@a/b`, `a/b` to `a`. */
export const packageOf = (specifier: string): string => specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/")
