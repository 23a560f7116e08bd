// Small projects drawn at random, and edits of them: modules that take each other in every way there is, and count in
// every way there is; two stages run two of them.
import * as fc from "fast-check"
import { symlinkSync } from "node:fs"
import { join } from "node:path"
import { directoryOf, project } from "./directory.ts"

/** A module of a project: what it holds, and how it takes what another one has. */
interface Part {
  readonly number: number
  /** What it counts or keeps, if anything. */
  readonly state: "none" | "let" | "map" | "array" | "static" | "closure" | "commonjs"
  /** The module before it that it takes, and how. */
  readonly takes: number
  readonly by:
    | "name"
    | "namespace"
    | "star"
    | "default"
    | "later"
    | "comment"
    | "query"
    | "package"
    | "linked"
    | "condition"
  /** Whether it fills the state of the module that it takes when it is loaded. */
  readonly fills: boolean
}

export interface Drawn {
  readonly parts: ReadonlyArray<Part>
  /** For each of two stages, the module that it runs. */
  readonly runs: readonly [number, number]
  /** Which module is edited, and how. */
  readonly edit: { readonly at: number; readonly kind: "number" | "comment" | "spare" | "type" }
}

const part: fc.Arbitrary<Part> = fc.record({
  number: fc.integer({ min: 1, max: 9 }),
  state: fc.constantFrom("none", "let", "map", "array", "static", "closure", "commonjs"),
  takes: fc.nat(),
  by: fc.constantFrom(
    "name",
    "namespace",
    "star",
    "default",
    "later",
    "comment",
    "query",
    "package",
    "linked",
    "condition",
  ),
  fills: fc.boolean(),
})
export const drawn: fc.Arbitrary<Drawn> = fc.record({
  parts: fc.array(part, { minLength: 2, maxLength: 5 }),
  runs: fc.tuple(fc.nat(), fc.nat()),
  edit: fc.record({ at: fc.nat(), kind: fc.constantFrom("number", "comment", "spare", "type") }),
})

const nameOf = (i: number): string => `m${i}.ts`

// Each counts by one, in its own way.
const states: { readonly [S in Part["state"]]: string } = {
  none: "export const next = () => 0",
  let: "let count = 0\nexport const next = () => ++count",
  map:
    "const counts = new Map<string, number>()\nexport const next = () => { counts.set('n', (counts.get('n') ?? " +
    "0) + 1); return counts.get('n')! }",
  array: "const seen: Array<number> = []\nexport const next = () => seen.push(1)",
  static: "class Counter { static count = 0 }\nexport const next = () => ++Counter.count",
  closure: "export const next = (() => { let count = 0; return () => ++count })()",
  commonjs: `import counter from "./counter.cjs"\nexport const next = (): number => ++counter.count`,
}

const taking = (i: number, { by, fills }: Part): string => {
  const [file, fill] = [`./${nameOf(i)}`, fills ? "\ntakenNext()" : ""]
  switch (by) {
    case "name":
      return (
        `import { value as taken, next as takenNext } from "${file}"${fill}\nconst from = async () => (await ` +
        "taken()) + takenNext()"
      )
    case "namespace":
      return (
        `import * as all from "${file}"${fills ? "\nall.next()" : ""}\nconst from = async () => (await ` +
        "all.value()) + all.next()"
      )
    case "star":
      return (
        `export * as whole from "${file}"\nimport { value as taken, next as takenNext } from ` +
        `"${file}"${fill}\nconst from = async () => (await taken()) + takenNext()`
      )
    case "default":
      return (
        `import taken, { next as takenNext } from "${file}"${fill}\nconst from = async () => (await taken()) + ` +
        "takenNext()"
      )
    case "later":
      return `const from = async () => { const m = await import("${file}"); return (await m.value()) + m.next() }`
    case "comment":
      return (
        `const from = async () => { const m = await import(/* @vite-ignore */ "${file}"); return (await ` +
        "m.value()) + m.next() }"
      )
    case "query":
      return (
        `import { value as taken, next as takenNext } from "${file}?v=2"${fill}\nconst from = async () => (await ` +
        "taken()) + takenNext()"
      )
    case "package":
      return (
        `import { steady } from "steady"\nimport { value as taken } from "${file}"\nconst from = async () => ` +
        "steady + (await taken())"
      )
    case "linked":
      return (
        `import { linked } from "linked"\nimport { value as taken } from "${file}"\nconst from = async () => ` +
        "linked() + (await taken())"
      )
    case "condition":
      return (
        `import { picked } from "#picked"\nimport { value as taken } from "${file}"\nconst from = async () => ` +
        "picked + (await taken())"
      )
  }
}

