// Where is a file of an installed package: the fonts, the Vega bundles.
// The one door of the report to package files, so that whoever asks what a report is made of has one place to look.
import { findPackageJSON } from "node:module"
import { dirname, join } from "node:path"

/** Path of `file` inside `name`: `asset("dejavu-fonts-ttf", "ttf/DejaVuSans.ttf")`. */
export const asset = (name: "dejavu-fonts-ttf" | "vega" | "vega-embed", file: string): string => {
  const manifest = findPackageJSON(name, import.meta.url)
  if (manifest === undefined) throw new Error(`the report needs the package ${name}, which is not installed`)
  return join(dirname(manifest), file)
}
