// Whether one node has to run, and why; and how two that want the same share one run of it.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { digestOf, type Key } from "../../../cache/digest.ts"
import { MemoryStore } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import { node, source, type StageNode } from "../../../pipeline/node.ts"
import { provenanceOf } from "../../../pipeline/run/provenance.ts"
import { Json } from "../../../pipeline/stage.ts"
import { decide, step } from "../../../pipeline/run/step.ts"
import { cap, divide, draw, given, wide } from "../../support/arithmetic.ts"
import { directoryOf } from "../../support/directory.ts"
import { contextOf, keyFor, Notes, outcomes, ranNow, runNodes, world, type Setting } from "../../support/engine.ts"

const one = node(given, { value: 1 }, {})
const stepOf = (node: StageNode, setting: Setting = {}) =>
  Effect.flatMap(contextOf(setting), (context) => step(node, {}, context))
const reasonOf = (node: StageNode, setting: Setting = {}) =>
  Effect.map(
    Effect.flatMap(contextOf(setting), (context) => decide(node, {}, context)),
    (decision) => (decision._tag === "Run" ? decision.reason : decision._tag),
  )
/** As the journal would tell the next run. */
const remember = (key: Key): Setting => ({ lastKeys: new Map([["given", key]]) })

describe("step", () => {
  it.effect("records nothing where a package was changed before the node ran", () =>
    Effect.gen(function* () {
      const { changed } = yield* Notes
      changed.add("given")
      const error = yield* Effect.flip(stepOf(one))
      changed.clear()
      assert.deepInclude(error, { _tag: "SpecError", reason: "CodeChanged" })
      assert.deepStrictEqual(yield* reasonOf(one), { _tag: "FirstRun" })
    }).pipe(Effect.provide(world)),
  )

  it.effect(
    "records nothing where a data file of the node changed while it ran, and the next run takes the new one",
    () =>
      Effect.gen(function* () {
        const directory = directoryOf({ number: "5" })
        const capped = node(
          cap,
          { limit: 100 },
          { term: { ...source({ path: join(directory, "number") }).out.bytes, kind: Json } },
        )
        const notes = yield* Notes
        notes.inside.set(
          "cap",
          Effect.sync(() => writeFileSync(join(directory, "number"), "7")),
        )
        const how = (yield* runNodes([capped])).get(capped)
        assert.deepInclude(how?._tag === "Failed" ? how.error : how, { _tag: "SpecError", reason: "DataAltered" })
        notes.inside.clear()
        const again = (yield* runNodes([capped])).get(capped)
        if (again?._tag !== "Done") return assert.fail(again?._tag)
        assert.deepStrictEqual([again.outcome, again.outputs[0]!.digest], ["run", digestOf("7")])
      }).pipe(Effect.provide(world)),
  )
})