const moduleText = (parts: ReadonlyArray<Part>, i: number, number: number, more: string): string => {
  const own = parts[i]!
  const from = i === 0 ? "const from = () => 0" : taking(own.takes % i, own)
  return (
    `${states[own.state]}\n${from}\n${more}\nexport const value = async (): Promise<number> => ${number} * (1 + ` +
    `(await from())) + next()\nexport default value\n`
  )
}

const edits: { readonly [K in Drawn["edit"]["kind"]]: (n: number) => readonly [number: number, more: string] } = {
  number: (n: number) => [n + 10, ""],
  comment: (n: number) => [n, "// said\n/* more */"],
  spare: (n: number) => [n, `export const spare = [1, 2].map((x) => x * ${n})`],
  type: (n: number) => [n, "export type Spare = string"],
}

/** The files of a project, as they are drawn or after the edit. */
export const filesOf = ({ parts, runs, edit }: Drawn, edited: boolean) => ({
  "package.json": `{
    "type": "module",
    "imports": { "#picked": { "module-sync": "./picked.ts", "default": "./other.ts" } }
  }`,
  "picked.ts": "export const picked = 3",
  "other.ts": "export const picked = 4",
  "counter.cjs": "module.exports = { count: 0 }",
  "node_modules/steady/package.json": `{ "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
  "node_modules/steady/index.js": "export const steady = 5",
  "packages/linked/package.json": `{ "version": "1.0.0", "type": "module", "exports": "./index.ts" }`,
  "packages/linked/index.ts": `export { linked } from "../outside.ts"`,
  "packages/outside.ts": "let n = 0\nexport const linked = () => ++n",
  ...Object.fromEntries(
    parts.map(({ number }, i) => {
      const [now, more] = edited && i === edit.at % parts.length ? edits[edit.kind](number) : ([number, ""] as const)
      return [nameOf(i), moduleText(parts, i, now, more)]
    }),
  ),
  "stages.ts": `import { Effect, Schema } from "effect"
import { Json, stage } from "@/pipeline/stage.ts"
${[0, 1]
  .map(
    (k) => `export const s${k} = stage(import.meta, "s${k}", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: () => import("./body${k}.ts"),
})`,
  )
  .join("\n")}
`,
  ...Object.fromEntries(
    runs.map((run, k) => [
      `body${k}.ts`,
      `import { Effect } from "effect"\nimport { value } from "./${nameOf(run % parts.length)}"\nexport const ` +
        "run = () => Effect.map(Effect.promise(async () => (await value()) + (await value())), (value) => ({ " +
        `value }))\n`,
    ]),
  ),
})

/** The modules that an edit of a module reaches. */
export const reachedBy = (parts: ReadonlyArray<Part>, run: number): ReadonlySet<number> => {
  const found = new Set([run % parts.length])
  for (const i of found) if (i > 0) found.add(parts[i]!.takes % i)
  return found
}

export const projectOf = (files: { readonly [path: string]: string }): string => {
  const directory = directoryOf(files)
  symlinkSync("../packages/linked", join(directory, "node_modules/linked"))
  symlinkSync(join(project, "node_modules/effect"), join(directory, "node_modules/effect"))
  return directory
}
