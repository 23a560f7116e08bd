// Does a node give the same outputs again? Runs hits again on their earlier inputs, and compares the new outputs with
// the stored outputs. Publishes nothing: the first result stays. Knows nothing about which nodes are asked for, and
// why.
import { hostname } from "node:os"
import { Effect, Option } from "effect"
import type { Key } from "../../cache/digest.ts"
import { Store, type CacheError, type Stored } from "../../cache/store.ts"
import { disagreement, tolerances, type OutputDiffers } from "../artifact/agree.ts"
import { codecs } from "../artifact/artifact.ts"
import { codeOf, exitCode, SpecError, type ExitCode, type NodeError } from "../error.ts"
import { Events, type Event } from "../event.ts"
import { Executor } from "../executor/executor.ts"
import { keyParts } from "../key/key.ts"
import type { Node, StageNode } from "../node.ts"
import { gathered, piecesOf, type Piece } from "../run/map.ts"
import { inputsOf } from "../plan/plan.ts"
import { allOf, digestsOf, type Settlements } from "../run/settled.ts"
import { StageError } from "../stage.ts"
import { jobOf } from "../run/step.ts"
import type { RunContext } from "../run/context.ts"

/** A node that is done, with its stored outputs. */
export interface Hit {
  readonly node: StageNode
  readonly key: Key
  readonly outputs: ReadonlyArray<Stored>
}

/** How the verification of a node ended. */
export type Verified = Extract<
  Event,
  { readonly _tag: "NodeVerified" | "NodeUnverifiable" | "NodeFailed" | "NodeSkipped" }
>

/** The nodes that are done. Sources are not included, because no stage makes them. */
export const hitsAmong = (nodes: Iterable<Node>, settled: Settlements): ReadonlyArray<Hit> =>
  [...nodes].flatMap((node) => {
    const how = settled.get(node)
    return node._tag === "StageNode" && how?._tag === "Done" && how.key !== null
      ? [{ node, key: how.key, outputs: how.outputs }]
      : []
  })

/** Runs hits again, as many at once as there are slots. `tolerance` replaces the tolerances of the output kinds. */
export const verify = Effect.fn("verify")(function* (
  hits: ReadonlyArray<Hit>,
  settled: Settlements,
  context: RunContext,
  tolerance: number | undefined,
) {
  const events = yield* Events
  const verified = (hit: Hit): Effect.Effect<Verified, never, Store | Executor | Events> => {
    const of = { node: hit.node.name, stage: hit.node.stage.name }
    return again(hit, of, settled, context, tolerance).pipe(
      Effect.catch((error) => Effect.succeed<Verified>({ _tag: "NodeFailed", ...of, error })),
    )
  }
  return yield* Effect.forEach(
    hits,
    (hit) =>
      context.slots.withPermits(Math.min(hit.node.stage.resources.threads, context.jobs))(
        Effect.tap(
          Effect.suspend(() => verified(hit)),
          events.tell,
        ),
      ),
    { concurrency: context.jobs },
  )
})

type Named = Pick<Verified, "node" | "stage">

const again = Effect.fnUntraced(function* (
  hit: Hit,
  of: Named,
  settled: Settlements,
  context: RunContext,
  tolerance: number | undefined,
): Effect.fn.Return<Verified, NodeError, Store | Executor | Events> {
  const { node, key } = hit
  if (context.draining()) return { _tag: "NodeSkipped", ...of, because: null }
  const gone = yield* goneInput(node, settled)
  if (gone !== undefined) return { _tag: "NodeUnverifiable", ...of, gone: gone.name }
  const events = yield* Events
  yield* events.tell({ _tag: "NodeStarted", ...of, key, reason: { _tag: "Forced" } })
  const inputs = digestsOf(node, settled)
  const made = yield* node.over === undefined
    ? Effect.map(make({ node, inputs }, context), Array.of)
    : Effect.flatMap(piecesOf(node, inputs), (pieces) => Effect.forEach(pieces, (piece) => make(piece, context)))
  const outputs = node.over === undefined ? made[0]!.outputs : gathered(node, made)
  return {
    _tag: "NodeVerified",
    ...of,
    differs: yield* differing(hit, outputs, tolerance),
    seconds: made.reduce((sum, { seconds }) => sum + seconds, 0),
  }
})

const make = Effect.fnUntraced(function* (
  { node, inputs }: Piece,
  context: RunContext,
): Effect.fn.Return<
  { readonly outputs: ReadonlyArray<Stored>; readonly seconds: number },
  NodeError,
  Store | Executor | Events
> {
  const [executor, events] = [yield* Executor, yield* Events]
  const delivered = yield* context.fingerprints.deliver(node.stage, node.params)
  const job = jobOf(node, inputs, keyParts(node, context.codeOf(node), inputs, context.ground), delivered, context)
  const { result, log, seconds } = yield* executor.run(job, (fraction) =>
    Effect.runFork(events.tell({ _tag: "NodeProgress", node: node.name, fraction })),
  )
  if (result._tag === "Changed") return yield* new SpecError({ reason: "CodeChanged", message: result.message })
  if (result._tag === "Failed")
    return yield* new StageError({ reason: result.reason, message: result.message, log: log.digest })
  return { outputs: result.outputs, seconds }
})

/** The first input node with a needed output that was dropped or lost. */
const goneInput = Effect.fnUntraced(function* (
  node: StageNode,
  settled: Settlements,
): Effect.fn.Return<Node | undefined, CacheError, Store> {
  const store = yield* Store
  for (const input of inputsOf(node))
    for (const { digest } of allOf(input, settled)) if (!(yield* store.has(digest))) return input.node
  return undefined
})

const differing = Effect.fnUntraced(function* (
  { node, key, outputs }: Hit,
  made: ReadonlyArray<Stored>,
  tolerance: number | undefined,
): Effect.fn.Return<ReadonlyArray<OutputDiffers>, CacheError, Store> {
  const store = yield* Store
  const here = Option.exists(yield* store.record(key), ({ host }) => host === hostname())
  const found: Array<OutputDiffers> = []
  for (const { name: output, digest } of outputs) {
    const { kind } = node.stage.outputs[node.over === undefined ? output : output.slice(0, output.lastIndexOf("/"))]!
    const now = made.find((each) => each.name === output)!.digest
    if (now === digest) continue
    const apart = (yield* store.has(digest))
      ? disagreement(
          kind,
          codecs[kind].decode(yield* store.get(digest)),
          codecs[kind].decode(yield* store.get(now)),
          tolerance ?? (here ? 0 : tolerances[kind]),
        )
      : { where: "digest", first: digest, second: now, relative: null } // only its digest is left to compare with
    if (apart !== undefined) found.push({ output, ...apart })
  }
  return found
})

/** The exit codes for verified nodes. */
export const codesOf = (verified: ReadonlyArray<Verified>): ReadonlyArray<ExitCode> =>
  verified.flatMap((each) => {
    switch (each._tag) {
      case "NodeVerified":
        return each.differs.length > 0 ? [exitCode.verdictDiffers] : []
      case "NodeUnverifiable":
        return []
      case "NodeFailed":
        return [codeOf(each.error)]
      case "NodeSkipped":
        return [exitCode.interrupted]
    }
  })
