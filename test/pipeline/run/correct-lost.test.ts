// What "right" means where bytes were lost that cannot be had again: for random small graphs and any prior store, a run
// ends with nodes that fit together, nothing runs twice, and what was replaced is told. Wrong engines are caught.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import * as fc from "fast-check"
import { canonical, digestOf, type Data } from "../../../cache/digest.ts"
import { Store } from "../../../cache/store.ts"
import { Events } from "../../../pipeline/event.ts"
import type { Job } from "../../../pipeline/executor/executor.ts"
import { differing } from "../../../pipeline/run/keep.ts"
import type { Output, StageNode } from "../../../pipeline/node.ts"
import type { Plan } from "../../../pipeline/plan/plan.ts"
import { read, run } from "../../../pipeline/run/run.ts"
import { storedOf, type Settlements } from "../../../pipeline/run/settled.ts"
import { Notes, world } from "../../support/engine.ts"
import { changing, fitTogether } from "../../support/fitting.ts"
import { sceneOf, stories, type Scene, type Story } from "../../support/history.ts"
import { forOneReader } from "../../support/one-reader.ts"
import type { RunContext } from "../../../pipeline/run/context.ts"

type Engine = (
  plan: Plan,
  context: RunContext,
) => Effect.Effect<Settlements, unknown, Effect.Services<ReturnType<typeof run>>>

/** What a job means: two jobs of one meaning are the same work. */
const meaningOf = (job: Job): string => canonical([job.stage.name, job.params, job.inputs as Data])

const outputsIn = ({ nodes }: Plan): ReadonlyArray<Output> =>
  nodes.flatMap((each) =>
    each._tag === "StageNode" && each.over === undefined ? Object.values((each as Made).out) : [],
  )
type Made = StageNode & { readonly out: { readonly [name: string]: Output } }

/** Plays a story; throws where its nodes do not fit together in the end, or where something was not told. */
const fits = (engine: Engine, story: Story) =>
  Effect.gen(function* () {
    const scene = yield* sceneOf(engine, story)
    if (scene === undefined) return
    const { plan, context, begin, harm } = scene
    const notes = yield* Notes
    yield* begin
    const settled = yield* engine(plan, context)
    yield* fitTogether(plan, context, settled)
    // What goes in the moment between a body and its record fails the node.
    if (story.inside.length === 0)
      for (const [each, how] of settled)
        assert.isTrue(how._tag !== "Failed" || context.leftOut.has(each), `${each.name} fails`)
    const ran = notes.ended.map(meaningOf)
    if (story.inside.length + story.part.force.length === 0)
      assert.strictEqual(new Set(ran).size, ran.length, "nothing runs twice")

    // Bytes are gone when it is over, and somebody reads.
    notes.inside.clear()
    for (const { of } of story.harms) yield* harm(of, "lost")
    const outputs = outputsIn(plan)
    const bytesOf = yield* Effect.scoped(read(outputs, "the page", plan, settled, context))
    yield* fitTogether(plan, context, settled)
    for (const output of outputs) {
      const [bytes, stored] = [bytesOf(output), storedOf(output, settled)]
      if (bytes !== undefined) assert.strictEqual(digestOf(bytes), stored?.digest)
      else assert.isTrue(stored === undefined || context.leftOut.has(output.node), output.node.name)
    }
    yield* wasTold(scene, settled)
  })

/** Of nodes of one key one is told of, where they give something else than in the past; and nothing else is told of. */
const wasTold = Effect.fnUntraced(function* ({ past }: Scene, settled: Settlements) {
  const { events } = yield* Notes
  const told = new Set(events.flatMap((event) => (event._tag === "ResultReplaced" ? [event.node] : [])))
  for (const name of told) assert.match(name, changing)
  for (const [key, nodes] of Map.groupBy(settled, ([, how]) => (how._tag === "Done" ? how.key : null))) {
    const [was, how] = [key === null ? undefined : past.get(key), nodes[0]![1]]
    const isOther = was !== undefined && how._tag === "Done" && differing(was, how.outputs).length > 0
    assert.isTrue(!isOther || nodes.some(([each]) => told.has(each.name)), `${nodes[0]![0].name} is told of`)
  }
})

const check = (engine: Engine, of: fc.Arbitrary<Story>) =>
  fc.check(
    fc.asyncProperty(of, (story) =>
      Effect.runPromise(fits(engine, story).pipe(Effect.provide(world), Effect.timeout("5 seconds"))),
    ),
    {
      numRuns: Number(process.env["RUNS"] ?? 150),
      seed: Number(process.env["SEED"] ?? 20_260_102),
      endOnFailure: true,
    },
  )

const silent: Engine = (plan, context) =>
  Effect.flatMap(Events, ({ tell }) =>
    run(plan, context).pipe(
      Effect.provideService(Events, { tell: (event) => (event._tag === "ResultReplaced" ? Effect.void : tell(event)) }),
    ),
  )

/** Hands on what was made, and leaves the record as it was. */
const clinging: Engine = (plan, context) =>
  Effect.flatMap(Store, (store) =>
    run(plan, context).pipe(
      Effect.provideService(Store, {
        ...store,
        publish: (key, record) =>
          Effect.flatMap(store.record(key), (kept) =>
            Option.isSome(kept) ? Effect.succeed(record) : store.publish(key, record),
          ),
      }),
    ),
  )

/**
 * Whole, without lists, with much that changes and is dropped, and nothing that goes in the middle: enough to be wrong
 * in.
 */
const simple = stories.map((story): Story => {
  const plain = { each: "sum", blurEach: "blur", range: "toss", given: "toss" } as const
  const before = story.before.map((graph) =>
    graph.map((each) => ({ ...each, stage: plain[each.stage as keyof typeof plain] ?? each.stage })),
  )
  const harms = story.harms.map(({ of }) => ({ of, how: "dropped" as const }))
  return { ...story, before, harms, inside: [], part: { ...story.part, flag: "whole", force: [] } }
})

describe(
  "where bytes were lost that cannot be had again, a run ends with nodes that fit together, and tells what it " +
    "replaced",
  () => {
    it("holds for the engine", async () => {
      const { failed, errorInstance, counterexample } = await check(run, stories)
      assert.isFalse(failed, `${String(errorInstance)}\n${JSON.stringify(counterexample)}`)
    }, 600_000)

    const wrong: { readonly [vice: string]: readonly [engine: Engine, found: RegExp] } = {
      "makes what is lost again for one reader only": [forOneReader, /the (key|record|outputs) of /],
      "says nothing of what it replaced": [silent, /is told of/],
      "leaves the record of what was lost as it was": [clinging, /the record of /],
    }
    for (const [vice, [engine, found]] of Object.entries(wrong)) {
      it(`catches an engine that ${vice}`, async () => {
        const { failed, errorInstance } = await check(engine, simple)
        assert.isTrue(failed)
        assert.match(String(errorInstance), found)
      })
    }
  },
)
