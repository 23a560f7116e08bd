// Finds the packages that some code reaches, and the digests of their files. Looks up packages as Node does, from the
// importing folder. Digests the files that Node could load, whatever tool installed the package. Knows nothing about
// stages.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, type Dirent } from "node:fs"
import { basename, dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { digestOf, digestOfValue, lasting, type Digest } from "../../cache/digest.ts"
import { askerIn, leadsTo } from "./resolve.ts"

/**
 * Maps the label of a package (its path below the project's node_modules) to its version and the digest of its files.
 */
export interface Packages {
  readonly [label: string]: string
}

/** For each package, by its folder: the digest of each file that Node could load. */
export interface Manifest {
  readonly [folder: string]: { readonly [file: string]: Digest }
}

/** A package as the code names it. `from` is the folder, relative to the root, where the lookup starts. */
export interface External {
  readonly specifier: string
  readonly from: string
}

/** What is known about the folder of a package: its files, and a stamp of their state. */
export interface KnownFolder {
  readonly stamp: string
  readonly directories: ReadonlyArray<string>
  readonly files: { readonly [file: string]: Digest }
  /** The digest of `files`. */
  readonly digest: Digest
  readonly version: string
  /** The names of the packages that the package declares as dependencies. */
  readonly needs: ReadonlyArray<string>
}

/**
 * Whether a file belongs to an installed package. The engine's own code never counts as a package, wherever it is
 * installed.
 */
export const isPackageFile = (file: string): boolean =>
  (file.startsWith(engine) ? file.slice(engine.length - 1) : file).includes(`${sep}node_modules${sep}`)
const engine = join(import.meta.dirname, "../..") + sep

/** Whether a specifier belongs to Effect, the library that stages are written with. */
export const isEffectName = (specifier: string): boolean => /^(effect|@effect\/[^/]+)(\/|$)/.test(specifier)

/** The package of a specifier: `@a/b/c` belongs to `@a/b`, and `a/b` belongs to `a`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** The folder of a package, with links resolved, as Node finds it from a folder; undefined if there is none. */
export const packageFolder = (name: string, from: string): string | undefined => {
  for (const at of upwards(from)) {
    const folder = join(at, "node_modules", name)
    if (basename(at) !== "node_modules" && existsSync(folder)) return realpathSync.native(folder)
  }
  return undefined
}

/** The folder of the package that a specifier leads to from a folder; undefined if the package is not there. */
const folderFor = (specifier: string, from: string): string | undefined => {
  if (!specifier.startsWith("#")) return packageFolder(packageOf(specifier), from)
  // A name in the project's `imports` may lead to a package.
  const url = leadsTo("import", specifier, askerIn(from))
  return url?.startsWith("file:") ? folderOfFile(fileURLToPath(url)) : undefined
}

/** The folder of the package that holds a file, with the package.json of that package. */
export const folderOfFile = (file: string): string => {
  const inside = file.lastIndexOf(`${sep}node_modules${sep}`)
  return inside === -1
    ? dirname(file)
    : file.slice(0, inside + 14) +
        packageOf(
          file
            .slice(inside + 14)
            .split(sep)
            .join("/"),
        )
}

/**
 * The root of a project: the nearest directory with installed packages, else the nearest directory with a package.json,
 * else the given directory.
 */
export const rootOf = (directory: string): string => {
  const all = upwards(directory)
  return (
    all.find((at) => entriesOf(join(at, "node_modules")).some((name) => !name.startsWith("."))) ??
    all.find((at) => existsSync(join(at, "package.json"))) ??
    directory
  )
}

/** The packages that the project declares as optional. */
export const optionalIn = (root: string): ReadonlySet<string> =>
  new Set(Object.keys(described(root).optionalDependencies ?? {}))

export class Installed {
  readonly #root: string
  /** What an earlier command found in each folder. */
  readonly #known: Map<string, KnownFolder>
  readonly #readOthers: () => ReadonlyMap<string, KnownFolder>
  #others: ReadonlyMap<string, KnownFolder> | undefined
  readonly #folders = new Map<
    string,
    {
      readonly version: string
      readonly files: KnownFolder["files"]
      readonly digest: Digest
      readonly next: ReadonlyArray<string>
    }
  >()
  readonly #closures = new Map<string, { readonly packages: Packages; readonly manifest: Manifest }>()
  /** Whether a folder differed from its entry in `known`. */
  changed = false
  /** Whether a folder differed from every known entry. */
  digested = false

  /** `others` reads the entries for folders from another memo. */
  constructor(
    root: string,
    known: Map<string, KnownFolder>,
    others: () => ReadonlyMap<string, KnownFolder> = () => new Map(),
  ) {
    this.#root = root
    this.#known = known
    this.#readOthers = others
  }

  /**
   * All packages that `externals` reach. A package that is not installed is left out: loading it fails with its own
   * error.
   */
  closure(externals: ReadonlyArray<External>): { readonly packages: Packages; readonly manifest: Manifest } {
    const id = JSON.stringify(externals)
    const known = this.#closures.get(id) ?? this.#closureOf(externals)
    this.#closures.set(id, known)
    return known
  }

  #closureOf(externals: ReadonlyArray<External>) {
    const packages = new Map<string, string>()
    const manifest: { [folder: string]: KnownFolder["files"] } = {}
    const open = externals.flatMap(({ specifier, from }) => folderFor(specifier, join(this.#root, from)) ?? [])
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      if (folder in manifest) continue
      const { version, files, digest, next } = this.#folder(folder)
      manifest[folder] = files
      // A package with no code to run is a dependency of others only for its types.
      if (Object.keys(files).length > 1) this.#add(packages, this.#label(folder), `${version} ${digest}`)
      open.push(...next)
    }
    return { packages: lasting(Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : 1)))), manifest }
  }

  // Two folders above a project may each have a package of the same name.
  #add(packages: Map<string, string>, label: string, version: string): void {
    packages.set(label, [...(packages.get(label)?.split(", ") ?? []), version].sort().join(", "))
  }

  // Two versions of a package may be installed. The path tells them apart. The common start of the path is left out.
  #label(folder: string): string {
    const [, ...inside] = relative(this.#root, folder)
      .split(sep)
      .join("/")
      .split(/(?:^|\/)node_modules\//)
    return inside.length === 0 ? basename(folder) : inside.join("/node_modules/")
  }

  #folder(folder: string) {
    const known = this.#folders.get(folder)
    if (known !== undefined) return known
    const { version, files, digest, needs } = this.#contentOf(folder)
    const found = { version, files, digest, next: foldersFor(needs, folder) }
    this.#folders.set(folder, found)
    return found
  }

  #contentOf(folder: string): KnownFolder {
    const own = this.#known.get(folder)
    const known = own ?? (this.#others ??= this.#readOthers()).get(folder)
    // A new or deleted file changes the stamp of its directory, so the directories need not be listed again.
    if (known !== undefined && stampOf(folder, known.directories, Object.keys(known.files)).text === known.stamp) {
      this.#known.set(folder, known)
      this.changed ||= own === undefined
      return known
    }
    const { directories, files: paths } = readableIn(folder)
    const before = stampOf(folder, directories, paths)
    const files = Object.fromEntries(paths.map((path) => [path, digestOf(readFileSync(join(folder, path)))]))
    const description = described(folder)
    const found = {
      stamp: before.text,
      directories,
      files,
      digest: digestOfValue("package", files),
      version: String(description.version ?? ""),
      needs: needsIn(description),
    }
    const rested =
      before.changed < Date.now() - restMilliseconds && stampOf(folder, directories, paths).text === before.text
    if (rested) this.#known.set(folder, found)
    else this.#known.delete(folder)
    this.changed = this.digested = true
    return found
  }
}

