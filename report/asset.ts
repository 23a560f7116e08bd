// Finds a file of an installed package: the fonts and the Vega bundles.
// The report reads package files only through this module, so one place shows which packages a report is made of.
// Knows nothing about the contents of the files.
import { findPackageJSON } from "node:module"
import { dirname, join } from "node:path"

/** The path of `file` inside the package `name`: `asset("dejavu-fonts-ttf", "ttf/DejaVuSans.ttf")`. */
export const asset = (name: "dejavu-fonts-ttf" | "vega" | "vega-embed", file: string): string => {
  const manifest = findPackageJSON(name, import.meta.url)
  if (manifest === undefined) throw new Error(`the report needs the package ${name}, which is not installed`)
  return join(dirname(manifest), file)
}
