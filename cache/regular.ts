// Reads a file of the store, but only if it is a regular file. If somebody put a folder, a pipe or a device in its
// place, the path is refused, and nothing blocks. Knows nothing about what is in the file.
import { appendFileSync, closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs"
import { kindOfNonFile } from "./system-error.ts"
import { CacheError } from "./store.ts"

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants

/** The bytes of a file. Throws the system's error, or a CacheError if the path is not a regular file. */
export const readRegular = (path: string): Buffer => openRegular(path, (file) => readFileSync(file))

/** Appends to a file. Makes the file if there is none. */
export const appendRegular = (path: string, text: string): void =>
  openRegular(path, (file) => appendFileSync(file, text), O_WRONLY | O_APPEND | O_CREAT)

/** Opens a file, uses it and closes it. */
export const openRegular = <A>(path: string, use: (file: number, stat: Stats) => A, how = O_RDONLY): A => {
  const file = openSync(path, how | O_NONBLOCK) // without O_NONBLOCK, opening a pipe waits for its other end
  try {
    const stat = fstatSync(file)
    requireRegular(path, stat)
    return use(file, stat)
  } finally {
    closeSync(file)
  }
}

/** Throws a CacheError if the path is not a regular file. */
export const requireRegular = (path: string, stat: Stats): void => {
  if (!stat.isFile()) throw new CacheError({ reason: "NotAFile", what: path, cause: new Error(kindOfNonFile(stat)) })
}