// A file that was written less than this time ago may be written again within one tick of the file system's clock.
const restMilliseconds = 2000

/** The digest of the state of files and directories, and the time of their latest change. */
const stampOf = (
  folder: string,
  directories: ReadonlyArray<string>,
  files: ReadonlyArray<string>,
): { readonly text: Digest; readonly changed: number } => {
  let [text, changed] = ["", 0]
  for (const path of [...directories, ...files]) {
    const seen = statSync(`${folder}/${path}`, { throwIfNoEntry: false })
    text += seen === undefined ? `${path}\n` : `${path} ${seen.size} ${seen.mtimeMs} ${seen.ctimeMs} ${seen.ino}\n`
    changed = Math.max(changed, seen?.ctimeMs ?? 0)
  }
  return { text: digestOf(text), changed }
}

const upwards = (directory: string): ReadonlyArray<string> =>
  dirname(directory) === directory ? [directory] : [directory, ...upwards(dirname(directory))]

const entriesOf = (directory: string): ReadonlyArray<string> => {
  try {
    return readdirSync(directory)
  } catch {
    return [] // the directory does not exist
  }
}

/** The folders of the installed packages that a package declares as dependencies. */
export const dependenciesOf = (folder: string): ReadonlyArray<string> => foldersFor(needsIn(described(folder)), folder)

const foldersFor = (names: ReadonlyArray<string>, from: string): ReadonlyArray<string> =>
  names.flatMap((name) => packageFolder(name, from) ?? [])

const needsIn = ({ dependencies, peerDependencies, optionalDependencies }: Described): ReadonlyArray<string> =>
  Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }).sort()

interface Described {
  readonly version?: unknown
  readonly dependencies?: object
  readonly peerDependencies?: object
  readonly optionalDependencies?: object
}
const described = (folder: string): Described => {
  try {
    const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Described | null
    return typeof found === "object" ? (found ?? {}) : {}
  } catch {
    return {} // there is no package.json, or Node will refuse it
  }
}

// Files for people and editors. All other files count: code may have any extension, and a package may read its own
// files.
const forPeople =
  /(\.(map|md|markdown|flow|[cm]?tsx?|tsbuildinfo)|^(license|licence|readme|changelog|authors|notice)\b.*)$/i

// A link to a file counts too. Reading a pipe or a socket would never end.
const isRead = (path: string, entry: Dirent): boolean =>
  entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() === true)

/**
 * What Node or the package could read below the folder of the package. A nested package is a package of its own, so it
 * is left out.
 */
const readableIn = (
  folder: string,
): { readonly directories: ReadonlyArray<string>; readonly files: ReadonlyArray<string> } => {
  const [directories, files]: [Array<string>, Array<string>] = [[""], []]
  for (const below of directories) {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) {
        if (!["node_modules", ".git", ".cache"].includes(entry.name)) directories.push(path)
      } else if (!forPeople.test(entry.name) && isRead(join(folder, path), entry)) files.push(path)
    }
  }
  return { directories, files: files.sort() }
}
