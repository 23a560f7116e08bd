// Loads packages for a stage, and no others: each file that Node loads is held against the digests that are in the key
// of the node. What is not there, or is not as it was, makes no record. Refuses to know stages.
import { readFileSync } from "node:fs"
import { createRequire, registerHooks } from "node:module"
import { join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import type { Digest } from "../../cache/digest.ts"
import { digestOf } from "../../cache/digest.ts"
import { folderOfFile, isPackageFile, type Manifest } from "../code/packages.ts"
import { askerIn, resolveImport, resolveRequire } from "../code/resolve.ts"
import { WorldError } from "./closed.ts"

/** A file of a package is not as it was when the run began. */
export class PackageChanged extends Error {
  override readonly name = "PackageChanged"
  readonly file: string
  constructor(file: string) {
    super(`${file} is not as it was`)
    this.file = file
  }
}

type Namespace = { readonly [name: string]: unknown }

/** What was loaded so far, by whoever; undefined where it was not read. */
const loaded = new Map<string, Digest>()
let allowed: Manifest | undefined
let count = 0
/** What the engine asked for itself, which it may do while a node runs in its process. */
const ours = new Set<string>()

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    const { parentURL: by = "" } = context
    if (!forNodes.has(by) && (ours.has(by) || by.startsWith(pipeline))) ours.add(found.url)
    return found
  },
  load: (url, context, next) => {
    if (url.startsWith("file:")) check(url)
    return next(url, context)
  },
})

const check = (url: string): void => {
  const file = fileURLToPath(url)
  const isForNode = allowed !== undefined && !ours.has(url)
  if (!isPackageFile(file)) {
    if (isForNode && !file.startsWith(engine)) throw new WorldError("Import", file)
    return
  }
  const digest = digestOf(readFileSync(file))
  if (isForNode) compare(file, digest, allowed!)
  loaded.set(file, digest)
  count++
}
const engine = join(import.meta.dirname, "../..") + sep
const pipeline = new URL("../", import.meta.url).href
/** Modules of the engine that ask on behalf of nodes. */
const forNodes = new Set([import.meta.url, new URL("../code/resolve.ts", import.meta.url).href])

const compare = (file: string, digest: Digest, manifest: Manifest): void => {
  const folder = folderOfFile(file)
  const files = manifest[folder]
  if (files === undefined) throw new WorldError("Import", file)
  if (
    files[
      file
        .slice(folder.length + 1)
        .split(sep)
        .join("/")
    ] !== digest
  )
    throw new PackageChanged(file)
}

const compared = new WeakSet<Manifest>()

/** From now on only these packages may be loaded; those of them that are loaded already have to be what they say. */
export const allow = (manifest: Manifest | undefined): void => {
  allowed = manifest
  if (manifest === undefined || compared.has(manifest)) return
  for (const [file, digest] of loaded) if (folderOfFile(file) in manifest) compare(file, digest, manifest)
  compared.add(manifest)
}

/** How many files of packages were loaded so far. */
export const loadCount = (): number => count

const parts = (specifier: string): { readonly name: string; readonly from: string } => {
  const at = specifier.lastIndexOf("?from=")
  return at === -1 ? { name: specifier, from: "" } : { name: specifier.slice(0, at), from: specifier.slice(at + 6) }
}

/** What specifiers led to so far: by which way, from which project. */
const found = new Map<string, { readonly file: string; readonly value: unknown }>()
const idOf = (way: Way, specifier: string, root: string): string => `${way} ${specifier} ${root}`
type Way = "import" | "require"

/** What a specifier led to before; undefined where it was not loaded. To take it loads nothing. */
export const loadedBefore = (way: Way, specifier: string, root: string): { readonly value: unknown } | undefined => {
  const known = found.get(idOf(way, specifier, root))
  if (known !== undefined) permit(known.file)
  return known
}

// Also where another node loaded it: what a node may load does not hang on who ran before.
const permit = (file: string): void => {
  if (allowed !== undefined && isPackageFile(file) && !(folderOfFile(file) in allowed))
    throw new WorldError("Import", file)
}

/** Loads what a specifier of a bundle leads to, from a project. */
export const loadPackage = async (specifier: string, root: string): Promise<Namespace> => {
  const { name, from } = parts(specifier)
  const url = resolveImport(name, askerIn(join(root, from)))
  const file = url.startsWith("file:") ? fileURLToPath(url) : url
  permit(file)
  const value = (await import(url)) as Namespace
  found.set(idOf("import", specifier, root), { file, value })
  return value
}

/** The same by require(). */
export const requirePackage = (specifier: string, root: string): unknown => {
  const { name, from } = parts(specifier)
  const asks = askerIn(join(root, from))
  const file = resolveRequire(name, asks)
  permit(file)
  const value: unknown = createRequire(asks)(name)
  found.set(idOf("require", specifier, root), { file, value })
  return value
}
