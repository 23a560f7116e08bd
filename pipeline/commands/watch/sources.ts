// `pipeline sources SPEC`: prints the data files that a spec names by path, as a JSON list. `watch` calls this command
// because it cannot load the spec itself: a process never reads a module again after importing it. Knows nothing about
// what is done with the list.
import { resolve } from "node:path"
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { load } from "../../plan/load.ts"

export const sourcesCommand = Effect.fn("sourcesCommand")(function* (options: {
  readonly spec: string
  readonly set: { readonly [name: string]: string }
}) {
  const { plan } = yield* load(options.spec, options.set)
  // Files of a package change only with the package, and then the code that imports the package changes too.
  yield* Console.log(
    JSON.stringify(
      plan.nodes.flatMap((node) =>
        node._tag === "SourceNode" && "path" in node.place ? [resolve(node.place.path)] : [],
      ),
    ),
  )
  return exitCode.done as ExitCode
})
