import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { diskLayer } from "../../cache/disk.ts"
import { thisProcess, type Holder } from "../../cache/holder.ts"
import { Store } from "../../cache/store.ts"
import { scratch } from "./contract.ts"
import { child } from "./process.ts"
import { keyOf } from "./sample.ts"

const key = keyOf("contested")
const leasePath = (directory: string) => join(directory, "claims", key)

/** A store and its directory. */
const opened = Effect.gen(function* () {
  const directory = yield* scratch
  const store = yield* Layer.build(diskLayer(directory))
  return {
    directory,
    claim: Effect.provide(
      Effect.flatMap(Store, (store) => store.claim(key)),
      store,
    ),
  }
})

/** Leaves the lease of some holder, who last gave a sign so many seconds ago. */
const leave = (directory: string, holder: Partial<Holder>, secondsAgo = 0) => {
  writeFileSync(leasePath(directory), JSON.stringify({ ...thisProcess(crypto.randomUUID()), ...holder }))
  const then = statSync(leasePath(directory)).mtimeMs / 1000 - secondsAgo
  utimesSync(leasePath(directory), then, then)
}

describe("a claim between processes", () => {
  it.live("goes to exactly one, and once it is killed to exactly one of the others, at once", () =>
    Effect.gen(function* () {
      const { directory, claim } = yield* opened
      const children = yield* Effect.forEach(Array.from({ length: 4 }), () => child("claim", directory), {
        concurrency: 4,
      })
      const answers = yield* Effect.forEach(children, ({ said }) => said, { concurrency: 4 })
      assert.deepStrictEqual(answers.toSorted(), ["false", "false", "false", "true"])
      assert.isFalse(yield* Effect.scoped(claim))

      yield* children[answers.indexOf("true")]!.kill
      const held = yield* Effect.scoped(Effect.forEach(Array.from({ length: 20 }), () => claim, { concurrency: 20 }))
      assert.strictEqual(held.filter(Boolean).length, 1)

      const next = yield* Effect.forEach(Array.from({ length: 2 }), () => child("claim", directory), { concurrency: 2 })
      const later = yield* Effect.forEach(next, ({ said }) => said, { concurrency: 2 })
      assert.deepStrictEqual(later.toSorted(), ["false", "true"])
    }),
  )

  it.live("killed over and over is taken over each time, and leaves nothing when it is given back", () =>
    Effect.gen(function* () {
      const { directory, claim } = yield* opened
      for (let i = 0; i < 3; i++) {
        const holder = yield* child("claim", directory)
        assert.strictEqual(yield* holder.said, "true")
        yield* holder.kill
      }
      // Several takers of one dead lease in separate processes.
      const takers = yield* Effect.forEach(Array.from({ length: 3 }), () => child("claim", directory), {
        concurrency: 3,
      })
      const answers = yield* Effect.forEach(takers, ({ said }) => said, { concurrency: 3 })
      assert.deepStrictEqual(answers.toSorted(), ["false", "false", "true"])
      yield* Effect.forEach(takers, ({ kill }) => kill)
      assert.isTrue(yield* Effect.scoped(claim))
      assert.deepStrictEqual(readdirSync(join(directory, "claims")), [])
    }),
  )
})

describe("a lease left behind", () => {
  const cases: ReadonlyArray<readonly [sentence: string, holder: Partial<Holder>, secondsAgo: number, taken: boolean]> =
    [
      ["by this very process is respected", {}, 1000, false],
      ["by a pid that was used again is taken", { startTime: "1" }, 0, true],
      ["by a pid that is nobody's is taken", { pid: 2 ** 22 + 1 }, 0, true],
      ["by another host 55 s ago is respected", { host: "elsewhere", pid: 1 }, 55, false],
      ["by another host 65 s ago is taken", { host: "elsewhere", pid: 1 }, 65, true],
      ["by another machine of this name 55 s ago is respected", { bootId: "another boot", pid: 1 }, 55, false],
      ["before the machine was started again, 65 s ago, is taken", { bootId: "another boot" }, 65, true],
      [
        "by another container of this machine 55 s ago is respected",
        { namespaces: "pid:[1] time:[1]", pid: 2 ** 22 + 1 },
        55,
        false,
      ],
      ["by another container of this machine 65 s ago is taken", { namespaces: "pid:[1] time:[1]" }, 65, true],
    ]
  for (const [sentence, holder, secondsAgo, taken] of cases) {
    it.effect(sentence, () =>
      Effect.gen(function* () {
        const { directory, claim } = yield* opened
        leave(directory, holder, secondsAgo)
        assert.strictEqual(yield* Effect.scoped(claim), taken)
        assert.strictEqual(yield* Effect.scoped(claim), taken)
      }),
    )
  }

  it.effect("empty, as after a power cut, is taken", () =>
    Effect.gen(function* () {
      const { directory, claim } = yield* opened
      writeFileSync(leasePath(directory), "")
      assert.isTrue(yield* Effect.scoped(claim))
    }),
  )
})

describe("a lease that is held", () => {
  it.effect("shows a sign of life every five seconds until it is given back", () =>
    Effect.gen(function* () {
      const { directory, claim } = yield* opened
      yield* Effect.scoped(
        Effect.gen(function* () {
          assert.isTrue(yield* claim)
          for (let beat = 0; beat < 3; beat++) {
            utimesSync(leasePath(directory), 1, 1)
            yield* TestClock.adjust("4 seconds")
            assert.strictEqual(statSync(leasePath(directory)).mtimeMs, 1000)
            yield* TestClock.adjust("1 second")
            assert.isAbove(statSync(leasePath(directory)).mtimeMs, Date.now() - 60_000)
          }
        }),
      )
      assert.deepStrictEqual(readdirSync(join(directory, "claims")), [])
    }),
  )

  it.effect("and then taken by another host is neither touched nor given back", () =>
    Effect.gen(function* () {
      const { directory, claim } = yield* opened
      yield* Effect.scoped(
        Effect.gen(function* () {
          assert.isTrue(yield* claim)
          leave(directory, { host: "elsewhere" }, 30)
          const theirs = readFileSync(leasePath(directory), "utf8")
          const beaten = statSync(leasePath(directory)).mtimeMs
          yield* TestClock.adjust("5 seconds")
          assert.strictEqual(statSync(leasePath(directory)).mtimeMs, beaten)
          assert.strictEqual(readFileSync(leasePath(directory), "utf8"), theirs)
        }),
      )
      assert.isTrue(readdirSync(join(directory, "claims")).includes(key))
    }),
  )
})
