// Writes a file so that it appears whole or not at all. The file is written beside its place under a temporary name,
// closed, and then moved to its place in one step. Knows nothing about what the bytes mean.
import { randomUUID } from "node:crypto"
import { existsSync, linkSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { systemCode } from "./system-error.ts"

/** The pattern of a random UUID. */
export const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

/**
 * A temporary name that no other process uses. It is in the directory of `path`, because a rename across file systems
 * would be a copy.
 */
export const temporaryFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}.${randomUUID()}`)

/** The final name of a temporary file; undefined for a name that `temporaryFor` never gives. */
export const finalOf = (name: string): string | undefined => temporary.exec(name)?.[1]
const temporary = new RegExp(`^\\.(.+)\\.\\d+\\.${uuid}$`)

/** Writes `path` in one step and replaces a file that is there. */
export const replace = (path: string, bytes: Uint8Array | string, mode = 0o644): void => {
  withTemporary(path, bytes, mode, (temporary) => renameSync(temporary, path))
}

/** Writes `path` in one step if nothing is there. Returns whether the file was written. */
export const createNew = (path: string, bytes: Uint8Array | string, mode = 0o644): boolean =>
  withTemporary(path, bytes, mode, (temporary) => {
    const created = linkNew(temporary, path)
    unlinkSync(temporary)
    return created
  })

/**
 * Removes a file if there is one. Needs half the system calls of Node's own function, which first asks whether the path
 * is a directory.
 */
export const remove = (path: string): void => {
  if (!existsSync(path)) return
  try {
    unlinkSync(path)
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause
  }
}

/** Gives a finished file a second name if that name is free. Returns whether the name was free. */
export const linkNew = (from: string, to: string): boolean => {
  try {
    linkSync(from, to)
    return true
  } catch (cause) {
    if (systemCode(cause) !== "EEXIST") throw cause
    return false
  }
}

/**
 * Makes a directory and its missing parents. Does not use Node's recursive `mkdir`, which never returns where a file
 * system answers "no such file" inside a directory that exists. /proc does this.
 */
export const makeDirectory = (path: string): void => {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  try {
    mkdirSync(path)
  } catch (cause) {
    // Another process made the directory first.
    if (systemCode(cause) !== "EEXIST") throw cause
  }
}

/** Moves a finished temporary file to its place. */
export const settle = (temporary: string, path: string): void => {
  makingDirectory(path, () => renameSync(temporary, path))
}

const withTemporary = <A>(
  path: string,
  bytes: Uint8Array | string,
  mode: number,
  move: (temporary: string) => A,
): A => {
  const temporary = temporaryFor(path)
  try {
    makingDirectory(temporary, () => writeFileSync(temporary, bytes, { flag: "wx", mode }))
    return move(temporary)
  } catch (cause) {
    remove(temporary)
    throw cause
  }
}

// A directory is made when a write first misses it: there are 256 directories of each kind, and most runs use few.
const makingDirectory = (path: string, write: () => void): void => {
  try {
    write()
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause
    makeDirectory(dirname(path))
    write()
  }
}
