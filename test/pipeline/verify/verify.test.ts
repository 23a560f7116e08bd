// Nodes that are done, run again: what is said of those that make the same, another thing, nothing, or cannot run.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { join } from "node:path"
import { memoryLayer, MemoryStore } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import { fingerprints } from "../../../pipeline/code/fingerprint.ts"
import { exitCode } from "../../../pipeline/error.ts"
import { Events } from "../../../pipeline/event.ts"
import { inline } from "../../../pipeline/executor/inline.ts"
import { map, node, type Node } from "../../../pipeline/node.ts"
import { run } from "../../../pipeline/run/run.ts"
import type { Settlements } from "../../../pipeline/run/settled.ts"
import { StageError } from "../../../pipeline/stage.ts"
import { codesOf, hitsAmong, verify, type Hit } from "../../../pipeline/verify/verify.ts"
import { cap, draw, given, range, sum, wide } from "../../support/arithmetic.ts"
import { directoryOf } from "../../support/directory.ts"
import { contextOf, Notes, planOf, ranNow, runNodes, world, type Setting } from "../../support/engine.ts"
import { noise } from "../../support/noise.ts"
import { line } from "../../../pipeline/printer/message.ts"

const one = node(given, { value: 1 }, {})
const dice = node(draw, { sides: 6 }, {})
const total = node(sum, { plus: 1 }, { terms: [one.out.value, dice.out.value] })

/** Runs nodes, and then those that are done again. */
const again = Effect.fnUntraced(function* (nodes: ReadonlyArray<Node>, setting: Setting = {}, tolerance?: number) {
  const settled = yield* runNodes(nodes)
  yield* ranNow
  return yield* verify(hitsAmong(settled.keys(), settled), settled, yield* contextOf(setting), tolerance)
})
const hitOf = (node: Node, settled: Settlements): Hit => hitsAmong([node], settled)[0]!

/** Puts another first result in the place of a node's own. */
const bend = Effect.fnUntraced(function* ({ key, node, outputs }: Hit, value: unknown, host?: string) {
  const [store, control] = [yield* Store, yield* MemoryStore]
  const [first, ...rest] = outputs
  const bytes = codecs[node.stage.outputs[first!.name]!.kind].encode(value)
  const record = Option.getOrThrow(yield* store.record(key))
  yield* control.scribble(key, new Uint8Array())
  const bent = [{ ...first!, digest: yield* store.put(bytes), size: bytes.length }, ...rest]
  yield* store.publish(key, { ...record, outputs: bent, host: host ?? record.host })
  return { key, node, outputs: bent } satisfies Hit
})

