// A process of its own: imports the modules it is given, builds those that are specs, and prints every module that
// was loaded on the way, as a line of JSON.
import { registerHooks } from "node:module"
import { pathToFileURL } from "node:url"
import type { Spec } from "../../pipeline/spec.ts"

const seen = new Set<string>()
registerHooks({
  load: (url, context, next) => {
    seen.add(url)
    return next(url, context)
  },
})
for (const path of process.argv.slice(2)) {
  const { default: spec } = (await import(pathToFileURL(path).href)) as { readonly default?: Spec }
  if (spec !== undefined) for (const scale of spec.scales) spec.build({ scale })
}
process.stdout.write(JSON.stringify([...seen]))