describe("decide", () => {
  it.effect("says of a node that never ran that it is its first run", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* reasonOf(one), { _tag: "FirstRun" })
    }).pipe(Effect.provide(world)),
  )

  it.effect("names the param that changed since the last time, and the code", () =>
    Effect.gen(function* () {
      const { key } = yield* stepOf(one)
      assert.deepStrictEqual(yield* reasonOf(node(given, { value: 2 }, {}), remember(key)), {
        _tag: "Changed",
        differences: [{ path: "params.value", before: "1", after: "2" }],
      })
      const reason = yield* reasonOf(one, { ...remember(key), code: "edited" })
      assert.deepStrictEqual(
        typeof reason === "object" && reason._tag === "Changed" ? reason.differences.map((each) => each.path) : [],
        ["code"],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("calls what is as it was long ago a hit, whatever was between", () =>
    Effect.gen(function* () {
      yield* stepOf(one)
      const { key } = yield* stepOf(node(given, { value: 2 }, {}))
      assert.strictEqual(yield* reasonOf(one, remember(key)), "Hit")
    }).pipe(Effect.provide(world)),
  )

  it.effect("names the outputs that are lost, and only those", () =>
    Effect.gen(function* () {
      const seven = node(given, { value: 7 }, {})
      const parts = node(divide, { by: 4 }, { term: seven.out.value })
      const settled = yield* runNodes([parts])
      const how = settled.get(parts)!
      if (how._tag !== "Done") return assert.fail(how._tag)
      yield* (yield* MemoryStore).damage(how.outputs[1]!.digest)
      yield* ranNow
      assert.deepStrictEqual(outcomes(yield* runNodes([parts])), { given: "hit", divide: "run" })
      const started = (yield* Notes).events.findLast((event) => event._tag === "NodeStarted")
      assert.deepStrictEqual(started?.reason, { _tag: "Lost", outputs: ["remainder"] })
    }).pipe(Effect.provide(world)),
  )

  it.effect("says that the record is lost where the same key ran the last time", () =>
    Effect.gen(function* () {
      const { key } = yield* stepOf(one)
      yield* (yield* MemoryStore).scribble(key, new Uint8Array())
      assert.deepStrictEqual(yield* reasonOf(one, remember(key)), { _tag: "Lost", outputs: ["its record"] })
    }).pipe(Effect.provide(world)),
  )

  it.effect("does without the provenance of the last time where that is lost", () =>
    Effect.gen(function* () {
      const { key } = yield* stepOf(one)
      const record = Option.getOrThrow(yield* (yield* Store).record(key))
      yield* (yield* MemoryStore).drop(record.provenance.digest)
      assert.deepStrictEqual(yield* reasonOf(node(given, { value: 2 }, {}), remember(key)), { _tag: "FirstRun" })
    }).pipe(Effect.provide(world)),
  )
})

/** Two nodes of one key, neither of which is done before the other begins. */
const slowTwins = Effect.map(Notes, ({ inside }) =>
  [0, 1].map((id) => {
    const twin = node(given, { value: 1 }, {}, { id })
    inside.set(twin.name, Effect.yieldNow)
    return twin
  }),
)

describe("step", () => {
  it.effect("hands the executor a job of plain data, with the seed only where the stage draws", () =>
    Effect.gen(function* () {
      yield* stepOf(one, { timeout: 9 })
      yield* stepOf(node(draw, { sides: 6 }, {}))
      const [first, second] = (yield* Notes).jobs
      assert.deepStrictEqual(first, {
        node: "given",
        stage: { name: "given" },
        code: digestOf("code"),
        map: digestOf("code"),
        packages: digestOf("code"),
        root: "",
        params: { value: 1 },
        inputs: {},
        seed: 0,
        environment: {},
        timeout: 9,
        memory: null,
      })
      assert.isAbove(second!.seed, 0)
      assert.strictEqual(second!.timeout, null)
      yield* stepOf(node(wide, { value: 1 }, {}))
      assert.strictEqual((yield* Notes).jobs[2]!.memory, 1.5e6)
    }).pipe(Effect.provide(world)),
  )

  it.effect("keeps how the record came to be", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-01-02T03:04:05Z"))
      const { key } = yield* stepOf(one)
      const { node: name, seconds, peakMemory, finished, parts } = Option.getOrThrow(yield* provenanceOf(key))
      assert.deepStrictEqual(
        { name, seconds, peakMemory, finished, params: parts.params },
        { name: "given", seconds: 1, peakMemory: 1000, finished: "2026-01-02T03:04:05.000Z", params: { value: 1 } },
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("two nodes of one key run once, and the other joins", () =>
    Effect.gen(function* () {
      const twins = yield* slowTwins
      const running = yield* Effect.forkChild(runNodes(twins))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(Object.values(outcomes(yield* Fiber.join(running))).sort(), ["joined", "run"])
      assert.strictEqual((yield* ranNow).length, 1)
    }).pipe(Effect.provide(world)),
  )

  it.effect("two nodes of one key run once in one slot, too", () =>
    Effect.gen(function* () {
      const twins = yield* slowTwins
      assert.deepStrictEqual(Object.values(outcomes(yield* runNodes(twins, { jobs: 1 }))).sort(), ["joined", "run"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("the first record of a key stays: who comes second gives what the first made", () =>
    Effect.gen(function* () {
      const { outputs } = yield* stepOf(node(given, { value: 2 }, {}))
      const store = yield* Store
      // Another run, whose lease we never saw, finishes while we compute.
      const { key } = yield* stepOf(node(given, { value: 2 }, {}))
      const record = Option.getOrThrow(yield* store.record(key))
      const context = yield* contextOf()
      const wanted = yield* keyFor(one, context)
      ;(yield* Notes).inside.set("given", Effect.asVoid(store.publish(wanted, record)))
      assert.deepStrictEqual((yield* step(one, {}, context)).outputs, outputs)
    }).pipe(Effect.provide(world)),
  )
})
