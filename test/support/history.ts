// Random stories of a store: small graphs that ran in it, bytes that were lost, damaged or dropped since, and a graph
// that is to run now, whole or in part. Some of its stages never give the same twice; some nodes go over lists.
import * as fc from "fast-check"
import { Effect } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { MemoryStore } from "../../cache/memory.ts"
import { Store, type Stored } from "../../cache/store.ts"
import { map, node, type Output, type StageNode } from "../../pipeline/node.ts"
import type { Plan } from "../../pipeline/plan/plan.ts"
import { noPatterns, select, type Patterns } from "../../pipeline/plan/select.ts"
import type { Settlements } from "../../pipeline/run/settled.ts"
import { blur, cap, dice, given, mirror, range, sum, toss } from "./arithmetic.ts"
import { contextOf, Notes, planOf } from "./engine.ts"
import type { RunContext } from "../../pipeline/run/context.ts"

/** A node of a graph: which stage, a small param, and which nodes before it. */
interface Drawn {
  readonly stage: (typeof stages)[number]
  readonly param: number
  readonly inputs: ReadonlyArray<number>
}
const stages = ["given", "sum", "cap", "mirror", "toss", "blur", "range", "each", "blurEach"] as const

const small = fc.nat(20)
// Few stages, params and values, so that keys and bytes meet often.
const graphs = fc.array(
  fc.record({
    stage: fc.constantFrom(...stages),
    param: fc.integer({ min: 1, max: 3 }),
    inputs: fc.array(small, { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 2, maxLength: 8 },
)

type Harm = "lost" | "damaged" | "dropped"
const harms = fc.array(
  fc.record({
    of: fc.nat(50),
    how: fc.constantFrom("lost" as const, "damaged" as const, "dropped" as const, "dropped" as const),
  }),
  { maxLength: 6 },
)

export const stories = fc.record({
  before: fc.array(graphs, { minLength: 1, maxLength: 2 }),
  // The last graph with some params changed: what people do most.
  edits: fc.array(fc.record({ at: small, param: fc.integer({ min: 1, max: 3 }) }), { maxLength: 3 }),
  harms,
  /** Bytes that are gone as soon as a node runs. */
  inside: fc.array(
    fc.record({ of: fc.nat(50), at: small, how: fc.constantFrom("lost" as const, "damaged" as const) }),
    { maxLength: 2 },
  ),
  shown: fc.array(small, { maxLength: 2 }),
  order: fc.array(fc.nat(100), { minLength: 8, maxLength: 8 }),
  jobs: fc.integer({ min: 1, max: 3 }),
  journal: fc.constantFrom("kept" as const, "none" as const, "renamed" as const),
  part: fc.record({
    flag: fc.constantFrom(
      "whole" as const,
      "whole" as const,
      "until" as const,
      "only" as const,
      "except" as const,
      "from" as const,
    ),
    nodes: fc.array(small, { minLength: 1, maxLength: 3 }),
    force: fc.array(small, { maxLength: 1 }),
  }),
})
export type Story = typeof stories extends fc.Arbitrary<infer S> ? S : never

/** The nodes of a graph. Of a list only nodes over lists and sums are made. */
const nodesOf = (graph: ReadonlyArray<Drawn>, label = "id"): ReadonlyArray<StageNode> => {
  const nodes: Array<StageNode> = []
  const [numbers, lists, each]: [Array<Output>, Array<Output>, Array<ReadonlyArray<Output>>] = [[], [], []]
  const add = (made: StageNode & { readonly out: object }): StageNode & { readonly out: object } => {
    nodes.push(made)
    return made
  }
  const addNumber = (made: StageNode & { readonly out: { readonly [name: string]: Output } }) =>
    numbers.push(...Object.values(add(made).out as { readonly [name: string]: Output }))
  const addEach = (made: StageNode & { readonly out: { readonly [name: string]: ReadonlyArray<Output> } }) =>
    each.push(...Object.values(add(made).out as { readonly [name: string]: ReadonlyArray<Output> }))
  graph.forEach(({ stage, param, inputs }, id) => {
    const labels = { [label]: id }
    const pick = <A>(from: ReadonlyArray<A>, at = 0): A | undefined => from[inputs[at % inputs.length]! % from.length]
    const [term, list] = [pick(numbers), pick(lists)]
    if (stage === "toss") addNumber(node(toss, { sides: 2 + param }, {}, labels))
    else if (stage === "range") lists.push(node(range, { from: 500 + param, to: 503 }, {}, labels).out.numbers)
    else if (stage === "each" && list !== undefined)
      addEach(map(cap, "term", { limit: -100 * param - id }, { term: list }, labels))
    else if (stage === "blurEach" && list !== undefined)
      addEach(map(blur, "term", { sides: 2 + param }, { term: list }, labels))
    else if (term === undefined || stage === "given") addNumber(node(given, { value: param }, {}, labels))
    else if (stage === "sum")
      addNumber(
        node(
          sum,
          { plus: 1e6 * param },
          {
            terms: inputs.flatMap((_, i): ReadonlyArray<Output> =>
              i % 2 === 1 && each.length > 0 ? pick(each, i)! : [pick(numbers, i)!],
            ) as never,
          },
          labels,
        ),
      )
    else if (stage === "mirror") addNumber(node(mirror, { by: param }, { term }, labels))
    else if (stage === "blur") addNumber(node(blur, { sides: 2 + param }, { term }, labels))
    else addNumber(node(cap, { limit: -100 * param - id }, { term }, labels))
  })
  for (const { node: made } of lists) nodes.push(made as StageNode)
  return nodes
}

const sortedBy = <A>(list: ReadonlyArray<A>, order: ReadonlyArray<number>): ReadonlyArray<A> =>
  list
    .map((value, i) => ({ value, at: order[i % order.length]! }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)

/** What is to run now, in a store with a past. */
export interface Scene {
  readonly plan: Plan
  readonly context: RunContext
  /** What every key gave in the past. */
  readonly past: ReadonlyMap<Key, ReadonlyArray<Stored>>
  /** From here on bytes go as the story says. */
  readonly begin: Effect.Effect<void>
  /** Does to bytes of the past what disks and people do. */
  readonly harm: (of: number, how: Harm) => Effect.Effect<void>
}

type Engine<E, R> = (plan: Plan, context: RunContext) => Effect.Effect<Settlements, E, R>

/** Plays a story up to where the last graph is to run. Nothing where its part leaves nothing. */
export const sceneOf = Effect.fnUntraced(function* <E, R>(
  engine: Engine<E, R>,
  { before, edits, harms, inside, shown, order, jobs, journal, part }: Story,
) {
  dice.next = 0
  const [notes, control, store] = [yield* Notes, yield* MemoryStore, yield* Store]
  const made = new Set<Digest>()
  const past = new Map<Key, ReadonlyArray<Stored>>()
  let lastKeys = new Map<string, Key>()
  const delayed = (nodes: ReadonlyArray<StageNode>) =>
    nodes.forEach(({ name }, i) => {
      const at = order[i % order.length]!
      notes.inside.set(name, Effect.replicateEffect(Effect.yieldNow, at % 7, { discard: true }))
      notes.slow.set(name, Effect.replicateEffect(Effect.yieldNow, (at % 3) * 20, { discard: true }))
    })
  for (const graph of before) {
    const nodes = nodesOf(graph)
    delayed(nodes)
    const settled = yield* engine(planOf(sortedBy(nodes, order)), yield* contextOf({ jobs }))
    lastKeys = new Map(
      [...settled].flatMap(([each, how]) =>
        how._tag === "Done" && how.key !== null ? [[each.name, how.key] as const] : [],
      ),
    )
    for (const how of settled.values()) {
      if (how._tag !== "Done") continue
      past.set(how.key!, how.outputs)
      for (const { digest } of how.outputs) made.add(digest)
    }
  }
  const digests = [...made]
  const harmful = (digest: Digest, how: Harm): Effect.Effect<void> =>
    how === "dropped"
      ? Effect.orDie(store.drop(digest))
      : how === "lost"
        ? control.drop(digest)
        : control.damage(digest)
  for (const { of, how } of harms) yield* harmful(digests[of % digests.length]!, how)

  const last = before
    .at(-1)!
    .map((each, i) => ({ ...each, param: edits.find(({ at }) => at === i)?.param ?? each.param }))
  const nodes = nodesOf(last, journal === "renamed" ? "name" : "id")
  const whole = planOf(sortedBy(nodes, order))
  const names = (at: ReadonlyArray<number>) => [...new Set(at.map((i) => nodes[i % nodes.length]!.name))]
  const patterns: Patterns = {
    ...noPatterns,
    ...(part.flag === "whole" ? {} : { [part.flag]: names(part.nodes) }),
    force: names(part.force),
  }
  const plan = { ...whole, shown: shown.flatMap((at) => outputsOf(nodes[at % nodes.length]!)) }
  const selected = selection(plan, patterns)
  if (selected === undefined) return undefined
  const context = yield* contextOf({
    jobs,
    ...(journal === "kept" ? { lastKeys } : {}),
    leftOut: selected.leftOut,
    forced: selected.forced,
  })
  const begin = Effect.sync(() => {
    notes.ended.splice(0)
    notes.events.splice(0)
    delayed(nodes)
    for (const { of, at, how } of inside) {
      const { name } = nodes[at % nodes.length]!
      const slow = notes.inside.get(name)!
      let done = false
      notes.inside.set(
        name,
        Effect.andThen(
          slow,
          Effect.suspend(() => {
            if (done) return Effect.void
            done = true
            return harmful(digests[of % digests.length]!, how)
          }),
        ),
      )
    }
  })
  return {
    plan: selected.plan,
    context,
    past,
    begin,
    harm: (at: number, how: Harm) => harmful(digests[at % digests.length]!, how),
  } satisfies Scene
})

const outputsOf = (each: StageNode): ReadonlyArray<Output> =>
  each.over === undefined
    ? Object.values((each as StageNode & { readonly out: { readonly [name: string]: Output } }).out).slice(0, 1)
    : []

const selection = (plan: Plan, patterns: Patterns): ReturnType<typeof select> | undefined => {
  try {
    return select(plan, patterns)
  } catch {
    return undefined
  }
}
