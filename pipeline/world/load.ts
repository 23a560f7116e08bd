// Loads packages for a stage, and only the packages in the key of the node. Each file that Node loads is compared with
// its digest in the key. A file that is not in the key, or that changed, makes no record. Knows nothing about stages.
import { readFileSync } from "node:fs"
import { createRequire, registerHooks } from "node:module"
import { join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import type { Digest } from "../../cache/digest.ts"
import { digestOf } from "../../cache/digest.ts"
import { folderOfFile, isPackageFile, type Manifest } from "../code/packages.ts"
import { askerIn, resolveImport, resolveRequire } from "../code/resolve.ts"
import { WorldError } from "./closed.ts"

/** A file of a package has changed since the run began. */
export class PackageChanged extends Error {
  override readonly name = "PackageChanged"
  readonly file: string
  constructor(file: string) {
    super(`${file} is not as it was`)
    this.file = file
  }
}

type Namespace = { readonly [name: string]: unknown }

/** The digests of all files of packages that were loaded so far, by any code. */
const loaded = new Map<string, Digest>()
let allowed: Manifest | undefined
let count = 0
/** The URLs that the engine itself asked for. The engine may do this while a node runs in its process. */
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
/** Modules of the engine that import for nodes. */
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

/**
 * From now on only these packages may be loaded. Files of these packages that are already loaded must match their
 * digests.
 */
export const allow = (manifest: Manifest | undefined): void => {
  allowed = manifest
  if (manifest === undefined || compared.has(manifest)) return
  for (const [file, digest] of loaded) if (folderOfFile(file) in manifest) compare(file, digest, manifest)
  compared.add(manifest)
}

/** The number of files of packages that were loaded so far. */
export const loadCount = (): number => count

const parts = (specifier: string): { readonly name: string; readonly from: string } => {
  const at = specifier.lastIndexOf("?from=")
  return at === -1 ? { name: specifier, from: "" } : { name: specifier.slice(0, at), from: specifier.slice(at + 6) }
}

/** The values that specifiers led to so far, by import or require(), specifier and project. */
const found = new Map<string, { readonly file: string; readonly value: unknown }>()
const idOf = (way: Way, specifier: string, root: string): string => `${way} ${specifier} ${root}`
type Way = "import" | "require"

/**
 * The value that a specifier led to before; undefined if the specifier was not loaded. Taking the value loads nothing.
 */
export const loadedBefore = (way: Way, specifier: string, root: string): { readonly value: unknown } | undefined => {
  const known = found.get(idOf(way, specifier, root))
  if (known !== undefined) permit(known.file)
  return known
}

// The check is made even if another node loaded the package: earlier nodes must not decide what a node may load.
const permit = (file: string): void => {
  if (allowed !== undefined && isPackageFile(file) && !(folderOfFile(file) in allowed))
    throw new WorldError("Import", file)
}

/** Loads the module that a specifier of a bundle leads to, from a project. */
export const loadPackage = async (specifier: string, root: string): Promise<Namespace> => {
  const { name, from } = parts(specifier)
  const url = resolveImport(name, askerIn(join(root, from)))
  const file = url.startsWith("file:") ? fileURLToPath(url) : url
  permit(file)
  const value = (await import(url)) as Namespace
  found.set(idOf("import", specifier, root), { file, value })
  return value
}

/** The same with require(). */
export const requirePackage = (specifier: string, root: string): unknown => {
  const { name, from } = parts(specifier)
  const asks = askerIn(join(root, from))
  const file = resolveRequire(name, asks)
  permit(file)
  const value: unknown = createRequire(asks)(name)
  found.set(idOf("require", specifier, root), { file, value })
  return value
}
