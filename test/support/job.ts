// Jobs for executors, made of values rather than digests.
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { digestOf, type Data, type Digest } from "../../cache/digest.ts"
import { Store, type Stored } from "../../cache/store.ts"
import { codecs } from "../../pipeline/artifact/artifact.ts"
import { bundle, type Bundle } from "../../pipeline/code/bundle.ts"
import { Installed, type Manifest } from "../../pipeline/code/packages.ts"
import { Executor, type Ended, type Job } from "../../pipeline/executor/executor.ts"
import type { AnyStage } from "../../pipeline/node.ts"
import { perform } from "../../pipeline/executor/worker.ts"
import * as odd from "./odd-stages.ts"
import { sandbox } from "../../pipeline/world/sandbox.ts"
import * as stages from "./stages.ts"

const project = join(import.meta.dirname, "../..")

const bundles = new Map<string, Bundle>()
for (const { name, module } of [...Object.values(stages), ...Object.values(odd)])
  bundles.set(name, await bundle(fileURLToPath(module), name, project))

/** What packages a stage of the tests reaches in a project. */
export const manifestIn = (root: string, ...names: ReadonlyArray<string>): Manifest =>
  new Installed(root, new Map()).closure(names.map((specifier) => ({ specifier, from: "" }))).manifest
const manifests = new Map<Digest, string>()

/** Keeps a manifest for the jobs to come, and gives the digest by which they name it. */
export const digestOfManifest = (manifest: Manifest): Digest => {
  const text = JSON.stringify(manifest)
  manifests.set(digestOf(text), text)
  return digestOf(text)
}
const usual = digestOfManifest(manifestIn(project, "effect"))

/** A job of a stage of the tests; its inputs must be stored already. */
export const jobOf = (stage: AnyStage, params: Data = {}, rest: Partial<Job> = {}): Job => ({
  node: `${stage.name}/test`,
  stage: { name: stage.name },
  code: digestOf(bundles.get(stage.name)!.text),
  map: digestOf(bundles.get(stage.name)!.map),
  packages: usual,
  root: project,
  params,
  inputs: {},
  seed: 0,
  environment: {},
  timeout: null,
  memory: null,
  ...rest,
})

/** Puts what a job needs of code and packages into the store. */
const delivered = Effect.fnUntraced(function* (job: Job) {
  const store = yield* Store
  const made = bundles.get(job.stage.name)
  if (made !== undefined) yield* Effect.forEach([made.text, made.map], (text) => store.put(Buffer.from(text)))
  const manifest = manifests.get(job.packages)
  if (manifest !== undefined) yield* store.put(Buffer.from(manifest))
})

/** Runs a job where the tests' executor runs it. */
export const runJob = (job: Job, onProgress: (fraction: number) => void = () => {}) =>
  Effect.andThen(
    delivered(job),
    Effect.flatMap(Executor, (executor) => executor.run(job, onProgress)),
  )

/** Runs a job in this process, as the first of a run: what tests did before is no node's doing. */
export const performJob = (job: Job, onProgress: (fraction: number) => void = () => {}) =>
  Effect.andThen(
    Effect.tap(delivered(job), () => Effect.sync(() => sandbox.beginBesideOthers())),
    perform(job, onProgress),
  )

/** Stores a value as an output of its kind would be. */
export const stored = (kind: keyof typeof codecs, value: unknown) =>
  Effect.flatMap(Store, (store) => store.put(codecs[kind].encode(value)))

/** The values of what was made; dies where the stage failed. */
export const valuesOf = Effect.fnUntraced(function* (stage: AnyStage, { result }: Ended) {
  const store = yield* Store
  if (result._tag !== "Made") return yield* Effect.die(new Error(result.message))
  const read = ({ name, digest }: Stored) =>
    Effect.map(store.get(digest), (bytes) => [name, codecs[stage.outputs[name]!.kind].decode(bytes)] as const)
  return Object.fromEntries(yield* Effect.forEach(result.outputs, read)) as { readonly [output: string]: unknown }
})

/** What a stage logged. */
export const logOf = ({ log }: Ended) =>
  Effect.flatMap(Store, (store) => Effect.map(store.get(log.digest), (bytes) => new TextDecoder().decode(bytes)))

/** A digest that no store holds. */
export const nowhere = "0".repeat(64) as Digest
