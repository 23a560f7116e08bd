// `pipeline sources SPEC`: the data files that a spec names by path, as a JSON list. Asked by `watch`, which cannot
// load a spec itself: what a process has imported once it never reads again.
import { resolve } from "node:path"
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { load } from "../../plan/load.ts"

export const sourcesCommand = Effect.fn("sourcesCommand")(function* (options: {
  readonly spec: string
  readonly set: { readonly [name: string]: string }
}) {
  const { plan } = yield* load(options.spec, options.set)
  // A package's files change with the package, and then the code that imports it does.
  yield* Console.log(
    JSON.stringify(
      plan.nodes.flatMap((node) =>
        node._tag === "SourceNode" && "path" in node.place ? [resolve(node.place.path)] : [],
      ),
    ),
  )
  return exitCode.done as ExitCode
})
