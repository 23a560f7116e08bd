// A lock as text and back, and in what two of them differ: to the bit on one machine, in numbers on two.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Digest, Key } from "../../../cache/digest.ts"
import { decodeLock, encodeLock, type Lock } from "../../../pipeline/verify/lock.ts"
import { lockDifferences, toleranceBetween } from "../../../pipeline/verify/lock-difference.ts"
import { lockDiffers, lockSummary } from "../../../pipeline/verify/message.ts"

const digest = (letter: string): Digest => letter.repeat(64) as Digest
const key = (letter: string): Key => letter.repeat(64) as Key
const lock: Lock = {
  v: 2,
  spec: "specs/x.ts",
  settings: { scale: "quick" },
  machine: { platform: "linux-x64", node: "24", processor: "One" },
  tolerance: 1e-3,
  nodes: {
    fit: { key: key("a"), outputs: { summary: digest("b"), weights: digest("c") } },
    "source/data": { key: null, outputs: { bytes: digest("d") } },
  },
  checks: { slope: { measured: -1.02, spread: 0.05, verdict: "agrees", expects: "-1 ± 0.08" } },
  tables: { "fit:summary": { name: ["slope", "rest"], value: [-1.02, "NaN"] } },
}
const elsewhere: Lock = { ...lock, machine: { ...lock.machine, processor: "Another" } }
const checked = (
  measured: number | null,
  verdict: Lock["checks"][string]["verdict"],
  spread: number | null = 0.05,
): Lock => ({ ...lock, checks: { slope: { measured, spread, verdict, expects: "-1 ± 0.08" } } })
const told = (made: Lock, tolerance: number): ReadonlyArray<string> =>
  lockDifferences(lock, made, tolerance).map((each) => lockDiffers(each, []))

describe("the text of a lock", () => {
  it("has a line for every node, check and column, so that a change is a changed line", () => {
    assert.strictEqual(
      encodeLock(lock),
      `{
"v": 2,
"spec": "specs/x.ts",
"settings": {"scale":"quick"},
"machine": {"platform":"linux-x64","node":"24","processor":"One"},
"tolerance": 0.001,
"nodes": {
  "fit": {"key":"${key("a")}","outputs":{"summary":"${digest("b")}","weights":"${digest("c")}"}},
  "source/data": {"key":null,"outputs":{"bytes":"${digest("d")}"}}
},
"checks": {
  "slope": {"measured":-1.02,"spread":0.05,"verdict":"agrees","expects":"-1 ± 0.08"}
},
"tables": {
  "fit:summary": {
    "name": ["slope","rest"],
    "value": [-1.02,"NaN"]
  }
}
}
`,
    )
  })

  it.effect("is read as it was written, with nothing in it, too", () =>
    Effect.gen(function* () {
      const empty = { ...lock, nodes: {}, checks: {}, tables: {} }
      for (const each of [lock, empty]) assert.deepStrictEqual(yield* decodeLock(encodeLock(each)), each)
    }),
  )

  it.effect("is refused where it is torn, of another version, or says what cannot be", () =>
    Effect.gen(function* () {
      for (const text of [
        encodeLock(lock).slice(0, 300),
        encodeLock(lock).replace('"v": 2', '"v": 3'),
        encodeLock(lock).replace(key("a"), "a"),
        "[]",
      ])
        yield* Effect.flip(decodeLock(text))
    }),
  )
})

