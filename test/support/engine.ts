// An engine to try out: a store in memory, fake code, and an executor that remembers what ran and in what
// order. A test tells the executor what happens inside a node by its name.
import { Context, Effect, Layer, Semaphore } from "effect"
import { digestOf, type Data, type Digest, type Key } from "../../cache/digest.ts"
import { memoryLayer, type MemoryStore } from "../../cache/memory.ts"
import { Store, type CacheError, type Stored } from "../../cache/store.ts"
import { codecs } from "../../pipeline/artifact/artifact.ts"
import type { ExecutorError } from "../../pipeline/error.ts"
import { Events, type Event } from "../../pipeline/event.ts"
import { Executor, type Ended, type Job } from "../../pipeline/executor/executor.ts"
import type { Code } from "../../pipeline/code/fingerprint.ts"
import type { Node, StageNode } from "../../pipeline/node.ts"
import type { Nodes } from "../../pipeline/spec.ts"
import { plan, type Plan } from "../../pipeline/plan/plan.ts"
import { run } from "../../pipeline/run/run.ts"
import type { Settlements } from "../../pipeline/run/settled.ts"
import type { StageError } from "../../pipeline/stage.ts"
import { decide } from "../../pipeline/run/step.ts"
import { bodies } from "./arithmetic.ts"
import type { RunContext } from "../../pipeline/run/context.ts"

type Inside = Effect.Effect<void, ExecutorError | CacheError | StageError>

/** What ran, and what was told. */
export class Notes extends Context.Service<
  Notes,
  {
    /** Names of nodes, as their bodies began. */
    readonly ran: Array<string>
    readonly jobs: Array<Job>
    /** The jobs that gave something. */
    readonly ended: Array<Job>
    readonly events: Array<Event>
    /** What happens inside a node before it computes. */
    readonly inside: Map<string, Inside>
    /** How long a node takes once it has read its inputs. */
    readonly slow: Map<string, Effect.Effect<void>>
    /** What every digest that was ever stored by a node stands for. */
    readonly values: Map<Digest, Data>
    /** Nodes of which the executor finds that what they are computed with has changed. */
    readonly changed: Set<string>
  }
>()("test/support/Notes") {}

const fakeExecutor = Layer.effect(
  Executor,
  Effect.gen(function* () {
    const store = yield* Store
    const notes = yield* Notes
    const read = (digest: string) =>
      Effect.map(store.get(digest as never), (bytes) => codecs.json.decode(bytes) as Data)
    const compute = Effect.fnUntraced(function* (job: Job): Effect.fn.Return<ReadonlyArray<Stored>, CacheError> {
      const inputs = yield* Effect.all(
        Object.fromEntries(
          Object.entries(job.inputs).map(([name, input]) => [
            name,
            typeof input === "string" ? read(input) : Effect.forEach(input, read),
          ]),
        ),
      )
      const values = bodies[job.stage.name]!(job.params as never, inputs, job.seed)
      return yield* Effect.forEach(Object.entries(values), ([name, value]) => {
        const bytes = codecs.json.encode(value)
        return Effect.map(store.put(bytes), (digest): Stored => {
          notes.values.set(digest, value)
          return { name, digest, size: bytes.length }
        })
      })
    })
    return Executor.of({
      run: Effect.fnUntraced(function* (job, onProgress) {
        notes.ran.push(job.node)
        notes.jobs.push(job)
        const outcome = yield* Effect.result(
          (notes.inside.get(job.node) ?? Effect.void).pipe(Effect.tap(() => Effect.sync(() => onProgress(0.5)))),
        )
        const log = { digest: yield* store.put(new Uint8Array()), size: 0 }
        const ended = (result: Ended["result"]): Ended => ({
          result,
          log,
          seconds: 1,
          peakMemory: 1000,
          spoiled: false,
        })
        if (notes.changed.has(job.node))
          return ended({ _tag: "Changed", message: `what ${job.node} is computed with was changed` })
        if (outcome._tag === "Success") {
          const outputs = yield* compute(job)
          yield* notes.slow.get(job.node) ?? Effect.void
          notes.ended.push(job)
          return ended({ _tag: "Made", outputs })
        }
        if (outcome.failure._tag !== "StageError") return yield* outcome.failure
        return ended({ _tag: "Failed", reason: outcome.failure.reason, message: outcome.failure.message })
      }),
    })
  }),
)

