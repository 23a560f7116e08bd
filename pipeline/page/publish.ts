// Moves the files of a page into their folder, each file in one move. Replaces only files that the last page wrote.
// Knows nothing about what the files show.
import { randomUUID } from "node:crypto"
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { basename, dirname, join, parse, relative, resolve } from "node:path"
import { Effect, Option, Schedule, type Scope } from "effect"
import { makeDirectory } from "../../cache/atomic.ts"
import { stateOf } from "../../cache/system-error.ts"
import { digestOf, digestOfValue, type Digest, type Key } from "../../cache/digest.ts"
import { Store, type CacheError } from "../../cache/store.ts"
import { SpecError } from "../error.ts"
import { encodeManifest, isInside, isStaging, manifestAt, manifestName, type Manifest } from "./manifest.ts"
import { outsidePage, pageTaken, refusedBySystem } from "./message.ts"
import type { Kept } from "../event.ts"

/**
 * The folder of a spec's page below `out`. A selected part has another folder, so that it never replaces the whole
 * page.
 */
export const pageOf = (spec: string, out: string, part: boolean): string =>
  join(out, `${basename(spec, ".ts")}${part ? ".part" : ""}`)

/**
 * Fails if the folder holds the page of another spec: two specs with the same name would overwrite each other's page.
 */
export const refuseTakenFolder = (directory: string, spec: string): Effect.Effect<void, SpecError> =>
  // Other problems with the folder only cost the page, not the run.
  Effect.flatMap(Effect.option(manifestAt(directory)), (found) =>
    Option.isSome(found) ? refuseTaken(directory, found.value, spec) : Effect.void,
  )

const refuseTaken = (directory: string, before: Manifest, spec: string): Effect.Effect<void, SpecError> => {
  const other = before.spec === undefined ? undefined : fileAt(resolve(directory, before.spec))
  // If the other spec no longer exists, it was renamed or deleted on purpose.
  if (other === undefined || other === fileAt(spec)) return Effect.void
  const message = pageTaken(directory, spec, relative(process.cwd(), other))
  return Effect.fail(new SpecError({ reason: "PageTaken", message }))
}

/** The real path of a file, with all links resolved; undefined if there is no file. */
const fileAt = (path: string): string | undefined => (existsSync(path) ? realpathSync(path) : undefined)

type Files = ReadonlyMap<string, string | Uint8Array>

/**
 * Puts the files of a page into its folder. Returns the files that were in the way; these are kept under other names.
 *
 * Does not replace the folder by a new folder: between two renames there would be no page, links to the folder would
 * break, and files that a person put there would be lost. Readers see the whole old `index.html` until the whole new
 * one is there. The files that the new `index.html` links to come before it, and the files that only the old
 * `index.html` linked to are removed after it.
 */
export const publish = Effect.fn("publish")(function* (
  directory: string,
  files: Files,
  shown: string | null,
  spec: string,
) {
  const outside = [...files.keys()].find((path) => !isInside(path))
  if (outside !== undefined)
    return yield* new SpecError({ reason: "Unwritable", message: outsidePage(directory, outside) })
  yield* alone(directory)
  const before = yield* manifestAt(directory)
  yield* refuseTaken(directory, before, spec)
  return yield* Effect.try({
    try: () => put(directory, before, files, { shown, spec: relative(directory, resolve(spec)) }),
    catch: (cause) =>
      new SpecError({ reason: "Unwritable", message: refusedBySystem(directory, (cause as Error).message) }),
  })
}, Effect.scoped)

/** Waits until no other run with the same store writes this page. */
const alone = Effect.fnUntraced(function* (directory: string): Effect.fn.Return<void, CacheError, Store | Scope.Scope> {
  const store = yield* Store
  const key = digestOfValue("page", resolve(directory)) as string as Key
  yield* Effect.repeat(store.claim(key), { until: (held) => held, schedule: Schedule.spaced("50 millis") })
})

/**
 * 1. writes every new file into a staging folder;
 * 2. writes a manifest with the files of the new and the old page, so that both are known as ours after a crash;
 * 3. moves each file to its place, `index.html` last;
 * 4. removes the files that only the old page had, and writes the final manifest.
 */
