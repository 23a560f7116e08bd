// Jobs for executors, made of values rather than digests.
import { Effect } from "effect"
import type { Data, Digest } from "../../cache/digest.ts"
import { Store, type Stored } from "../../cache/store.ts"
import { codecs } from "../../pipeline/artifact.ts"
import type { Ended, Job } from "../../pipeline/executor.ts"
import type { AnyStage } from "../../pipeline/node.ts"

/** A job of a stage; its inputs must be stored already. */
export const jobOf = (stage: AnyStage, params: Data = {}, rest: Partial<Job> = {}): Job => ({
  node: `${stage.name}/test`,
  stage: { module: stage.module, name: stage.name },
  params,
  inputs: {},
  seed: 0,
  environment: {},
  timeout: null,
  memory: null,
  ...rest,
})

/** Stores a value as an output of its kind would be. */
export const stored = (kind: keyof typeof codecs, value: unknown) => Effect.flatMap(Store, (store) => store.put(codecs[kind].encode(value)))

/** The values of what was made; dies where the stage failed. */
export const valuesOf = Effect.fnUntraced(function* (stage: AnyStage, { result }: Ended) {
  const store = yield* Store
  if (result._tag === "Failed") return yield* Effect.die(new Error(result.message))
  const read = ({ name, digest }: Stored) => Effect.map(store.get(digest), (bytes) => [name, codecs[stage.outputs[name]!.kind].decode(bytes)] as const)
  return Object.fromEntries(yield* Effect.forEach(result.outputs, read)) as { readonly [output: string]: unknown }
})

/** What a stage logged. */
export const logOf = ({ log }: Ended) => Effect.flatMap(Store, (store) => Effect.map(store.get(log.digest), (bytes) => new TextDecoder().decode(bytes)))

/** A digest that no store holds. */
export const nowhere = "0".repeat(64) as Digest
