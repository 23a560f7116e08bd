// What runs is what was hashed. For small projects drawn at random and edits of them: the value under a key is the one
// that an empty store gives; it does not depend on what ran before in the process, nor on the executor; and an edit
// outside of what is reached changes no key. An engine that runs the files of the project is caught.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as fc from "fast-check"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { symlinkSync } from "node:fs"
import { diskLayer } from "../../cache/disk.ts"
import { memoryLayer } from "../../cache/memory.ts"
import { Store } from "../../cache/store.ts"
import { codecs } from "../../pipeline/artifact.ts"
import { fingerprints, type Fingerprints } from "../../pipeline/code/fingerprint.ts"
import { Executor, type Job } from "../../pipeline/executor.ts"
import { inline } from "../../pipeline/executor/inline.ts"
import { pool } from "../../pipeline/executor/pool.ts"
import type { AnyStage } from "../../pipeline/node.ts"
import { scratch } from "../cache/contract.ts"
import { directoryOf, project, write } from "../support/directory.ts"

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

interface Drawn {
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
const drawn: fc.Arbitrary<Drawn> = fc.record({
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
const filesOf = ({ parts, runs, edit }: Drawn, edited: boolean) => ({
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
const reachedBy = (parts: ReadonlyArray<Part>, run: number): ReadonlySet<number> => {
  const found = new Set([run % parts.length])
  for (const i of found) if (i > 0) found.add(parts[i]!.takes % i)
  return found
}

const projectOf = (files: { readonly [path: string]: string }): string => {
  const directory = directoryOf(files)
  symlinkSync("../packages/linked", join(directory, "node_modules/linked"))
  symlinkSync(join(project, "node_modules/effect"), join(directory, "node_modules/effect"))
  return directory
}

const stageIn = (directory: string, k: number) =>
  ({
    module: pathToFileURL(join(directory, "stages.ts")).href,
    name: `s${k}`,
    optionalPackages: undefined,
  }) as unknown as AnyStage

/** What a new command knows of the code of a project. */
const printsOf = (directory: string): Fingerprints => fingerprints(join(directory, "none/fingerprints.json"))

/** Runs a stage of a project: its key's code, and its value. */
type Engine = (
  directory: string,
  k: number,
  prints: Fingerprints,
) => Effect.Effect<{ readonly code: string; readonly value: unknown }, unknown, Store | Executor>

const hashed: Engine = Effect.fnUntraced(function* (directory, k, prints) {
  const [stage, executor, store] = [stageIn(directory, k), yield* Executor, yield* Store]
  const { digest, packages } = yield* prints.of(stage, {})
  const delivered = yield* prints.deliver(stage, {})
  const job: Job = {
    node: stage.name,
    stage: { name: stage.name },
    code: delivered.text.digest,
    map: delivered.map.digest,
    packages: delivered.packages.digest,
    root: delivered.root,
    params: {},
    inputs: {},
    seed: 0,
    environment: {},
    timeout: null,
    memory: null,
  }
  const { result } = yield* executor.run(job, () => {})
  if (result._tag !== "Made") return yield* Effect.die(new Error(result.message))
  return {
    code: JSON.stringify([digest, packages]),
    value: codecs.json.decode(yield* store.get(result.outputs[0]!.digest)),
  }
})

/** The engine that was: the key is of the bundle, and what runs are the files, in a process that others have used. */
const files: Engine = Effect.fnUntraced(function* (directory, k, prints) {
  const { digest, packages } = yield* prints.of(stageIn(directory, k), {})
  const { run } = (yield* Effect.promise(
    () => import(/* @vite-ignore */ pathToFileURL(join(directory, `body${k}.ts`)).href),
  )) as { readonly run: () => Effect.Effect<{ readonly value: unknown }> }
  return { code: JSON.stringify([digest, packages]), value: (yield* run()).value }
})

/** What is wrong with an engine on a project; nothing where all holds. */
const faults = Effect.fnUntraced(function* (engine: Engine, given: Drawn) {
  const found: Array<string> = []
  const directory = projectOf(filesOf(given, false))
  const before = printsOf(directory)
  const first = [yield* engine(directory, 0, before), yield* engine(directory, 1, before)] as const
  // In another order, and once more: what ran before is nobody's.
  const again = [
    yield* engine(directory, 1, before),
    yield* engine(directory, 0, before),
    yield* engine(directory, 0, before),
  ]
  if (again[0]!.value !== first[1].value || again[1]!.value !== first[0].value || again[2]!.value !== first[0].value)
    found.push("the value depends on what ran before")
  const edited = projectOf(filesOf(given, true))
  write(directory, filesOf(given, true))
  const [after, afresh] = [printsOf(directory), printsOf(edited)]
  for (const k of [0, 1] as const) {
    const [now, fresh] = [yield* engine(directory, k, after), yield* engine(edited, k, afresh)]
    if (now.code !== fresh.code) found.push("the key depends on the history")
    // The old store holds the first value under the first key.
    const stored = now.code === first[k].code ? first[k].value : now.value
    if (stored !== fresh.value) found.push("the value is stale")
    const reached =
      given.edit.kind === "number" && reachedBy(given.parts, given.runs[k]).has(given.edit.at % given.parts.length)
    if (!reached && now.code !== first[k].code)
      found.push(`the key changes with ${given.edit.kind} that is not reached`)
  }
  return found
})

const runs = { seed: 11, numRuns: 15 }
const inProcess = inline.pipe(Layer.provideMerge(memoryLayer))
const inPool = Layer.unwrap(
  Effect.map(scratch, (store) =>
    pool({ size: 2, store, memory: null, shared: 8e9 }).pipe(Layer.provideMerge(diskLayer(store))),
  ),
)

describe("an engine that runs what was hashed", () => {
  it.live(
    "is right on every project and edit, in this process",
    () =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(drawn, async (given) => {
            assert.deepStrictEqual(await Effect.runPromise(faults(hashed, given).pipe(Effect.provide(inProcess))), [])
          }),
          runs,
        ),
      ),
    180_000,
  )

  it.live(
    "is right in worker processes, and gives there what it gives here",
    () =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(drawn, async (given) => {
            const directory = projectOf(filesOf(given, false))
            const both = Effect.suspend(() => {
              const prints = printsOf(directory)
              return Effect.all(
                [hashed(directory, 0, prints), hashed(directory, 1, prints), hashed(directory, 0, prints)],
                { concurrency: 2 },
              )
            })
            const [here, there] = [
              await Effect.runPromise(both.pipe(Effect.provide(inProcess))),
              await Effect.runPromise(Effect.scoped(both.pipe(Effect.provide(inPool)))),
            ]
            assert.deepStrictEqual(there, here)
          }),
          { ...runs, numRuns: 4 },
        ),
      ),
    180_000,
  )
})

describe("an engine that runs the files", () => {
  it.live("is caught", () =>
    Effect.promise(async () => {
      const details = await fc.check(
        fc.asyncProperty(
          drawn,
          async (given) => (await Effect.runPromise(faults(files, given).pipe(Effect.provide(inProcess)))).length === 0,
        ),
        { ...runs, endOnFailure: true },
      )
      assert.isTrue(details.failed)
    }),
  )
})
