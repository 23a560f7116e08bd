// A small project with the stage `fit`, whose code has an identity to be changed: its files, an edit of them, and the
// code that is found there.
import { Effect } from "effect"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { fingerprints, type Code } from "../../pipeline/code/fingerprint.ts"

/** A package with one module. */
export const packaged = (name: string, version: string, rest: object = {}, below = "") => ({
  [`${below}node_modules/${name}/package.json`]: JSON.stringify({ name, version, ...rest }),
  [`${below}node_modules/${name}/index.js`]: `exports.${name} = "${name}"`,
})
const packages = {
  ...packaged("heavy", "1.0.0", { dependencies: { light: "1" } }),
  ...packaged("light", "1.2.3"),
  ...packaged("spare", "2.0.0"),
  ...packaged("unused", "9.0.0"),
}

/** A stage `fit` with a body, a helper, a constant behind a re-export, and data. */
export const files = {
  ".memo/place": "",
  "package.json": `{ "optionalDependencies": { "spare": "2" } }`,
  ...packages,
  "fit.ts": `import { stage, Json } from "@/pipeline/stage.ts"
import { Schema } from "effect"
export const fit = stage(import.meta, "fit", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: () => import("./fit.run.ts"),
})
export const other = stage(import.meta, "other", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: () => import("./other.run.ts"),
})
`,
  "fit.run.ts": `import { helper } from "./helper.ts"
import data from "./data.json" with { type: "json" }
import "./effectful.ts"
import { registered } from "./registry.ts"
import type { Shape } from "./shape.ts"
export const run = (given: { params: object }): unknown => {
  const doubled = helper(2) * data.factor + registered.length
  return [given, doubled as Shape]
}
export const extra = 1
`,
  "other.run.ts": `export const run = () => 1\n`,
  "helper.ts":
    `import { constant } from "./constants.ts"\nexport const helper = (x: number): number => x + ` +
    `constant\nexport const unusedHelper = (x: number): number => x\n`,
  "constants.ts": `export { constant } from "./deep.ts"\nexport const another = 5\n`,
  "deep.ts": `export const constant = 40\nexport const neighbour = 41\n`,
  "data.json": `{ "factor": 3, "spare": 4 }`,
  "effectful.ts": `import { Effect } from "effect"
import { registered } from "./registry.ts"
registered.push(1)
Effect.runSync(Effect.sync(() => { registered.push(7) }))
`,
  "registry.ts": "export const registered: Array<number> = []\n",
  "shape.ts": `export type Shape = number\n`,
}

/** Where the memo of a project lies. */
export const memoOf = (directory: string): string => join(directory, ".memo/fingerprints.json")
export const codeIn = (directory: string, name = "fit", optional: ReadonlyArray<string> = []): Promise<Code> => {
  const prints = fingerprints(memoOf(directory))
  const module = pathToFileURL(join(directory, `fit.ts`)).href
  if (optional.length === 0) return Effect.runPromise(prints.ofExport(module, name))
  return Effect.runPromise(prints.of({ module, name, optionalPackages: () => optional } as never, {}))
}

export const replaced = (
  path: keyof typeof files,
  from: string | RegExp,
  to: string,
): { readonly [path: string]: string } => {
  const text = files[path].replace(from, to)
  if (text === files[path]) throw new Error(`${path} has no ${String(from)}`)
  return { [path]: text }
}
