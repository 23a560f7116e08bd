// Where what a choice is made between is computed: on its own side only, whatever it shares with the rest.
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { type Block, arrange, isChoice } from "../../../stages/tensor/block.ts"
import { live } from "../../../stages/tensor/graph.ts"
import { isComputed } from "../../../stages/tensor/encode.ts"
import { type Fn, trace } from "../../../stages/tensor/trace.ts"
import { type Op, compareRoads, filled } from "./roads.ts"

type Shape = ReadonlyArray<string | { readonly yes: Shape; readonly no: Shape }>
const shapeOf = (block: Block): Shape =>
  block.map((unit) => (isChoice(unit) ? { yes: shapeOf(unit.yes), no: shapeOf(unit.no) } : unit.op))

const arranged = (fn: Fn): Shape => {
  const { outputs } = trace("block", fn, "float64", {
    x: { shape: [2], element: "float64" },
    s: { shape: [], element: "float64" },
  })
  const wanted = Object.values(outputs)
  return shapeOf(arrange(live(wanted).filter(isComputed), wanted))
}

test("what only one side needs is computed there", () => {
  expect(arranged(({ x, s }) => ({ y: tf.where(tf.greater(s!, 0), tf.exp(tf.neg(x!)), tf.tanh(x!)) }))).toEqual([
    "Greater",
    { yes: ["Neg", "Exp"], no: ["Tanh"] },
  ])
})

test("what both sides need, or others do, is computed before", () => {
  expect(arranged(({ x, s }) => ({ y: tf.where(tf.greater(s!, 0), tf.exp(tf.sin(x!)), tf.tanh(tf.sin(x!))) }))).toEqual(
    ["Greater", "Sin", { yes: ["Exp"], no: ["Tanh"] }],
  )
  expect(arranged(({ x, s }) => ({ y: tf.where(tf.greater(s!, 0), tf.exp(x!), x!), z: tf.exp(x!) }))).toEqual([
    "Greater",
    "Exp",
    { yes: [], no: [] },
  ])
})

test("choices by one condition are one, and share what their sides share", () => {
  const pair = arranged(({ x, s }) => {
    const [condition, e] = [tf.greater(s!, 0), tf.exp(x!)]
    return { a: tf.where(condition, tf.sin(e), x!), b: tf.where(condition, tf.cos(e), tf.neg(x!)) }
  })
  expect(pair).toEqual(["Greater", { yes: ["Exp", "Sin", "Cos"], no: ["Neg"] }])
})

test("a choice on one side of another is made there, and one behind another after it", () => {
  const nested = arranged(({ x, s }) => ({
    y: tf.where(tf.greater(s!, 0), tf.where(tf.greater(s!, 1), tf.exp(x!), tf.sin(x!)), x!),
  }))
  expect(nested).toEqual(["Greater", { yes: ["Greater", { yes: ["Exp"], no: ["Sin"] }], no: [] }])
  const behind = arranged(({ x, s }) => {
    const condition = tf.greater(s!, 0)
    const first = tf.where(condition, tf.exp(x!), x!)
    return { first, second: tf.where(condition, tf.sin(first), tf.cos(x!)) }
  })
  expect(behind).toEqual(["Greater", { yes: ["Exp"], no: [] }, { yes: ["Sin"], no: ["Cos"] }])
})

test("single numbers are chosen without a branch", () => {
  expect(arranged(({ s }) => ({ y: tf.where(tf.greater(s!, 0), tf.exp(s!), tf.neg(s!)) }))).toEqual([
    "Greater",
    "Exp",
    "Neg",
    "Where",
  ])
})

/** Random functions of x and three conditions: each line applies an op or a choice to earlier values. */
const line = fc.tuple(fc.nat(5), fc.nat(100), fc.nat(100), fc.nat(2))
const program =
  (lines: ReadonlyArray<readonly [number, number, number, number]>): Op =>
  (x, s) => {
    const known = [x!, tf.neg(x!)]
    const conditions = [tf.greater(s!, 0), tf.greater(s!, 0.5), tf.less(s!, -0.5)]
    for (const [op, i, j, c] of lines) {
      const [a, b] = [known[i % known.length]!, known[j % known.length]!]
      known.push(
        op === 0
          ? tf.sin(a)
          : op === 1
            ? tf.add(a, b)
            : op === 2
              ? tf.mul(tf.tanh(a), b)
              : tf.where(conditions[c]!, a, b),
      )
    }
    return tf.addN(known.slice(-3).map((v) => tf.tanh(v)))
  }

test("any tangle of choices gives what it gives element by element in TF.js, gradients included", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 3, maxLength: 14 }), fc.nat(50), async (lines, seed) => {
      await compareRoads("tangle", program(lines), [filled(seed, [3], -1, 1), filled(seed + 1, [], -1, 1)], false)
    }),
    { seed: 5, numRuns: 40 },
  )
})
