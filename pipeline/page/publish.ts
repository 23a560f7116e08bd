// How do the files of a page come into their folder? One by one, each in one move, over those that the last page put
// there and over nothing else. Refuses to know what they show.
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

/** The folder of a spec's page below `out`. That of a part is another, so that it takes the place of no whole one. */
export const pageOf = (spec: string, out: string, part: boolean): string =>
  join(out, `${basename(spec, ".ts")}${part ? ".part" : ""}`)

/** Fails where the page of another spec is in the folder: two specs of one name would take each other's place. */
export const refuseTakenFolder = (directory: string, spec: string): Effect.Effect<void, SpecError> =>
  // What else may be wrong with the folder costs the page and not the run.
  Effect.flatMap(Effect.option(manifestAt(directory)), (found) =>
    Option.isSome(found) ? refuseTaken(directory, found.value, spec) : Effect.void,
  )

const refuseTaken = (directory: string, before: Manifest, spec: string): Effect.Effect<void, SpecError> => {
  const other = before.spec === undefined ? undefined : fileAt(resolve(directory, before.spec))
  // One that is not there any more was renamed, or is not missed.
  if (other === undefined || other === fileAt(spec)) return Effect.void
  const message = pageTaken(directory, spec, relative(process.cwd(), other))
  return Effect.fail(new SpecError({ reason: "PageTaken", message }))
}

/** A file by the one path that leads to it through no link; undefined where there is none. */
const fileAt = (path: string): string | undefined => (existsSync(path) ? realpathSync(path) : undefined)

type Files = ReadonlyMap<string, string | Uint8Array>

/**
 * Puts the files of a page into its folder, and gives those that were in the way and are kept under other names.
 *
 * Not by a new folder in place of the old one: between two renames there would be no page, links to the folder would
 * be lost, and with it all that a person put there. A reader of the old `index.html` sees it whole until the new one
 * is there whole; what it leads to is there before it, and what only the old one led to goes after it.
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

/** Waits until no other run over the same store writes this page. */
const alone = Effect.fnUntraced(function* (directory: string): Effect.fn.Return<void, CacheError, Store | Scope.Scope> {
  const store = yield* Store
  const key = digestOfValue("page", resolve(directory)) as string as Key
  yield* Effect.repeat(store.claim(key), { until: (held) => held, schedule: Schedule.spaced("50 millis") })
})

/**
 * 1. writes every file that is new beside the page;
 * 2. lists them, together with those of the old page: whatever happens from here on, both are known as ours;
 * 3. moves each to its place, `index.html` last;
 * 4. removes what the new page has no more, and lists what there is.
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

/** The digest of a file; undefined where there is none, or a folder or a link. */
const digestAt = (path: string): Digest | undefined =>
  stateOf(path)?.isFile() ? digestOf(readFileSync(path)) : undefined

/** Gives another name to what stands where a file is to be, or a folder for it, unless we wrote it. */
const clearWay = (directory: string, path: string, before: Manifest): ReadonlyArray<Kept> => {
  const parts = path.split("/")
  const steps = parts.map((_, i) => parts.slice(0, i + 1).join("/"))
  const old = steps.find(
    (step) => stateOf(join(directory, step)) !== undefined && !(step !== path && isFolder(join(directory, step))),
  )
  if (old === undefined) return []
  if (isOurs(directory, old, before)) {
    if (old !== path) rmSync(join(directory, old)) // a file of the old page where the new one has a folder
    return []
  }
  const as = freeFor(directory, old)
  renameSync(join(directory, old), join(directory, as))
  return [{ path: old, as }]
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** Whether a file is as a run wrote it. */
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

/** Removes a file of the old page, unless somebody changed it, and the folders that are empty without it. */
const remove = (directory: string, path: string, before: Manifest): void => {
  if (!isOurs(directory, path, before)) return
  rmSync(join(directory, path))
  for (let folder = dirname(path); folder !== "." && isEmpty(join(directory, folder)); folder = dirname(folder))
    rmdirSync(join(directory, folder))
}

const isEmpty = (folder: string): boolean => stateOf(folder)?.isDirectory() === true && readdirSync(folder).length === 0
