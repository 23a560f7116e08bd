// Finds where an import leads if its specifier is not the path of a file: a package name, a name in the project's
// `imports`, or any specifier of require(). The answer depends on links and on files that may not exist yet (a nearer
// package, a nearer package.json), so every command asks again. Knows nothing about how the answer is used.
import { existsSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, isAbsolute, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { folderOfFile, isPackageFile, packageFolder, packageOf } from "./packages.ts"
import { askerIn, leadsTo } from "./resolve.ts"

/** A specifier that files of one folder import or require. */
export interface Asked {
  readonly by: "import" | "require"
  readonly specifier: string
  /** The folder of the asking file, relative to the root of the project. */
  readonly folder: string
}

/** Whether the answer can change although the files that were read, and the links to them, stay the same. */
export const canLeadElsewhere = (by: Asked["by"], specifier: string): boolean =>
  !isBuiltin(specifier) && !(by === "import" && (/^(\.\.?\/|file:)/.test(specifier) || isAbsolute(specifier)))

/** Where a specifier leads now: to a file of the project, the folder of a package, a Node module, or nowhere. */
export const leadOf = (root: string, { by, specifier, folder }: Asked): string => {
  const from = join(root, folder)
  // Node caches the content of a package.json, and also its absence, for the life of the process. So `homeOf` looks at
  // the file system itself.
  return [homeOf(specifier, from), endOf(by, specifier, from)]
    .map((path) => (isAbsolute(path) ? relative(root, path) : path))
    .join(" ")
}

const homeOf = (specifier: string, folder: string): string => {
  if (specifier.startsWith("#")) return packageJsonAbove(folder)
  return /^[./]/.test(specifier) ? "" : (packageFolder(packageOf(specifier), folder) ?? "")
}

const endOf = (by: Asked["by"], specifier: string, folder: string): string => {
  const url = leadsTo(by, specifier, askerIn(folder)) ?? ""
  if (!url.startsWith("file:")) return url
  const file = fileURLToPath(url)
  return isPackageFile(file) ? folderOfFile(file) : file
}

/**
 * The path of the nearest package.json at or above a folder. If there is none, the path that a package.json in the root
 * of the file system would have.
 */
export const packageJsonAbove = (folder: string): string => {
  const file = join(folder, "package.json")
  return existsSync(file) || dirname(folder) === folder ? file : packageJsonAbove(dirname(folder))
}
