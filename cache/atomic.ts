// How does a file appear whole or not at all? It is written beside its place under a name of its own, closed,
// and moved there in one step. Knows nothing of what the bytes mean.
import { randomUUID } from "node:crypto"
import { existsSync, linkSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { systemCode } from "./system-error.ts"

/** A random UUID, in a pattern. */
export const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

/** A name that nobody else uses, in the directory of `path`: a rename across file systems would be a copy. */
export const temporaryFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}.${randomUUID()}`)

/** The name that a temporary file was on its way to; undefined for a name that `temporaryFor` never gives. */
export const finalOf = (name: string): string | undefined => temporary.exec(name)?.[1]
const temporary = new RegExp(`^\\.(.+)\\.\\d+\\.${uuid}$`)

/** Writes `path` in one step, over whatever is there. */
export const replace = (path: string, bytes: Uint8Array | string, mode = 0o644): void => {
  withTemporary(path, bytes, mode, (temporary) => renameSync(temporary, path))
}

/** Writes `path` in one step if nothing is there; says whether it did. */
export const createNew = (path: string, bytes: Uint8Array | string, mode = 0o644): boolean =>
  withTemporary(path, bytes, mode, (temporary) => {
    const created = linkNew(temporary, path)
    unlinkSync(temporary)
    return created
  })

/** Removes a file if there is one. In half the calls of Node's own, which asks first whether it is a directory. */
export const remove = (path: string): void => {
  if (!existsSync(path)) return
  try {
    unlinkSync(path)
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause
  }
}

/** Gives a finished file a second name if that is free; says whether it was. */
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
 * Makes a directory and those above it. Not by Node's recursive `mkdir`: that one never returns where a file
 * system answers "no such file" inside a directory that exists, as /proc does.
 */
export const makeDirectory = (path: string): void => {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  try {
    mkdirSync(path)
  } catch (cause) {
    // Another process was quicker.
    if (systemCode(cause) !== "EEXIST") throw cause
  }
}

/** Moves a finished temporary to its place. */
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

// Directories are made when they are first missed: there are 256 of a kind, and most runs touch few.
const makingDirectory = (path: string, write: () => void): void => {
  try {
    write()
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause
    makeDirectory(dirname(path))
    write()
  }
}
