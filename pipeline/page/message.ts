// The sentences about the folder of a page. Functions from data to text. Knows nothing about where the text goes.
import type { Kept } from "../event.ts"
import { firstOf } from "../text/amount.ts"

export const kept = (files: ReadonlyArray<Kept>): string =>
  `kept    ${firstOf(files.map(({ path, as }) => `${path} as ${as}`))}: changed by hand, or not written by a run`

const unwritable = (directory: string, why: string): string =>
  `The page cannot be written to ${directory}: ${why}; the results are kept.`

export const refusedBySystem = (directory: string, why: string): string =>
  unwritable(directory, `${why}. Correct this, or name another folder with --out`)

export const fileInTheWay = (directory: string, file: string): string =>
  unwritable(directory, `${file} is not a folder. Move it away, or name another folder with --out`)

export const folderInTheWay = (directory: string, names: ReadonlyArray<string>): string =>
  unwritable(
    directory,
    `that folder was not made by a run, and contains ${firstOf(names)}. Nothing in it was changed. Move it away, ` +
      "or name another folder with --out",
  )

export const pageTaken = (directory: string, spec: string, other: string): string =>
  `The page of ${spec} would overwrite the page of ${other}: both go to ${directory}. Name another folder for ` +
  "one of them with --out, or rename one of the specs."

export const outsidePage = (directory: string, path: string): string =>
  unwritable(
    directory,
    `the page of the spec has a file ${JSON.stringify(path)}, but every file of a page must have a path inside ` +
      "the folder of the page. Correct the page in the spec",
  )