describe("a verification", () => {
  it.effect("runs every node on the inputs and the seed it had, publishes nothing, and finds the same", () =>
    Effect.gen(function* () {
      yield* runNodes([total])
      const jobs = new Map((yield* Notes).jobs.splice(0).map((job) => [job.node, job]))
      const verified = yield* again([total], { jobs: 1 })
      assert.deepStrictEqual(
        verified.map((each) => [each.node, each._tag, each._tag === "NodeVerified" && each.differs]),
        [
          ["given", "NodeVerified", []],
          ["draw", "NodeVerified", []],
          ["sum", "NodeVerified", []],
        ],
      )
      assert.deepStrictEqual(new Map((yield* Notes).jobs.map((job) => [job.node, job])), jobs)
      assert.deepStrictEqual(codesOf(verified), [])
      assert.deepStrictEqual(yield* ranNow, ["given", "draw", "sum"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("runs each item of a node over a list, and names the one that differs", () =>
    Effect.gen(function* () {
      const capped = map(cap, "term", { limit: 3 }, { term: node(range, { from: 4, to: 6 }, {}).out.numbers })
      const settled = yield* runNodes([capped])
      yield* ranNow
      const hit = hitOf(capped, settled)
      const [same] = yield* verify([hit], settled, yield* contextOf(), undefined)
      assert.deepStrictEqual([same?._tag, same?._tag === "NodeVerified" && same.differs], ["NodeVerified", []])
      assert.deepStrictEqual(yield* ranNow, ["cap[0]", "cap[1]", "cap[2]"])
      const other = { ...hit.outputs[1]!, digest: yield* (yield* Store).put(codecs.json.encode(9)) }
      const [differs] = yield* verify(
        [{ ...hit, outputs: hit.outputs.with(1, other) }],
        settled,
        yield* contextOf(),
        undefined,
      )
      assert.deepStrictEqual(differs?._tag === "NodeVerified" && differs.differs.map(({ output }) => output), [
        "value/1",
      ])
    }).pipe(Effect.provide(world)),
  )

  it.effect("says where a result differs from the first, which stays", () =>
    Effect.gen(function* () {
      const settled = yield* runNodes([one])
      const hit = yield* bend(hitOf(one, settled), 41)
      const [verified] = yield* verify([hit], settled, yield* contextOf(), undefined)
      assert.deepInclude(verified, {
        _tag: "NodeVerified",
        differs: [{ output: "value", where: "$", first: "41", second: "1", relative: null }],
      })
      assert.strictEqual(line(verified!), "differs given: value, $: 41 → 1. The first result stays.")
      assert.deepStrictEqual(codesOf([verified!]), [exitCode.verdictDiffers])
      assert.deepStrictEqual(Option.getOrThrow(yield* (yield* Store).record(hit.key)).outputs, hit.outputs)
    }).pipe(Effect.provide(world)),
  )

  it.effect("compares by name alone where the first bytes were dropped", () =>
    Effect.gen(function* () {
      const settled = yield* runNodes([one, node(given, { value: 2 }, {}, { id: "b" })])
      const store = yield* Store
      const hits = hitsAmong(settled.keys(), settled)
      const bent = yield* bend(hits[0]!, 41)
      for (const { outputs } of [bent, hits[1]!]) yield* store.drop(outputs[0]!.digest)
      const verified = yield* verify([bent, hits[1]!], settled, yield* contextOf(), undefined)
      assert.deepStrictEqual(
        verified.map((each) => each._tag === "NodeVerified" && each.differs.map(({ where }) => where)),
        [["digest"], []],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("says of a node whose input is gone that it cannot be verified", () =>
    Effect.gen(function* () {
      const capped = node(cap, { limit: 5 }, { term: one.out.value })
      const settled = yield* runNodes([capped])
      yield* ranNow
      yield* (yield* Store).drop(hitOf(one, settled).outputs[0]!.digest)
      const [verified] = yield* verify([hitOf(capped, settled)], settled, yield* contextOf(), undefined)
      assert.deepStrictEqual(verified!, { _tag: "NodeUnverifiable", node: "cap", stage: "cap", gone: "given" })
      assert.deepStrictEqual([yield* ranNow, codesOf([verified!])], [[], []])
    }).pipe(Effect.provide(world)),
  )

  it.effect("goes on where one fails, and tells it as a run does", () =>
    Effect.gen(function* () {
      const settled = yield* runNodes([total])
      const { inside, events } = yield* Notes
      events.splice(0)
      inside.set(
        "draw",
        Effect.suspend(() => new StageError({ reason: "Diverged", message: "it tripped" })),
      )
      const verified = yield* verify(
        hitsAmong(settled.keys(), settled),
        settled,
        yield* contextOf({ jobs: 1 }),
        undefined,
      )
      assert.deepStrictEqual(
        verified.map(({ _tag }) => _tag),
        ["NodeVerified", "NodeFailed", "NodeVerified"],
      )
      assert.deepStrictEqual(codesOf(verified), [exitCode.stageFailed])
      assert.deepStrictEqual(
        events.map(({ _tag }) => _tag),
        [
          "NodeStarted",
          "NodeProgress",
          "NodeVerified",
          "NodeStarted",
          "NodeFailed",
          "NodeStarted",
          "NodeProgress",
          "NodeVerified",
        ],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("runs as many threads at once as there are jobs", () =>
    Effect.gen(function* () {
      const nodes = [node(wide, { value: 1 }, {}), ...[1, 2, 3].map((value) => node(given, { value }, {}, { value }))]
      const settled = yield* runNodes(nodes)
      let [busy, most] = [0, 0]
      const take = (threads: number) =>
        Effect.sync(() => {
          most = Math.max(most, (busy += threads))
        }).pipe(
          Effect.andThen(Effect.sleep("1 second")),
          Effect.andThen(
            Effect.sync(() => {
              busy -= threads
            }),
          ),
        )
      for (const each of nodes) (yield* Notes).inside.set(each.name, take(each.stage.resources.threads))
      const running = yield* Effect.forkChild(
        verify(hitsAmong(settled.keys(), settled), settled, yield* contextOf({ jobs: 2 }), undefined),
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(running)
      assert.strictEqual(most, 2)
    }).pipe(Effect.provide(world)),
  )

  it.effect("does not judge by packages that were changed meanwhile", () =>
    Effect.gen(function* () {
      const settled = yield* runNodes([one])
      ;(yield* Notes).changed.add("given")
      const [verified] = yield* verify(hitsAmong(settled.keys(), settled), settled, yield* contextOf(), undefined)
      assert.deepInclude(verified!._tag === "NodeFailed" ? verified!.error : undefined, {
        _tag: "SpecError",
        reason: "CodeChanged",
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("starts nothing new once it drains, and lets what runs finish", () =>
    Effect.gen(function* () {
      let draining = false
      const settled = yield* runNodes([total])
      ;(yield* Notes).inside.set(
        "given",
        Effect.andThen(
          Effect.sync(() => {
            draining = true
          }),
          Effect.sleep("1 second"),
        ),
      )
      const running = yield* Effect.forkChild(
        verify(
          hitsAmong(settled.keys(), settled),
          settled,
          yield* contextOf({ jobs: 1, draining: () => draining }),
          undefined,
        ),
      )
      yield* TestClock.adjust("1 minute")
      const verified = yield* Fiber.join(running)
      assert.deepStrictEqual(
        verified.map(({ _tag }) => _tag),
        ["NodeVerified", "NodeSkipped", "NodeSkipped"],
      )
      assert.deepStrictEqual(codesOf(verified), [exitCode.interrupted, exitCode.interrupted])
    }).pipe(Effect.provide(world)),
  )
})

describe("a stage that is never the same twice", () => {
  const real = inline.pipe(Layer.provideMerge(memoryLayer), Layer.merge(Events.layer(() => {})))
  const fractions = node(noise, { of: "fractions" }, {})
  const whole = node(noise, { of: "whole numbers" }, {})
  const differing = Effect.fnUntraced(function* (of: typeof fractions, tolerance: number | undefined, host?: string) {
    const context = { ...(yield* contextOf()), fingerprints: fingerprints(join(directoryOf({}), "fingerprints.json")) }
    const settled = yield* run(planOf([of]), context)
    const hit = hitOf(of, settled)
    const table = codecs.table.decode(yield* (yield* Store).get(hit.outputs[0]!.digest))
    const [verified] = yield* verify([yield* bend(hit, table, host)], settled, context, tolerance)
    return verified!._tag === "NodeVerified"
      ? verified!.differs.map(({ output, where }) => `${output}: ${where}`)
      : [verified!._tag]
  })

  it.effect("differs on the machine that made it, in every output that does", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* differing(fractions, undefined), [
        "table: column value, row 1",
        "tensors: array x, [1]",
      ])
    }).pipe(Effect.provide(real)),
  )

  it.effect("agrees within the tolerance that is asked for, and within none that is too small", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* differing(fractions, 1e-3), [])
      assert.lengthOf(yield* differing(fractions, 1e-9), 2)
    }).pipe(Effect.provide(real)),
  )

  it.effect("agrees within what its kinds declare where another machine made it", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* differing(fractions, undefined, "elsewhere"), [])
    }).pipe(Effect.provide(real)),
  )

  it.effect("differs in whole numbers and data whatever the tolerance", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* differing(whole, 1e-3, "elsewhere"), ["tensors: array n, [0]", "json: $.whole"])
    }).pipe(Effect.provide(real)),
  )
})
