// The code of one export of a small project: as a bundle, and its value as a worker runs that.
import { join } from "node:path"
import { bundle } from "../../pipeline/code/bundle.ts"
import { compile, evaluate } from "../../pipeline/world/evaluate.ts"
import { globalsFor } from "../../pipeline/world/globals.ts"
import { directoryOf } from "./directory.ts"

export type Files = { readonly [path: string]: string }

export const bundled = (files: Files, name = "value") => {
  const directory = directoryOf({ "package.json": `{ "type": "module" }`, ...files })
  return bundle(join(directory, "main.ts"), name, directory)
}

type Load = Parameters<typeof evaluate>[1]["load"]
const none: Load = (specifier) => Promise.reject(new Error(specifier))

/** The value of a bundle, run as a worker runs it; there are no packages unless something loads them. */
export const ranAs = ({ text }: { readonly text: string }, load = none): Promise<unknown> => {
  const given = { environment: {}, log: () => {}, kept: (_: string, __: string, make: () => unknown) => make() }
  return evaluate(compile(text, text), { global: globalsFor(given), load, require: () => undefined })
}

/** The value of an export. */
export const valueOf = async (files: Files): Promise<unknown> => ranAs(await bundled(files))
