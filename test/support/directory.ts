// A directory of a test, filled from literal texts and gone at its end.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"

/** Writes files into a new directory; in their texts `@` stands for the project. Gives the directory. */
export const directoryOf = (files: { readonly [path: string]: string }): string => {
  const directory = mkdtempSync(join(tmpdir(), "pipeline-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  write(directory, files)
  return directory
}

/** Writes files into a directory that is there. */
export const write = (directory: string, files: { readonly [path: string]: string }): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text.replaceAll("@/", project))
  }
}

/** The project's directory, with a slash at its end. */
export const project = fileURLToPath(new URL("../../", import.meta.url))
