// How is a file of the store read? Only where it is one: a folder, a pipe or a device that somebody put in its place
// is refused by its path, and nobody waits for it. Knows nothing of what is in the file.
import { appendFileSync, closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs"
import { formOf } from "./system-error.ts"
import { CacheError } from "./store.ts"

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants

/** What a file holds. Throws what the system answers, and a CacheError where it is no file. */
export const readRegular = (path: string): Buffer => openRegular(path, (file) => readFileSync(file))

/** Writes at the end of a file, which is made where nothing is. */
export const appendRegular = (path: string, text: string): void =>
  openRegular(path, (file) => appendFileSync(file, text), O_WRONLY | O_APPEND | O_CREAT)

/** Opens a file for as long as it is used. */
export const openRegular = <A>(path: string, use: (file: number, stat: Stats) => A, how = O_RDONLY): A => {
  const file = openSync(path, how | O_NONBLOCK) // to open a pipe would wait for its other end
  try {
    const stat = fstatSync(file)
    requireRegular(path, stat)
    return use(file, stat)
  } finally {
    closeSync(file)
  }
}

/** Throws a CacheError where something is no file. */
export const requireRegular = (path: string, stat: Stats): void => {
  if (!stat.isFile()) throw new CacheError({ reason: "NotAFile", what: path, cause: new Error(formOf(stat)) })
}