const put = (
  directory: string,
  before: Manifest,
  files: Files,
  said: Pick<Manifest, "shown" | "spec">,
): ReadonlyArray<Kept> => {
  const fresh = new Map(Array.from(files, ([path, bytes]) => [path, [digestOf(bytes)]] as const))
  const staging = join(directory, `.new.${randomUUID()}`)
  try {
    makeDirectory(staging) // 1
    for (const name of readdirSync(directory))
      if (isStaging(name) && name !== basename(staging)) rmSync(join(directory, name), { recursive: true, force: true })
    const open = [...files].filter(([path]) => digestAt(join(directory, path)) !== fresh.get(path)![0])
    for (const [path, bytes] of open) write(join(staging, path), bytes)
    const list = (manifest: Manifest): void => {
      write(join(staging, manifestName), encodeManifest(manifest))
      renameSync(join(staging, manifestName), join(directory, manifestName))
    }
    list({ ...said, shown: null, files: both(before.files, fresh) }) // 2
    const kept: Array<Kept> = []
    for (const [path] of open.toSorted(([a], [b]) => Number(a === "index.html") - Number(b === "index.html"))) {
      // 3
      kept.push(...clearWay(directory, path, before))
      makeDirectory(dirname(join(directory, path)))
      renameSync(join(staging, path), join(directory, path))
    }
    for (const path of before.files.keys()) if (!files.has(path)) remove(directory, path, before) // 4
    list({ ...said, files: fresh })
    return kept
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

const write = (path: string, bytes: string | Uint8Array): void => {
  makeDirectory(dirname(path))
  writeFileSync(path, bytes)
}

const both = (before: Manifest["files"], after: Manifest["files"]): Manifest["files"] =>
  new Map(
    [...before.keys(), ...after.keys()].map((path) => [
      path,
      [...new Set([...(before.get(path) ?? []), ...(after.get(path) ?? [])])],
    ]),
  )

/** The digest of a file; undefined for a missing file, a folder or a link. */
const digestAt = (path: string): Digest | undefined =>
  stateOf(path)?.isFile() ? digestOf(readFileSync(path)) : undefined

/** Renames a file that stands in the place of a new file or of its folder, unless a run wrote it. */
const clearWay = (directory: string, path: string, before: Manifest): ReadonlyArray<Kept> => {
  const parts = path.split("/")
  const steps = parts.map((_, i) => parts.slice(0, i + 1).join("/"))
  const old = steps.find(
    (step) => stateOf(join(directory, step)) !== undefined && !(step !== path && isFolder(join(directory, step))),
  )
  if (old === undefined) return []
  if (isOurs(directory, old, before)) {
    if (old !== path) rmSync(join(directory, old)) // a file of the old page where the new page has a folder
    return []
  }
  const as = freeFor(directory, old)
  renameSync(join(directory, old), join(directory, as))
  return [{ path: old, as }]
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** Whether a file is unchanged since a run wrote it. */
const isOurs = (directory: string, path: string, { files }: Manifest): boolean => {
  const digest = digestAt(join(directory, path))
  return digest !== undefined && files.get(path)?.includes(digest) === true
}

const freeFor = (directory: string, path: string): string => {
  const { dir, name, ext } = parse(path)
  for (let i = 1; ; i++) {
    const free = join(dir, `${name}.kept${i === 1 ? "" : i}${ext}`)
    if (stateOf(join(directory, free)) === undefined) return free
  }
}

/** Removes a file of the old page, unless somebody changed it, and the folders that become empty. */
const remove = (directory: string, path: string, before: Manifest): void => {
  if (!isOurs(directory, path, before)) return
  rmSync(join(directory, path))
  for (let folder = dirname(path); folder !== "." && isEmpty(join(directory, folder)); folder = dirname(folder))
    rmdirSync(join(directory, folder))
}

const isEmpty = (folder: string): boolean => stateOf(folder)?.isDirectory() === true && readdirSync(folder).length === 0
