// The messages about errors, for the person who has to mend the problem. Functions from errors to text. Knows nothing
// of exit codes.
import { systemCode } from "../../cache/system-error.ts"
import type { CacheError } from "../../cache/store.ts"
import type { NodeError } from "../error.ts"

export const cache = (error: CacheError): string => {
  switch (error.reason) {
    case "Full":
      return `There is no room left in the store for ${error.what}. Finished results are kept: make room and run again.`
    case "Denied":
      if (systemCode(error.cause) === "ENOTDIR")
        return (
          "There is a file where the store needs a folder: " +
          `${(error.cause as NodeJS.ErrnoException).path ?? error.what}. Move the file, or name another store ` +
          "with --store."
        )
      return (
        `The system refuses access to the store at ${error.what}. Correct the permissions, or name another store ` +
        "with --store."
      )
    case "Gone":
      return (
        `The directory ${error.what} of the store no longer exists. Put it back and run again: the finished ` +
        "results are in it."
      )
    case "Foreign":
      return (
        `${error.what} contains other files and is not a store, so nothing was written there. A store needs a folder ` +
        "of its own: name an empty or a new folder with --store."
      )
    case "Exhausted":
      return (
        `Too many files are open to continue with ${error.what}. Finished results are kept: raise the limit (ulimit ` +
        "-n), or run fewer nodes at once (--jobs), and run again."
      )
    case "Missing":
      return `${error.what} is not in the store.`
    case "Damaged":
      return `${error.what} was damaged in the store and has been put aside. Run again to replace it.`
    case "NotAFile":
      return (
        `${error.what} is ${error.cause instanceof Error ? error.cause.message : "no file"}, but the store keeps a ` +
        "file there. Move it away and run again: the missing file is then made again."
      )
    case "Unreadable":
    case "Changing":
      return `${error.what} cannot be copied into the store.`
    case "Unavailable":
      return (
        `The store failed at ${error.what}: ` +
        `${error.cause instanceof Error ? error.cause.message : "the system gave no reason"}.`
      )
  }
}

/** The message about a failed node, for the person who has to mend the problem. */
export const failure = (error: NodeError): string => (error._tag === "CacheError" ? cache(error) : error.message)
