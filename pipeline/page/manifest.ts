// Which files of a page's folder did a run write? A list of them with their digests lies in the folder. Nothing else in
// it is ours, and a folder without the list is not ours at all. Refuses to know what the files show.
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
  /** The digest of what the page shows; null while it is being written. */
  readonly shown: string | null
  /** Every file by its path in the folder. Of one that is being replaced there are two digests. */
  readonly files: ReadonlyMap<string, ReadonlyArray<Digest>>
  /** The spec whose page it is, as seen from the folder; earlier versions did not say. */
  readonly spec?: string
}

/** Its name in the page's folder. */
export const manifestName = ".shown"
const kind = "page 1"
const none: Manifest = { shown: null, files: new Map() }

export const encodeManifest = ({ shown, files, ...rest }: Manifest): string =>
  seal(kind, JSON.stringify({ shown, files: [...files], ...rest }))

const decode = (text: string): Manifest | undefined => {
  // Earlier versions said only what is shown, and none of the files.
  if (/^[0-9a-f]{64}$/.test(text)) return { shown: text, files: new Map() }
  const body = Option.getOrUndefined(unseal(kind, text))
  if (body === undefined) return undefined
  // What carries our seal has our shape; but whoever handed a folder on may have sealed any path.
  const { files, ...rest } = JSON.parse(body) as Omit<Manifest, "files"> & {
    readonly files: ReadonlyArray<readonly [string, ReadonlyArray<Digest>]>
  }
  return { ...rest, files: new Map(files.filter(([path]) => isInside(path))) }
}

/** Whether a path names a file of a page's own, inside its folder. */
export const isInside = (path: string): boolean =>
  path !== manifestName &&
  path === normalize(path) &&
  !isAbsolute(path) &&
  !/^\.\.?(\/|$)/.test(path) &&
  !/\/$|\0/.test(path)

/** Where the files of a new page are until all are written. */
export const isStaging = (name: string): boolean => staging.test(name)
const staging = new RegExp(`^\\.new\\.${uuid}$`)

/** The list in a page's folder; an empty one where nothing is yet. Fails where something is that no run made. */
export const manifestAt = (directory: string): Effect.Effect<Manifest, SpecError> =>
  Effect.try({
    try: () => look(directory),
    catch: (cause) => refusedBySystem(directory, (cause as Error).message),
  }).pipe(
    Effect.flatMap((found) => (typeof found === "string" ? Effect.fail(found) : Effect.succeed(found))),
    Effect.mapError((message) => new SpecError({ reason: "Unwritable", message })),
  )

/** The list, or what is in the way. */
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

/** A path and all above it, the highest first. */
const above = (path: string): ReadonlyArray<string> =>
  dirname(path) === path ? [path] : [...above(dirname(path)), path]
