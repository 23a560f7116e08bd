// Which convolutions are computed in blocks, and on which machines.
import { execFileSync, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { channelBlock, traceInBlocks } from "../../../stages/tensor/channel-block.ts"
import { formsOf } from "../../../stages/tensor/program.ts"
import { live } from "../../../stages/tensor/graph.ts"
import { type Fn, trace } from "../../../stages/tensor/trace.ts"
import { tolerance } from "../../support/tolerance.ts"
import { filled } from "./roads.ts"

const opsOf = (channelBlock: number | undefined, dtype: "float32" | "float64"): ReadonlyArray<string> => {
  const inputs = { x: filled(1, [2, 4, 4, 20]), w: filled(2, [3, 3, 20, 20]), one: filled(3, [1, 1, 20, 20]) }
  const { outputs } = trace(
    "convolved",
    ({ x, w, one }) => ({
      y: tf.conv2d(tf.conv2d(x as tf.Tensor4D, one as tf.Tensor4D, 1, "same"), w as tf.Tensor4D, 1, "same"),
    }),
    dtype,
    formsOf(inputs),
    channelBlock,
  )
  return live(Object.values(outputs)).map(({ op }) => op)
}

test("a processor has blocks of 16 channels, of 8, or none; those with AVX2 or AVX-512 have some", async () => {
  const size = await channelBlock()
  expect([16, 8, undefined]).toContain(size)
  if (process.arch === "x64") expect(size).toBeDefined()
})

const convolved: Fn = ({ x, w }) => ({ y: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same") })

test("float64 has no blocks, nor has a function that does not want them or has no convolution", async () => {
  const inputs = { x: filled(1, [2, 4, 4, 20]), w: filled(2, [3, 3, 20, 20]) }
  const sizeOf = async (dtype: "float32" | "float64", wanted: boolean, fn = convolved) =>
    (await traceInBlocks("function", fn, dtype, formsOf(inputs), wanted)).graph.channelBlock
  expect(await sizeOf("float32", true)).toBe(await channelBlock())
  expect(await sizeOf("float32", false)).toBeUndefined()
  expect(await sizeOf("float64", true)).toBeUndefined()
  expect(await sizeOf("float32", true, ({ x }) => ({ y: tf.tanh(x!) }))).toBeUndefined()
})

test("a convolution is in blocks where there are blocks, and a product of matrices if its filter is one pixel", () => {
  const inBlocks = opsOf(16, "float32")
  expect(inBlocks.filter((op) => op === "com.microsoft.nchwc.Conv")).toHaveLength(1)
  expect(inBlocks).toContain("Gemm")
  for (const ops of [opsOf(undefined, "float32"), opsOf(undefined, "float64")])
    expect(ops.filter((op) => op.startsWith("com.microsoft"))).toEqual([])
})

const script = fileURLToPath(new URL("blocks.ts", import.meta.url))
const told = (command: string, ...args: ReadonlyArray<string>): { readonly block: number; readonly error: number } =>
  JSON.parse(execFileSync(command, [...args, script], { encoding: "utf8" })) as { block: number; error: number }

test("on this processor convolutions in blocks agree with float64", () => {
  expect(told(process.execPath).error).toBeLessThan(tolerance.float32.gradient)
})

test("on a processor with AVX2 and without AVX-512 a block has 8 channels, and convolutions agree with float64", ({
  skip,
}) => {
  if (process.arch !== "x64" || spawnSync("qemu-x86_64", ["--version"]).status !== 0) return skip("qemu is not here")
  const { block, error } = told("qemu-x86_64", "-cpu", "max,-avx512f", process.execPath)
  expect(block).toBe(8)
  expect(error).toBeLessThan(tolerance.float32.gradient)
}, 120_000)