describe("two locks", () => {
  it("of one machine are compared to the bit, of two as the lock says, and either as asked", () => {
    assert.strictEqual(toleranceBetween(lock, lock, undefined), 0)
    assert.strictEqual(toleranceBetween({ ...lock, tolerance: 0.1 }, elsewhere, undefined), 0.1)
    for (const made of [lock, elsewhere]) assert.strictEqual(toleranceBetween(lock, made, 1e-6), 1e-6)
    for (const tolerance of [0, 1e-3]) assert.deepStrictEqual(told(lock, tolerance), [])
  })

  it("differ in what one of them does not have, whatever the tolerance", () => {
    const other = {
      ...lock,
      nodes: { "source/data": lock.nodes["source/data"]!, more: lock.nodes["fit"]! },
      checks: {},
      tables: {},
    }
    assert.deepStrictEqual(told(other, 1), [
      "missing node fit: it is in the lock, but no longer in the results",
      "new     node more: it is not in the lock",
      "missing table fit:summary: it is in the lock, but no longer in the results",
      "missing check slope: it is in the lock, but no longer in the results",
    ])
  })

  it("differ in the outputs of an equal key, and in another key, on one machine only", () => {
    const { fit, ...rest } = lock.nodes
    const bytes = { ...lock, nodes: { ...rest, fit: { ...fit!, outputs: { ...fit!.outputs, weights: digest("e") } } } }
    assert.deepStrictEqual(told(bytes, 0), ["output  fit: weights cccccccccccc → eeeeeeeeeeee"])
    const meaning = { ...lock, nodes: { ...rest, fit: { key: key("f"), outputs: {} } } }
    assert.deepStrictEqual(told(meaning, 0), [
      "key     fit: aaaaaaaaaaaa → ffffffffffff; this store does not know how the locked key was made",
    ])
    for (const made of [bytes, meaning]) assert.deepStrictEqual(told(made, 1e-9), [])
  })

  it("differ in the bytes of a source everywhere", () => {
    const made = { ...lock, nodes: { ...lock.nodes, "source/data": { key: null, outputs: { bytes: digest("0") } } } }
    for (const tolerance of [0, 1])
      assert.deepStrictEqual(told(made, tolerance), ["output  source/data: bytes dddddddddddd → 000000000000"])
  })

  it("differ in the values of tables beyond the tolerance", () => {
    const made = { ...lock, tables: { "fit:summary": { name: ["slope", "rest"], value: [-1.021, "NaN"] } } }
    assert.deepStrictEqual(told(made, 1e-2), [])
    assert.deepStrictEqual(told(made, 1e-6), [
      "table   fit:summary: column value, row 0: -1.02 → -1.021 (relative difference 0.00098)",
    ])
  })

  it("differ in a verdict, and in a value beyond tolerance and interval", () => {
    assert.deepStrictEqual(told(checked(-1.02, "contradicts"), 1), ["check   slope: agrees -1.02 → contradicts -1.02"])
    assert.deepStrictEqual(told(checked(-1.06, "agrees"), 1e-3), [])
    assert.lengthOf(told(checked(-1.08, "agrees"), 1e-3), 1)
    assert.lengthOf(told(checked(-1.0200001, "agrees"), 0), 1)
    assert.lengthOf(told(checked(null, "not judged", null), 1), 1)
  })

  it("differ in an expectation that was loosened, changed or withdrawn, whatever the numbers are", () => {
    const loosened = { ...lock, checks: { slope: { ...lock.checks["slope"]!, expects: "-1 ± 0.5" } } }
    assert.deepStrictEqual(told(loosened, 1), ["check   slope: expects -1 ± 0.5; the lock has -1 ± 0.08"])
    assert.deepStrictEqual(told({ ...lock, checks: {} }, 1), [
      "missing check slope: it is in the lock, but no longer in the results",
    ])
  })

  it("are summed up in a line", () => {
    const outcome = { lock: "specs/x.lock.json", tolerance: 0, oneMachine: true, differences: 0, seconds: 1.23 }
    assert.strictEqual(
      lockSummary(lock, outcome),
      "2 nodes, 1 check, 1 table compared with specs/x.lock.json: no difference, bit for bit · 1.2 s",
    )
    assert.strictEqual(
      lockSummary(lock, { ...outcome, tolerance: 1e-3, oneMachine: false, differences: 2 }),
      "2 nodes, 1 check, 1 table compared with specs/x.lock.json, which was made on linux-x64, Node 24, One: 2 " +
        "differences, numbers within 0.001 · 1.2 s",
    )
  })
})
