// Tells whether a directory is a store, may become a store, or belongs to somebody else. A store has a marker, which is
// written when the store is made. Without the marker nobody could tell the store's files, which pipeline may remove,
// from a user's files. Knows nothing about what the store's files hold.
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { createNew, finalOf } from "./atomic.ts"
import { attempt, isSystemError } from "./system-error.ts"
import { kindOf, marker } from "./paths.ts"
import { readRegular } from "./regular.ts"
import { CacheError } from "./store.ts"

const opening = "This folder is a store of pipeline."
const text = `${opening} The files of the store are written and removed by pipeline; other files are left alone.
To empty the store, delete the folder.
`

/** Whether a directory has the marker of a store. */
const isMarked = (directory: string): boolean => {
  try {
    return readRegular(join(directory, marker)).toString().startsWith(opening)
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    return false
  }
}

/** Marks a directory as a store. */
export const mark = (directory: string): Effect.Effect<void, CacheError> =>
  attempt(directory, () => {
    if (!isMarked(directory)) createNew(join(directory, marker), text)
  })

/** Whether the directory is a store, or empty, or missing. Fails if it holds anything else. Writes nothing. */
export const storeDirectoryAt = (directory: string): Effect.Effect<"Store" | "Nothing", CacheError> =>
  Effect.gen(function* () {
    if (isMarked(directory)) return "Store"
    const names = yield* attempt(directory, () => namesIn(directory)).pipe(
      Effect.catchIf(
        ({ reason }) => reason === "Missing",
        () => Effect.succeed([]),
      ),
    )
    if (names.length === 0) return "Nothing"
    // Another process may have made the store while we looked. It writes the marker before all else.
    if (isMarked(directory) || isOlder(directory, names)) return "Store"
    return yield* new CacheError({ reason: "Foreign", what: directory })
  })

/** Whether a file of this name tells nothing of its folder's purpose: people put such files into empty folders, too. */
export const isBlank = (name: string): boolean =>
  [".gitignore", ".gitkeep", ".gitattributes", ".DS_Store"].includes(name)

const namesIn = (directory: string): ReadonlyArray<string> =>
  readdirSync(directory).filter((name) => !isBlank(name) && finalOf(name) !== marker)

/**
 * Whether a directory is a store without a marker: older than the marker, or its marker is lost. A store has both of
 * these rooms from its first moment on.
 */
const isOlder = (directory: string, names: ReadonlyArray<string>): boolean => {
  const holds = (room: string, fits: (name: string) => boolean): boolean =>
    names.includes(room) && statSync(join(directory, room)).isDirectory() && namesIn(join(directory, room)).every(fits)
  return (
    holds("claims", (name) => kindOf(`claims/${name}`) === "lease") &&
    holds("blobs", (name) => /^[0-9a-f]{2}$/.test(name) || kindOf(`blobs/${name}`) === "temporary")
  )
}
