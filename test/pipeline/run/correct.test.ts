// What "right" means: for random small graphs and any prior store, a run gives the values of a run with an
// empty store, and nothing runs twice. The engine under test is a parameter; wrong ones are caught.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import * as fc from "fast-check"
import { canonical, digestOf, digestOfValue, type Data, type Digest, type Key } from "../../../cache/digest.ts"
import { MemoryStore } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import { Executor, type Job } from "../../../pipeline/executor/executor.ts"
import { keyOf, keyParts, type KeyParts } from "../../../pipeline/key/key.ts"
import { node, type Node, type Output, type StageNode } from "../../../pipeline/node.ts"
import type { Plan } from "../../../pipeline/plan/plan.ts"
import { run } from "../../../pipeline/run/run.ts"
import { digestsOf, storedOf, type Settlements } from "../../../pipeline/run/settled.ts"
import { bodies, cap, divide, given, sum } from "../../support/arithmetic.ts"
import { contextOf, Notes, planOf, world } from "../../support/engine.ts"
import type { RunContext } from "../../../pipeline/run/context.ts"

type Engine = (
  plan: Plan,
  context: RunContext,
) => Effect.Effect<Settlements, unknown, Effect.Services<ReturnType<typeof run>>>

const nothing = digestOf("")

/** One node at a time, by any key; trusting a record that is there, or looking for its blobs. */
const naive = (keyFor: (parts: KeyParts, node: StageNode) => Key, trusting = false): Engine =>
  Effect.fnUntraced(function* (plan, context) {
    const [store, executor] = [yield* Store, yield* Executor]
    const settled: Settlements = new Map()
    for (const each of plan.nodes) {
      if (each._tag === "SourceNode") continue
      const inputs = digestsOf(each, settled)
      const key = keyFor(keyParts(each, context.codeOf(each), inputs, context.ground), each)
      const record = Option.getOrUndefined(yield* store.record(key))
      if (
        record !== undefined &&
        (trusting || (yield* Effect.forEach(record.outputs, (output) => store.has(output.digest))).every(Boolean))
      ) {
        settled.set(each, { _tag: "Done", key, outcome: "hit", outputs: record.outputs, seconds: 0 })
        continue
      }
      const { result, log } = yield* executor.run(
        {
          node: each.name,
          stage: { name: each.stage.name },
          code: nothing,
          map: nothing,
          packages: nothing,
          root: "",
          params: each.params,
          inputs,
          seed: 0,
          environment: {},
          timeout: null,
          memory: null,
        },
        () => {},
      )
      if (result._tag !== "Made") return yield* Effect.die(result.message)
      const { outputs } = yield* store.publish(key, {
        outputs: result.outputs,
        provenance: log,
        log,
        seconds: 0,
        host: "",
        finished: 0,
      })
      settled.set(each, { _tag: "Done", key, outcome: "run", outputs, seconds: 0 })
    }
    return settled
  })

/** A node of a graph: which stage, a small param, and which nodes before it. */
interface Drawn {
  readonly stage: "given" | "sum" | "cap" | "divide"
  readonly param: number
  readonly inputs: ReadonlyArray<number>
}
type Graph = ReadonlyArray<Drawn>

