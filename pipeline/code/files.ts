// Checks whether the files of some code are unchanged: by content if an earlier command read them, by time stamps if
// this command read them. Knows nothing about stages, bundles and packages.
import { readFileSync, realpathSync } from "node:fs"
import { join, relative } from "node:path"
import { digestOf, type Digest } from "../../cache/digest.ts"
import { isPastRace, look } from "../../cache/memo.ts"

/** The files that some code consists of. Every path is relative to the project's root. */
export interface Files {
  /** The digest of each file. */
  readonly files: { readonly [path: string]: Digest }
  /** For each imported path with a symbolic link in it: the file that the path led to. */
  readonly links: { readonly [path: string]: string }
}

/** Reads the digests and links at absolute paths. */
export const filesAt = (root: string, paths: ReadonlyArray<string>): Files => ({
  files: Object.fromEntries(
    paths.filter((path) => !isLinked(path)).map((path) => [relative(root, path), digestOf(readFileSync(path))]),
  ),
  links: Object.fromEntries(
    paths.filter(isLinked).map((path) => [relative(root, path), relative(root, realpathSync.native(path))]),
  ),
})

/** Whether an absolute path exists and has a symbolic link in it. */
export const isLinked = (path: string): boolean => (realOf(path) ?? path) !== path

/** Whether the files still have the digests, and the links still have the targets, that an earlier command found. */
export const hold = (root: string, { files, links }: Files): boolean =>
  Object.entries(files).every(
    ([path, before]) => leadsTo(root, path, path) && digestOfFile(join(root, path)) === before,
  ) && Object.entries(links).every(([path, before]) => leadsTo(root, path, before))

// The clock of a file system may be late by this much.
const tickMilliseconds = 20
/** Whether every file last changed before `moment`, and every link leads to one of these files. */
export const unchangedSince = (root: string, { files, links }: Files, moment: number): boolean =>
  Object.keys(files).every((path) => (look(join(root, path))?.changed ?? Infinity) < moment - tickMilliseconds) &&
  Object.values(links).every((path) => path in files)

const leadsTo = (root: string, path: string, end: string): boolean => realOf(join(root, path)) === join(root, end)

const realOf = (path: string): string | undefined => (look(path) === undefined ? undefined : realpathSync.native(path))

// The stages of a spec share most of their files, so each digest is kept.
const digests = new Map<string, { readonly stamp: string; readonly digest: Digest }>()
const digestOfFile = (path: string): Digest | undefined => {
  const seen = look(path)
  if (seen === undefined) return undefined
  const known = digests.get(path)
  if (known?.stamp === seen.stamp) return known.digest
  const digest = digestOf(readFileSync(path))
  if (isPastRace(seen, Date.now())) digests.set(path, { stamp: seen.stamp, digest })
  return digest
}
