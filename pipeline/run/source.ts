// Bytes from outside: where they are, whether they are the expected ones, and their digest. From here on a
// data file is a blob like any other: what happens to the file during a run cannot reach a stage.
import { readlinkSync } from "node:fs"
import { join, resolve } from "node:path"
import { Effect } from "effect"
import { Store, type Blob, type CacheError } from "../../cache/store.ts"
import { packageFolder } from "../code/packages.ts"
import { SpecError } from "../error.ts"
import type { InputDigests } from "../key/key.ts"
import type { Place, SourceNode, StageNode } from "../node.ts"

/**
 * Stores a source's bytes. What is not there, is no file, may not be read, changes meanwhile, or has another sha256
 * than the declared one is refused by name.
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
 * Fails where a data file that a node took is no longer what the node was given: its result would be of bytes that
 * nobody finds any more.
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

// The engine may bring another version than the project has.
const folderOf = (name: string, from: string): string =>
  packageFolder(name, from) ?? packageFolder(name, import.meta.dirname) ?? join(from, "node_modules", name)

const refused = (reason: SpecError["reason"], message: string): SpecError => new SpecError({ reason, message })

/** What is wrong with a data file in words of its own; trouble of the store stays what it is. */
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
    return "" // no link
  }
}

const cureOf = (place: Place): string =>
  "path" in place
    ? "put the file there, or name another path in the spec"
    : `run npm ci; it belongs to the package ${place.package}`
