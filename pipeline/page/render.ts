// Draws a page with the code of its spec. If this code throws, or returns something that is not a file, the error is
// reported as a mistake in the spec. Knows nothing about what a page shows, or where its files go.
import { Effect } from "effect"
import { SpecError } from "../error.ts"
import { sentence, type Loaded } from "../plan/load.ts"
import { describe } from "../node/output.ts"
import type { Page } from "../spec.ts"

type Renderer = Awaited<ReturnType<Page["render"]>>
type Files = ReadonlyMap<string, string | Uint8Array>
type Drawing = Pick<Loaded, "path" | "module" | "built">

/** The module that draws the page of a spec. */
export const rendererOf = (spec: Drawing): Effect.Effect<Renderer, SpecError> =>
  attempt(spec, async () => {
    const renderer: unknown = await spec.built.page.render()
    if (typeof (renderer as Renderer | null | undefined)?.page === "function") return renderer as Renderer
    throw new TypeError(`its render gives ${describe(renderer)}, but must give a module with the function page`)
  })

/** The files that `draw` returns. */
export const drawn = (spec: Drawing, draw: () => Promise<Files>): Effect.Effect<Files, SpecError> =>
  attempt(spec, async () => {
    const files: unknown = await draw()
    if (!(files instanceof Map))
      throw new TypeError(`its page gives ${describe(files)}, but must give a Map from paths to files`)
    for (const [path, file] of files as ReadonlyMap<unknown, unknown>)
      if (typeof path !== "string" || (typeof file !== "string" && !(file instanceof Uint8Array)))
        throw new TypeError(`its page gives ${describe(file)} as the file ${describe(path)}: give texts or bytes`)
    return files as Files
  })

const attempt = <A>({ path, module }: Drawing, work: () => Promise<A>): Effect.Effect<A, SpecError> =>
  Effect.tryPromise({
    try: work,
    catch: (cause) =>
      new SpecError({ reason: "BadPage", message: `The page of ${path} cannot be drawn: ${sentence(cause, module)}` }),
  })
