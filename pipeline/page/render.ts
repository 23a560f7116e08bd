// Who draws a spec's page, and what comes of it? Code of the spec: what it throws, and what it gives that is no file,
// is its mistake and is told as such. Refuses to know what a page shows and where its files go.
import { Effect } from "effect"
import { SpecError } from "../error.ts"
import { sentence, type Loaded } from "../plan/load.ts"
import { describe } from "../node/output.ts"
import type { Page } from "../spec.ts"

type Renderer = Awaited<ReturnType<Page["render"]>>
type Files = ReadonlyMap<string, string | Uint8Array>
type Drawing = Pick<Loaded, "path" | "module" | "built">

/** The module by which a spec draws its page. */
export const rendererOf = (spec: Drawing): Effect.Effect<Renderer, SpecError> =>
  attempt(spec, async () => {
    const renderer: unknown = await spec.built.page.render()
    if (typeof (renderer as Renderer | null | undefined)?.page === "function") return renderer as Renderer
    throw new TypeError(`its render gives ${describe(renderer)}, but must give a module with the function page`)
  })

/** The files that it draws. */
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
