// Weights in packs and back: numbers and tensors are cut at the same places, and large arrays are left as they are.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensors } from "../../../pipeline/stage.ts"
import { movedBy, pack, packed, shapesOf, unpack, zerosLike } from "../../../stages/dynamics/pack.ts"
import { jit } from "../../../stages/tensor/jit.ts"

const small: Tensors = {
  W0: { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
  B0: { shape: [3], data: Float64Array.of(7, 8, 9) },
  W2: { shape: [3, 1], data: Float64Array.of(10, 11, 12) },
}
const large = { shape: [128, 128], data: Float64Array.from({ length: 128 ** 2 }, (_, i) => i / 4) }
const arrays: Tensors = { W0: small["W0"]!, W1: large, B0: small["B0"]!, W2: small["W2"]! }

const doubled = Object.fromEntries(
  Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => 2 * x) }]),
)

test("small arrays stand one after the other in one vector, and large ones by themselves", () => {
  const packs = packed(arrays)
  expect(packs["W1"]).toBe(large)
  expect(Object.values(packs).filter((each) => each !== large)).toEqual([
    { shape: [12], data: Float64Array.from({ length: 12 }, (_, i) => i + 1) },
  ])
  expect(Object.values(packed({ W1: large }))).toEqual([large])
})

test("packs move each array where it stands", () => {
  const packs = packed(arrays)
  expect(movedBy(arrays, packs)).toEqual(doubled)
  const single = Object.fromEntries(
    Object.entries(packs).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  )
  expect(movedBy(arrays, single)).toEqual(doubled)
  expect(movedBy(arrays, zerosLike(packs))).toEqual(arrays)
})

test("tensors are packed and unpacked as numbers are", async () => {
  const shapes = shapesOf(arrays)
  const there = jit("packs", (given: Record<string, tf.Tensor>) => pack(given, shapes), { dtype: "float64" })
  expect(await there(arrays)).toEqual(packed(arrays))
  const back = jit("arrays", (given: Record<string, tf.Tensor>) => ({ ...unpack(given, shapes) }), { dtype: "float64" })
  expect(await back(packed(arrays))).toEqual(arrays)
})
