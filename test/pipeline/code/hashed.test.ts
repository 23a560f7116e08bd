// What runs is what was hashed. For small projects drawn at random and edits of them: the value under a key is the one
// that an empty store gives; it does not depend on what ran before in the process, nor on the executor; and an edit
// outside of what is reached changes no key. An engine that runs the files of the project is caught.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as fc from "fast-check"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { diskLayer } from "../../../cache/disk.ts"
import { memoryLayer } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import { fingerprints, type Fingerprints } from "../../../pipeline/code/fingerprint.ts"
import { Executor, type Job } from "../../../pipeline/executor/executor.ts"
import { inline } from "../../../pipeline/executor/inline.ts"
import { pool } from "../../../pipeline/executor/pool.ts"
import type { AnyStage } from "../../../pipeline/node.ts"
import { scratch } from "../../cache/contract.ts"
import { write } from "../../support/directory.ts"
import { drawn, filesOf, projectOf, reachedBy, type Drawn } from "../../support/drawn-project.ts"

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
