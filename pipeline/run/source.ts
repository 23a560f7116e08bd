// Reads bytes from outside: finds the file, checks its sha256 and stores the bytes. After that a data file is a blob
// like any other blob, and later changes of the file cannot reach a stage. Knows nothing about the nodes that read the
// bytes.
import { readlinkSync } from "node:fs"
import { join, resolve } from "node:path"
import { Effect } from "effect"
import { Store, type Blob, type CacheError } from "../../cache/store.ts"
import { packageFolder } from "../code/packages.ts"
import { SpecError } from "../error.ts"
import type { InputDigests } from "../key/key.ts"
import type { Place, SourceNode, StageNode } from "../node.ts"

/**
 * Stores the bytes of a source. Fails with a message that names the file if it is missing, not a file, unreadable,
 * changed while it was read, or has another sha256 than the spec declares.
 */
export const fetchSource = Effect.fn("fetchSource")(function* (
  node: SourceNode,
): Effect.fn.Return<Blob, SpecError | CacheError, Store> {
  const store = yield* Store
  const path = locate(node)
  const blob = yield* store.putFile(path).pipe(Effect.mapError((error) => refusal(error, path, node.place)))
  if (node.sha256 !== undefined && blob.digest !== node.sha256) {
    return yield* new SpecError({
      reason: "DataAltered",
      message:
        `${path} is not the file the spec asks for: its sha256 is ${blob.digest}, and ${node.sha256} was ` +
        `expected. Restore it (${cureOf(node.place)}).`,
    })
  }
  return blob
})

/**
 * Fails if a data file changed while a node that reads it ran: the result would belong to bytes that are no longer in
 * the file.
 */
export const sourcesUnchanged = Effect.fnUntraced(function* (
  node: StageNode,
  inputs: InputDigests,
): Effect.fn.Return<void, SpecError | CacheError, Store> {
  for (const [name, input] of Object.entries(node.inputs)) {
    const given = [inputs[name]!].flat()
    for (const [i, { node: producer }] of [input].flat().entries()) {
      if (producer._tag !== "SourceNode" || (yield* fetchSource(producer)).digest === given[i]) continue
      return yield* new SpecError({
        reason: "DataAltered",
        message: `${producer.name} changed while ${node.name} ran, so the result was not recorded. Run again.`,
      })
    }
  }
})

const locate = ({ place, from = process.cwd() }: SourceNode): string =>
  "path" in place ? resolve(place.path) : join(folderOf(place.package, from), place.file)

// The engine may have another version of the package than the project.
const folderOf = (name: string, from: string): string =>
  packageFolder(name, from) ?? packageFolder(name, import.meta.dirname) ?? join(from, "node_modules", name)

const refused = (reason: SpecError["reason"], message: string): SpecError => new SpecError({ reason, message })

/** Turns an error about a data file into a readable error. Errors of the store stay unchanged. */
const refusal = (error: CacheError, path: string, place: Place): SpecError | CacheError => {
  const because = error.cause instanceof Error ? error.cause.message : ""
  switch (error.reason) {
    case "Missing":
      return refused("DataMissing", `The data file ${path} is ${linkAt(path)}not there. Get it (${cureOf(place)}).`)
    case "NotAFile": {
      const cure = "Name a file, or write the data to a file and name that file."
      return refused("DataUnreadable", `${path} is ${because}, but a source is a file. ${cure}`)
    }
    case "Unreadable": {
      const cure = "Correct this (permissions: chmod +r), or name another path in the spec."
      return refused("DataUnreadable", `The data file ${path} cannot be read: ${because}. ${cure}`)
    }
    case "Changing": {
      const cure = "Wait until nothing writes to it, and run again."
      return refused("DataAltered", `The data file ${path} changed while it was read. ${cure}`)
    }
    default:
      return error
  }
}

const linkAt = (path: string): string => {
  try {
    return `a link to ${readlinkSync(path)}, which is `
  } catch {
    return "" // not a link
  }
}

const cureOf = (place: Place): string =>
  "path" in place
    ? "put the file there, or name another path in the spec"
    : `run npm ci; it belongs to the package ${place.package}`
