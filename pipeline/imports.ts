// Resolves the imports inside of effect's three hundred files. Each import gives an exact path, so nothing needs a look
// at the disk: Node would ask for links, kinds and packages at each of two thousand imports, which takes a quarter of
// the start of a process. This file is imported before effect. Knows no other package.
import { registerHooks } from "node:module"

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith(".") && context.parentURL?.includes("/node_modules/effect/dist/")
      ? { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true }
      : next(specifier, context),
})
