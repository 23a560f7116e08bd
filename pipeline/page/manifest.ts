// Which files in a page's folder did a run write? The folder holds a list of these files with their digests (the
// manifest). A file that is not in the list does not belong to the page, and a folder without a list does not belong to
// us at all. Knows nothing about what the files show.
import { readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, isAbsolute, join, normalize } from "node:path"
import { Effect, Option } from "effect"
import { uuid } from "../../cache/atomic.ts"
import { stateOf } from "../../cache/system-error.ts"
import type { Digest } from "../../cache/digest.ts"
import { seal, unseal } from "../../cache/seal.ts"
import { isBlank } from "../../cache/store-directory.ts"
import { SpecError } from "../error.ts"
import { fileInTheWay, folderInTheWay, refusedBySystem } from "./message.ts"

export interface Manifest {
  /** The digest of the page's content; null while the page is being written. */
  readonly shown: string | null
  /** Every file by its path in the folder. A file that is being replaced has two digests. */
  readonly files: ReadonlyMap<string, ReadonlyArray<Digest>>
  /** The path of the page's spec, relative to the folder. Earlier versions did not have it. */
  readonly spec?: string
}

/** The file name of the manifest in the page's folder. */
export const manifestName = ".shown"
const kind = "page 1"
const none: Manifest = { shown: null, files: new Map() }

export const encodeManifest = ({ shown, files, ...rest }: Manifest): string =>
  seal(kind, JSON.stringify({ shown, files: [...files], ...rest }))

const decode = (text: string): Manifest | undefined => {
  // Earlier versions wrote only the digest of the content, and no files.
  if (/^[0-9a-f]{64}$/.test(text)) return { shown: text, files: new Map() }
  const body = Option.getOrUndefined(unseal(kind, text))
  if (body === undefined) return undefined
  // A sealed text has our shape. But a person who passes a folder on may have sealed any path in it.
  const { files, ...rest } = JSON.parse(body) as Omit<Manifest, "files"> & {
    readonly files: ReadonlyArray<readonly [string, ReadonlyArray<Digest>]>
  }
  return { ...rest, files: new Map(files.filter(([path]) => isInside(path))) }
}

/** Whether a path names a file that may belong to a page: inside the folder, and not the manifest. */
export const isInside = (path: string): boolean =>
  path !== manifestName &&
  path === normalize(path) &&
  !isAbsolute(path) &&
  !/^\.\.?(\/|$)/.test(path) &&
  !/\/$|\0/.test(path)

/** Whether a name is that of a staging folder, where the files of a new page are until all are written. */
export const isStaging = (name: string): boolean => staging.test(name)
const staging = new RegExp(`^\\.new\\.${uuid}$`)

/**
 * The manifest in a page's folder; an empty manifest if the folder is empty or missing. Fails if the folder holds files
 * that no run made.
 */
export const manifestAt = (directory: string): Effect.Effect<Manifest, SpecError> =>
  Effect.try({
    try: () => look(directory),
    catch: (cause) => refusedBySystem(directory, (cause as Error).message),
  }).pipe(
    Effect.flatMap((found) => (typeof found === "string" ? Effect.fail(found) : Effect.succeed(found))),
    Effect.mapError((message) => new SpecError({ reason: "Unwritable", message })),
  )

/** The manifest, or a message that says which files are in the way. */
const look = (directory: string): Manifest | string => {
  const there = above(directory).filter((path) => stateOf(path) !== undefined)
  const file = there.find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
  if (file !== undefined) return fileInTheWay(directory, file)
  const names =
    there.at(-1) === directory ? readdirSync(directory).filter((name) => !isBlank(name) && !isStaging(name)) : []
  if (names.length === 0) return none
  const found = stateOf(join(directory, manifestName))?.isFile()
    ? decode(readFileSync(join(directory, manifestName), "utf8"))
    : undefined
  return found ?? folderInTheWay(directory, names)
}

/** A path and all its parent folders, root first. */
const above = (path: string): ReadonlyArray<string> =>
  dirname(path) === path ? [path] : [...above(dirname(path)), path]
