// Which packages does some code reach, and of which bytes are they? Found as Node finds them, from the folder that
// imports them, and digested by the files that Node could load, whoever installed them. Refuses to know stages.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, type Dirent } from "node:fs"
import { basename, dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { digestOf, digestOfValue, lasting, type Digest } from "../../cache/digest.ts"
import { askerIn, leadsTo } from "./resolve.ts"

/** The label of a package (its path below the project's node_modules) to its version and the digest of its files. */
export interface Packages {
  readonly [label: string]: string
}

/** Of each package, by its folder: the digest of each file that Node could load. */
export interface Manifest {
  readonly [folder: string]: { readonly [file: string]: Digest }
}

/** A package as the code names it: `from` is the folder, relative to the root, from which it is looked for. */
export interface External {
  readonly specifier: string
  readonly from: string
}

/** What is known of a package's folder: its files with their stamps. */
export interface KnownFolder {
  readonly stamp: string
  readonly directories: ReadonlyArray<string>
  readonly files: { readonly [file: string]: Digest }
}

/** Whether a file belongs to an installed package. The engine's own code does not, wherever it is. */
export const isPackageFile = (file: string): boolean =>
  (file.startsWith(engine) ? file.slice(engine.length - 1) : file).includes(`${sep}node_modules${sep}`)
const engine = join(import.meta.dirname, "../..") + sep

/** Whether a specifier is of Effect, the language that stages are written in. */
export const isEffectName = (specifier: string): boolean => /^(effect|@effect\/[^/]+)(\/|$)/.test(specifier)

/** `@a/b/c` belongs to the package `@a/b`, `a/b` to `a`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** The folder of a package, links resolved, as Node finds it from a folder. */
export const packageFolder = (name: string, from: string): string | undefined => {
  for (const at of upwards(from)) {
    const folder = join(at, "node_modules", name)
    if (basename(at) !== "node_modules" && existsSync(folder)) return realpathSync.native(folder)
  }
  return undefined
}

/** The folder of the package to which a specifier leads from a folder; undefined where it is not there. */
const folderFor = (specifier: string, from: string): string | undefined => {
  if (!specifier.startsWith("#")) return packageFolder(packageOf(specifier), from)
  // A name of the project's own imports may stand for a package.
  const url = leadsTo("import", specifier, askerIn(from))
  return url?.startsWith("file:") ? folderOfFile(fileURLToPath(url)) : undefined
}

/** The folder that holds a file of a package, and its package.json. */
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

/** The directory of a project: the nearest one with packages, else with a package.json. */
export const rootOf = (directory: string): string => {
  const all = upwards(directory)
  return (
    all.find((at) => entriesOf(join(at, "node_modules")).some((name) => !name.startsWith("."))) ??
    all.find((at) => existsSync(join(at, "package.json"))) ??
    directory
  )
}

/** Packages that the project says it can do without. */
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
  /** Whether a folder was not as it was known here. */
  changed = false
  /** Whether one was not as anybody knew it. */
  digested = false

  /** `others` reads what was known of folders elsewhere. */
  constructor(
    root: string,
    known: Map<string, KnownFolder>,
    others: () => ReadonlyMap<string, KnownFolder> = () => new Map(),
  ) {
    this.#root = root
    this.#known = known
    this.#readOthers = others
  }

  /** All that some packages reach. A package that is not there is left out: to load it will fail by itself. */
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
      // A package with no code to run is named by others for its types.
      if (Object.keys(files).length > 1) this.#add(packages, this.#label(folder), `${version} ${digest}`)
      open.push(...next)
    }
    return { packages: lasting(Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : 1)))), manifest }
  }

  // Two folders above a project may each have a package of one name.
  #add(packages: Map<string, string>, label: string, version: string): void {
    packages.set(label, [...(packages.get(label)?.split(", ") ?? []), version].sort().join(", "))
  }

  // Two versions of one package may be installed: the path tells them apart, and the common beginning says nothing.
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
    const files = this.#filesIn(folder)
    const { version = "" } = described(folder)
    const found = { version, files, digest: digestOfValue("package", files), next: dependenciesOf(folder) }
    this.#folders.set(folder, found)
    return found
  }

  #filesIn(folder: string): KnownFolder["files"] {
    const own = this.#known.get(folder)
    const known = own ?? (this.#others ??= this.#readOthers()).get(folder)
    // A file that came or went shows in its directory: so nothing has to be listed.
    if (known !== undefined && stampOf(folder, known.directories, Object.keys(known.files)).text === known.stamp) {
      this.#known.set(folder, known)
      this.changed ||= own === undefined
      return known.files
    }
    const { directories, files: paths } = readableIn(folder)
    const before = stampOf(folder, directories, paths)
    const files = Object.fromEntries(paths.map((path) => [path, digestOf(readFileSync(join(folder, path)))]))
    const rested =
      before.changed < Date.now() - restMilliseconds && stampOf(folder, directories, paths).text === before.text
    if (rested) this.#known.set(folder, { stamp: before.text, directories, files })
    else this.#known.delete(folder)
    this.changed = this.digested = true
    return files
  }
}

// A file that was written so shortly ago may be written again within one tick of its clock.
const restMilliseconds = 2000

/** The state of files and directories in one text, and when the last of them changed. */
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
    return [] // there is none
  }
}

/** The folders of the packages that a package says it needs, as far as they are there. */
export const dependenciesOf = (folder: string): ReadonlyArray<string> => {
  const { dependencies, peerDependencies, optionalDependencies } = described(folder)
  const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }).sort()
  return names.flatMap((name) => packageFolder(name, folder) ?? [])
}

interface Described {
  readonly version?: string
  readonly dependencies?: object
  readonly peerDependencies?: object
  readonly optionalDependencies?: object
}
const described = (folder: string): Described => {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Described
  } catch {
    return {} // a folder without one, or with one that Node will refuse
  }
}

// What people and editors read. All else counts: code may have any ending, and a package may read files of its own.
const forPeople =
  /(\.(map|md|markdown|flow|[cm]?tsx?|tsbuildinfo)|^(license|licence|readme|changelog|authors|notice)\b.*)$/i

// Through a link too; a pipe or a socket would never end.
const isRead = (path: string, entry: Dirent): boolean =>
  entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() === true)

/** What Node or a package could read below the folder of the package; nested packages are packages of their own. */
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
