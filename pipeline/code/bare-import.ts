// Where does an import lead that is no path of a file: a name of a package, of the project's own imports, or what a
// require() tries? That hangs on files that may not be there yet (a nearer package, a nearer package.json) and on
// links, so that it is asked anew by every command. Refuses to know what is done with the answer.
import { existsSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, isAbsolute, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { folderOfFile, isPackageFile, packageFolder, packageOf } from "./packages.ts"
import { askerIn, leadsTo } from "./resolve.ts"

/** A specifier, as files of one folder ask for it. */
export interface Asked {
  readonly by: "import" | "require"
  readonly specifier: string
  /** Relative to the root of the project. */
  readonly folder: string
}

/** Whether the answer can change while the files that were read, and the links to them, stay as they are. */
export const canLeadElsewhere = (by: Asked["by"], specifier: string): boolean =>
  !isBuiltin(specifier) && !(by === "import" && (/^(\.\.?\/|file:)/.test(specifier) || isAbsolute(specifier)))

/** Where a specifier leads now: to a file of the project, to the folder of a package, to a part of Node, or nowhere. */
export const leadOf = (root: string, { by, specifier, folder }: Asked): string => {
  const from = join(root, folder)
  // Node remembers for its life what is in a package.json, and that there is none.
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

/** The nearest package.json of a folder, or where the last one would be. */
export const packageJsonAbove = (folder: string): string => {
  const file = join(folder, "package.json")
  return existsSync(file) || dirname(folder) === folder ? file : packageJsonAbove(dirname(folder))
}