const listening = Layer.effect(
  Events,
  Effect.map(Notes, (notes) => Events.of({ tell: (event) => Effect.sync(() => void notes.events.push(event)) })),
)

/** A new world around a store: the fake executor, and the notes. */
export const worldAround = <S, E>(
  store: Layer.Layer<S | Store, E>,
): Layer.Layer<S | Store | Notes | Executor | Events, E> =>
  Layer.mergeAll(fakeExecutor, listening).pipe(
    Layer.provideMerge(
      Layer.merge(
        store,
        Layer.sync(Notes, () => ({
          ran: [],
          jobs: [],
          ended: [],
          events: [],
          inside: new Map(),
          slow: new Map(),
          values: new Map(),
          changed: new Set<string>(),
        })),
      ),
    ),
  )

/** The same with an empty store in memory and its saboteur. */
export const world: Layer.Layer<Store | MemoryStore | Notes | Executor | Events> = worldAround(memoryLayer)

export interface Setting {
  readonly jobs?: number
  readonly timeout?: number
  readonly draining?: () => boolean
  /** What stands for the code of every stage. */
  readonly code?: string
  readonly lastKeys?: ReadonlyMap<string, Key>
  readonly forced?: ReadonlySet<Node>
  readonly leftOut?: ReadonlySet<Node>
}

/** What a command would prepare, for fake code on a fixed ground. */
export const contextOf = ({
  jobs = 4,
  timeout,
  draining = () => false,
  code = "code",
  lastKeys,
  forced = new Set(),
  leftOut = new Set(),
}: Setting = {}): Effect.Effect<RunContext> =>
  Effect.map(Semaphore.make(jobs), (slots) => {
    const made: Code = { digest: digestOf(code), imports: [], packages: {} }
    const fake = Effect.succeed(made)
    const blob = { digest: made.digest, size: code.length }
    return {
      codeOf: () => made,
      fingerprints: {
        of: () => fake,
        ofExport: () => fake,
        deliver: () => Effect.succeed({ text: blob, map: blob, packages: blob, root: "" }),
      },
      ground: { seed: 0, node: "24", platform: "test", conditions: [], environment: {} },
      lastKey: (node) => lastKeys?.get(node),
      slots,
      jobs,
      timeout: timeout ?? null,
      draining,
      forced,
      leftOut,
      made: new Set(),
    }
  })

/** The key of a node without inputs. */
export const keyFor = (node: StageNode, context: RunContext) => Effect.map(decide(node, {}, context), ({ key }) => key)

/** The plan of some nodes, without checks and page. */
export const planOf = (nodes: Nodes): Plan =>
  plan({
    nodes,
    checks: [],
    page: { title: "", lead: [], figures: [], render: () => Promise.reject(new Error("no page")) },
  })

/** Runs nodes to their end. */
export const runNodes = (nodes: Nodes, setting: Setting = {}) =>
  Effect.flatMap(contextOf(setting), (context) => run(planOf(nodes), context))

/** What became of each node, by name: `hit`, `joined`, `run`, or why not. */
export const outcomes = (settled: Settlements): { readonly [node: string]: string } =>
  Object.fromEntries(
    [...settled].map(([node, how]) => [
      node.name,
      how._tag === "Done"
        ? how.outcome
        : how._tag === "Failed"
          ? `failed: ${how.error._tag}`
          : `skipped: ${how.because ?? "interrupted"}`,
    ]),
  )

/** The names of what ran since the last time this was asked. */
export const ranNow = Effect.map(Notes, (notes) => notes.ran.splice(0))
