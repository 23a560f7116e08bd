// Says where each file is in a store's directory, and of which kind a file is that is found there. The first two digits
// of a name make a folder, so that no folder grows to thousands of files. Knows nothing about what is in the files.
import { randomUUID } from "node:crypto"
import { basename, dirname, join } from "node:path"
import { finalOf, uuid } from "./atomic.ts"

/** The path of a file named by 64 hex digits, in a room that keeps such files. */
export const placeIn = (directory: string, room: "blobs" | "dropped" | "records", name: string): string =>
  `${directory}/${room}/${name.slice(0, 2)}/${name.slice(2)}` // `join` takes half as long as the look at the file

/** A free path in the quarantine for a damaged file that had this name. */
export const asideIn = (directory: string, name: string): string =>
  join(directory, "quarantine", `${name}.${randomUUID()}`)

/** The name of the file that holds the journal of a run. */
export const journalOf = (run: string): string => `${encodeURIComponent(run)}.jsonl`

/** The run whose journal has this name; undefined for a name that `journalOf` never gives. */
export const runOf = (name: string): string | undefined => {
  try {
    const run = decodeURIComponent(name.replace(/\.jsonl$/, ""))
    return journalOf(run) === name ? run : undefined
  } catch {
    return undefined // a % that is not part of an encoding
  }
}

/** The stand-in for a blob's name in its temporary name while its digest is not known. */
export const incoming = "incoming"

/** The file that marks a directory as a store. */
export const marker = "pipeline-store.txt"

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
const named = "[0-9a-f]{64}"
const placed = "[0-9a-f]{2}/[0-9a-f]{62}"

// Whole paths are matched, so that no other file is ever taken for a file of the store.
const written = {
  blob: whole(`blobs/${placed}`),
  mark: whole(`dropped/${placed}`),
  record: whole(`records/${placed}`),
  journal: whole(String.raw`journal/[^/]+\.jsonl`),
  aside: whole(String.raw`quarantine/(?:${named}(?:\.record)?|index\.json|[^/]+\.jsonl)\.${uuid}`),
  lease: whole(String.raw`claims/(?:${named}(?:\.after\.(?:${uuid}|\d+))?|\.${uuid})`),
  // fingerprints.json is the pipeline's memo, which is kept in the store.
  bookkeeping: whole(String.raw`${marker}|memo\.tsv|journal/index\.json|fingerprints\.json`),
} as const

/** Whether a path in a store's directory is a folder of the store. */
export const isRoom = (path: string): boolean => rooms.test(path)
const rooms = whole("(?:blobs|dropped|records)(?:/[0-9a-f]{2})?|journal|claims|quarantine")

/** The kind of a file in a store. */
export type Kind = keyof typeof written | "temporary"

/** The kind of the file at a path in a store's directory; undefined if no store writes a file of that name. */
export const kindOf = (path: string): Kind | undefined => {
  const final = finalOf(basename(path))
  if (final === undefined) return finished(path)
  const target = join(dirname(path), final)
  return target === `blobs/${incoming}` || finished(target) !== undefined ? "temporary" : undefined
}

const finished = (path: string): keyof typeof written | undefined => {
  const kind = kinds.find((each) => written[each].test(path))
  return kind === "journal" && runOf(basename(path)) === undefined ? undefined : kind
}
const kinds = Object.keys(written) as ReadonlyArray<keyof typeof written>
