// Are the files that some code is made of what they were? By their content, where an earlier command knew them; by
// their stamps, where this one read them. Refuses to know stages, bundles and packages.
import { readFileSync, realpathSync } from "node:fs"
import { join, relative } from "node:path"
import { digestOf, type Digest } from "../../cache/digest.ts"
import { hasRested, look } from "../../cache/memo.ts"

/** What some code is made of; every path is from the project's root. */
export interface Files {
  /** The digest of each file. */
  readonly files: { readonly [path: string]: Digest }
  /** Where a link is on the way: from the path that an import names to the file it led to. */
  readonly links: { readonly [path: string]: string }
}

/** Reads what is at absolute paths. */
export const filesAt = (root: string, paths: ReadonlyArray<string>): Files => ({
  files: Object.fromEntries(
    paths.filter((path) => !isLinked(path)).map((path) => [relative(root, path), digestOf(readFileSync(path))]),
  ),
  links: Object.fromEntries(
    paths.filter(isLinked).map((path) => [relative(root, path), relative(root, realpathSync.native(path))]),
  ),
})

/** Whether a link is on the way of an absolute path that leads somewhere. */
export const isLinked = (path: string): boolean => (realOf(path) ?? path) !== path

/** Whether files have the content and links the ends that an earlier command found. */
export const hold = (root: string, { files, links }: Files): boolean =>
  Object.entries(files).every(
    ([path, before]) => leadsTo(root, path, path) && digestOfFile(join(root, path)) === before,
  ) && Object.entries(links).every(([path, before]) => leadsTo(root, path, before))

// The clock of a file system may be this much behind.
const tickMilliseconds = 20
/** Whether files last changed before a moment, and links lead to none but these files. */
export const stoodSince = (root: string, { files, links }: Files, moment: number): boolean =>
  Object.keys(files).every((path) => (look(join(root, path))?.changed ?? Infinity) < moment - tickMilliseconds) &&
  Object.values(links).every((path) => path in files)

const leadsTo = (root: string, path: string, end: string): boolean => realOf(join(root, path)) === join(root, end)

const realOf = (path: string): string | undefined => (look(path) === undefined ? undefined : realpathSync.native(path))

// The stages of a spec share most of their files.
const digests = new Map<string, { readonly stamp: string; readonly digest: Digest }>()
const digestOfFile = (path: string): Digest | undefined => {
  const seen = look(path)
  if (seen === undefined) return undefined
  const known = digests.get(path)
  if (known?.stamp === seen.stamp) return known.digest
  const digest = digestOf(readFileSync(path))
  if (hasRested(seen, Date.now())) digests.set(path, { stamp: seen.stamp, digest })
  return digest
}
