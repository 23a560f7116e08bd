// The messages about errors, for the person who has to mend the problem. Functions from errors to text. Knows nothing
// of exit codes.
import { systemCode } from "../../cache/system-error.ts"
import type { CacheError } from "../../cache/store.ts"
import type { NodeError } from "../error.ts"

export const cache = (error: CacheError): string => {
  switch (error.reason) {
    case "Full":
      return `There is no room left in the store for ${error.what}. What was finished is kept: make room and run again.`
    case "Denied":
      if (systemCode(error.cause) === "ENOTDIR")
        return (
          "A file is in the way of the store, which needs a folder: " +
          `${(error.cause as NodeJS.ErrnoException).path ?? error.what}. Move the file, or name another store ` +
          "with --store."
        )
      return `The store may not be written at ${error.what}. Mend the permissions, or name another store with --store.`
    case "Gone":
      return (
        `The directory ${error.what} of the store is not there any more. Bring it back and run again: what was ` +
        "finished is in it."
      )
    case "Foreign":
      return (
        `${error.what} holds other files and is no store, so nothing was written there. A store is a folder of ` +
        "its own: name one with --store, and a run makes it where nothing is yet."
      )
    case "Exhausted":
      return (
        `Too many files are open to go on with ${error.what}. What was finished is kept: raise the limit (ulimit ` +
        "-n), or run fewer at once (--jobs), and run again."
      )
    case "Missing":
      return `${error.what} is not in the store.`
    case "Damaged":
      return `${error.what} was damaged in the store and has been put aside. Run again to make it anew.`
    case "NotAFile":
      return (
        `${error.what} is ${error.cause instanceof Error ? error.cause.message : "no file"}, and the store keeps a ` +
        "file there. Move it away and run again: what was in its place is made anew."
      )
    case "Unreadable":
    case "Changing":
      return `${error.what} cannot be taken into the store.`
    case "Unavailable":
      return (
        `The store failed at ${error.what}: ` +
        `${error.cause instanceof Error ? error.cause.message : "the system gave no reason"}.`
      )
  }
}

/** The message about a failed node, for the person who has to mend the problem. */
export const failure = (error: NodeError): string => (error._tag === "CacheError" ? cache(error) : error.message)