// Few stages, params and values, so that keys and bytes meet often.
const graphs: fc.Arbitrary<Graph> = fc
  .array(
    fc.record({
      stage: fc.constantFrom("given" as const, "sum" as const, "cap" as const, "divide" as const),
      param: fc.integer({ min: 1, max: 3 }),
      inputs: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((drawn) =>
    drawn.map((each, i) =>
      i === 0
        ? { stage: "given", param: each.param, inputs: [] }
        : { ...each, inputs: each.inputs.map((at) => at % i) },
    ),
  )

const histories = fc.record({
  graphs: fc.array(graphs, { minLength: 1, maxLength: 3 }),
  // The last graph with some params changed: what people do most.
  edits: fc.array(fc.record({ at: fc.nat(20), param: fc.integer({ min: 1, max: 3 }) }), { maxLength: 3 }),
  harm: fc.array(fc.record({ of: fc.nat(50), what: fc.constantFrom("drop" as const, "damage" as const) }), {
    maxLength: 4,
  }),
  order: fc.array(fc.nat(100), { minLength: 8, maxLength: 8 }),
  jobs: fc.integer({ min: 1, max: 3 }),
})

type History = typeof histories extends fc.Arbitrary<infer H> ? H : never

const nodesOf = (graph: Graph): ReadonlyArray<StageNode> => {
  const nodes: Array<StageNode & { readonly out: { readonly [name: string]: Output } }> = []
  graph.forEach(({ stage, param, inputs }, id) => {
    const out = (at: number): Output => Object.values(nodes[at]!.out)[param % Object.values(nodes[at]!.out).length]!
    const term = inputs[0] === undefined ? undefined : out(inputs[0])
    if (stage === "given" || term === undefined) nodes.push(node(given, { value: param }, {}, { id }))
    else if (stage === "sum") nodes.push(node(sum, { plus: param }, { terms: inputs.map(out) }, { id }))
    else if (stage === "cap") nodes.push(node(cap, { limit: param * 3 }, { term }, { id }))
    else nodes.push(node(divide, { by: param }, { term }, { id }))
  })
  return nodes
}

/** What each node gives, computed with no engine at all. */
const meaning = (nodes: ReadonlyArray<StageNode>): ReadonlyMap<Node, { readonly [output: string]: Data }> => {
  const values = new Map<Node, { readonly [output: string]: Data }>()
  for (const each of nodes) {
    const read = (output: Output): Data => values.get(output.node)![output.name]!
    const inputs = Object.fromEntries(
      Object.entries(each.inputs).map(([name, input]) => [name, "node" in input ? read(input) : input.map(read)]),
    )
    values.set(each, bodies[each.stage.name]!(each.params as never, inputs, 0))
  }
  return values
}

/** What a job means: two jobs of one meaning are the same work. */
const meaningOf = (job: Job): string => canonical([job.stage.name, job.params, job.inputs as Data])

const sortedBy = <A>(list: ReadonlyArray<A>, order: ReadonlyArray<number>): ReadonlyArray<A> =>
  list
    .map((value, i) => ({ value, at: order[i]! }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)

/** One history in one store; throws where the last run is wrong. */
const holds = (engine: Engine, { graphs: prior, edits, harm, order, jobs }: History) =>
  Effect.gen(function* () {
    const notes = yield* Notes
    const control = yield* MemoryStore
    const made = new Map<string, ReadonlyArray<Digest>>()
    const runGraph = Effect.fnUntraced(function* (graph: Graph) {
      const nodes = nodesOf(graph)
      notes.jobs.splice(0)
      nodes.forEach((each, i) =>
        notes.inside.set(each.name, Effect.replicateEffect(Effect.yieldNow, order[i]! % 7, { discard: true })),
      )
      const settled = yield* engine(planOf(sortedBy(nodes, order)), yield* contextOf({ jobs }))
      for (const job of notes.jobs) {
        const how = settled.get(nodes.find((each) => each.name === job.node)!)
        if (how?._tag === "Done")
          made.set(
            meaningOf(job),
            how.outputs.map((output) => output.digest),
          )
      }
      return { nodes, settled }
    })

    for (const graph of prior) yield* runGraph(graph)
    const digests = [...made.values()].flat()
    const harmed = harm.map(({ of, what }) => ({ digest: digests[of % digests.length]!, what }))
    for (const { digest, what } of harmed) yield* control[what](digest)
    const fresh = new Set(
      [...made]
        .filter(([, outputs]) => outputs.every((output) => !harmed.some(({ digest }) => digest === output)))
        .map(([name]) => name),
    )

    const last = prior
      .at(-1)!
      .map((each, i) => ({ ...each, param: edits.find(({ at }) => at === i)?.param ?? each.param }))
    const { nodes, settled } = yield* runGraph(last)
    const expected = meaning(nodes)
    for (const each of nodes) {
      for (const [name, value] of Object.entries(expected.get(each)!)) {
        const stored = storedOf({ node: each, name, kind: { kind: "json", many: false } }, settled)
        assert.strictEqual(stored?.digest, digestOf(String(value)), `${each.name}:${name} is ${value}`)
        assert.isTrue(yield* (yield* Store).has(stored!.digest))
      }
    }
    const ran = notes.jobs.map(meaningOf)
    assert.strictEqual(new Set(ran).size, ran.length, "nothing runs twice")
    assert.deepStrictEqual(
      ran.filter((name) => fresh.has(name)),
      [],
      "what is there does not run",
    )
  })

const check = (engine: Engine) =>
  fc.check(
    fc.asyncProperty(histories, (history) =>
      Effect.runPromise(holds(engine, history).pipe(Effect.provide(world), Effect.timeout("5 seconds"))),
    ),
    { numRuns: 60, seed: 20_260_101, endOnFailure: true },
  )

const byParts =
  (change: (parts: KeyParts, node: StageNode) => Data) =>
  (parts: KeyParts, each: StageNode): Key =>
    digestOfValue("key", change(parts, each)) as string as Key

describe(
  "for random small graphs and any prior store, a run gives the values of a run with an empty store, and nothing " +
    "runs twice",
  () => {
    const right: { readonly [name: string]: Engine } = {
      "the engine": run,
      "a naive engine with the whole key": naive(keyOf),
    }
    for (const [name, engine] of Object.entries(right)) {
      it(`holds for ${name}`, async () => {
        const { failed, errorInstance, counterexample } = await check(engine)
        assert.isFalse(failed, `${String(errorInstance)}\n${JSON.stringify(counterexample)}`)
      })
    }

    const wrong: { readonly [name: string]: Engine } = {
      "leaves the inputs out of the key": naive(byParts((parts) => ({ ...parts, inputs: null }) as unknown as Data)),
      "leaves the params out of the key": naive(byParts((parts) => ({ ...parts, params: null }) as unknown as Data)),
      "takes the node's name for a key": naive(byParts((_, each) => each.name)),
      "puts the node's name into the key": naive(
        byParts((parts, each) => ({ ...parts, name: each.name }) as unknown as Data),
      ),
      "believes a record without looking for its blobs": naive(keyOf, true),
      "runs everything": naive(() => digestOfValue("key", Math.random()) as string as Key),
    }
    for (const [vice, engine] of Object.entries(wrong)) {
      it(`catches an engine that ${vice}`, async () => {
        assert.isTrue((await check(engine)).failed)
      })
    }
  },
)
