// After an install: puts our own command beside those of the packages, where `npx` finds it at once. Without
// the link it works as well, but npx then sets up a copy of its own each time, which takes half a second.
import { symlinkSync } from "node:fs"
import { fileURLToPath } from "node:url"

const link = fileURLToPath(new URL("../node_modules/.bin/pipeline", import.meta.url))
try {
  symlinkSync("../../pipeline/launch.mjs", link)
} catch {
  // it is there already, or the file system has no links
}
