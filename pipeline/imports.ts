// How are effect's three hundred files found? Each path that one of them imports leads where it says, so nothing is
// looked up: Node would ask for links, kinds and packages at every one of two thousand imports, a quarter of the start
// of a process. Imported before anything of effect is; knows no other package.
import { registerHooks } from "node:module"

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith(".") && context.parentURL?.includes("/node_modules/effect/dist/")
      ? { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true }
      : next(specifier, context),
})
