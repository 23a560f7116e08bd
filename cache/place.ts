// Where in a store's directory is the file of a digest or a key? Two digits make a folder, so that none grows to
// thousands of files. And where is what was found damaged? Knows nothing of what is in the file.
import { randomUUID } from "node:crypto"
import { join } from "node:path"

/** The path of a file named by 64 hex digits, in one of the rooms that keep such. */
export const placeIn = (directory: string, room: "blobs" | "dropped" | "records", name: string): string => `${directory}/${room}/${name.slice(0, 2)}/${name.slice(2)}` // `join` takes as long as half a look at the file

/** A free place for something damaged that had this name. */
export const asideIn = (directory: string, name: string): string => join(directory, "quarantine", `${name}.${randomUUID()}`)
