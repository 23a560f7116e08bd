// `pipeline graph SPEC`: prints the plan with its grids folded, as text for Mermaid or Graphviz, or as a picture. Knows
// nothing about the store.
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { dot, fold, mermaid, svg } from "../../plan/graph.ts"
import { load } from "../../plan/load.ts"
import type { LookOptions } from "../look.ts"

export const graphCommand = Effect.fn("graphCommand")(function* (
  options: Omit<LookOptions, "store"> & { readonly format: "mermaid" | "dot" | "svg" },
) {
  const { plan } = yield* load(options.spec, options.set)
  const folded = fold(plan)
  const text =
    options.format === "mermaid"
      ? mermaid(folded)
      : options.format === "dot"
        ? dot(folded)
        : yield* Effect.promise(() => svg(dot(folded)))
  yield* Console.log(text.trimEnd())
  return exitCode.done as ExitCode
})
