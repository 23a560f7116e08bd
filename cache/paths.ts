// Where in a store's directory is each file, and what is a file that is found there? Two digits make a folder, so that
// none grows to thousands of files. Knows nothing of what is in the file.
import { randomUUID } from "node:crypto"
import { basename, dirname, join } from "node:path"
import { finalOf, uuid } from "./atomic.ts"

/** The path of a file named by 64 hex digits, in one of the rooms that keep such. */
export const placeIn = (directory: string, room: "blobs" | "dropped" | "records", name: string): string =>
  `${directory}/${room}/${name.slice(0, 2)}/${name.slice(2)}` // `join` takes as long as half a look at the file

/** A free place for something damaged that had this name. */
export const asideIn = (directory: string, name: string): string =>
  join(directory, "quarantine", `${name}.${randomUUID()}`)

/** The name of the file that keeps the journal of a run. */
export const journalOf = (run: string): string => `${encodeURIComponent(run)}.jsonl`

/** The run whose journal has this name; undefined for a name that `journalOf` never gives. */
export const runOf = (name: string): string | undefined => {
  try {
    const run = decodeURIComponent(name.replace(/\.jsonl$/, ""))
    return journalOf(run) === name ? run : undefined
  } catch {
    return undefined // a % that encodes nothing
  }
}

/** What the temporary name of a blob stands for while its digest is not known. */
export const incoming = "incoming"

/** The file by which a directory is known as a store. */
export const marker = "pipeline-store.txt"

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
const named = "[0-9a-f]{64}"
const placed = "[0-9a-f]{2}/[0-9a-f]{62}"

// Whole paths, so that nothing else is ever taken for ours.
const written = {
  blob: whole(`blobs/${placed}`),
  mark: whole(`dropped/${placed}`),
  record: whole(`records/${placed}`),
  journal: whole(String.raw`journal/[^/]+\.jsonl`),
  aside: whole(String.raw`quarantine/(?:${named}(?:\.record)?|index\.json|[^/]+\.jsonl)\.${uuid}`),
  lease: whole(String.raw`claims/(?:${named}(?:\.after\.(?:${uuid}|\d+))?|\.${uuid})`),
  // The last is the pipeline's memo, which lives in the store.
  bookkeeping: whole(String.raw`${marker}|memo\.tsv|journal/index\.json|fingerprints\.json`),
} as const

/** Whether a path in a store's directory is that of a folder of the store. */
export const isRoom = (path: string): boolean => rooms.test(path)
const rooms = whole("(?:blobs|dropped|records)(?:/[0-9a-f]{2})?|journal|claims|quarantine")

/** What a file of a store is. */
export type Kind = keyof typeof written | "temporary"

/** What the file at a path in a store's directory is; undefined where no store writes a file of that name. */
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
