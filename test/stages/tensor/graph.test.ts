// What a traced function looks like: nothing twice, nothing unused, the same bytes everywhere, few passes.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { Worker } from "node:worker_threads"
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { constant } from "../../../stages/tensor/constant.ts"
import { encode } from "../../../stages/tensor/encode.ts"
import { fuse } from "../../../stages/tensor/fuse.ts"
import { type Dtype, live } from "../../../stages/tensor/graph.ts"
import { type Fn, trace } from "../../../stages/tensor/trace.ts"

type Shapes = Readonly<Record<string, ReadonlyArray<number>>>

const traced = (fn: Fn, shapes: Shapes, dtype: Dtype = "float64"): ReturnType<typeof trace> =>
  trace(
    "graph",
    fn,
    dtype,
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape, element: dtype }])),
  )

/** The operators that remain, in order; those over `shape` only when it is given. */
const operators = (outputs: ReturnType<typeof fuse>, shape?: ReadonlyArray<number>): ReadonlyArray<string> =>
  live(Object.values(outputs))
    .filter((v) => !["Input", "Constant"].includes(v.op) && (shape === undefined || v.shape.join() === shape.join()))
    .map((v) => v.op)

const layer: Fn = ({ x, w, b }) => {
  const slopes = tf.grads((x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => {
    const u = tf.add(tf.mul(tf.matMul(x, w), constant(1 / Math.sqrt(3))), b)
    return tf.sum(tf.mul(tf.softplus(tf.mul(u, 5)), constant(0.28)))
  })([x!, w!, b!])
  return { x: slopes[0]!, w: slopes[1]!, b: slopes[2]! }
}

test("equal expressions are computed once, and unused ones never", () => {
  const { outputs } = traced(
    ({ x }) => {
      tf.exp(tf.neg(x!))
      return { a: tf.add(tf.exp(x!), tf.exp(x!)), b: tf.exp(x!) }
    },
    { x: [2, 3] },
  )
  expect(operators(outputs)).toEqual(["Exp", "Add"])
})

test("softplus and its gradient share one exponential", () => {
  const { outputs } = traced(({ x }) => ({ y: tf.softplus(x!), g: tf.grad((x) => tf.softplus(x))(x!) }), { x: [4] })
  expect(operators(outputs)).toEqual(["Min", "Exp", "Add", "Log", "Max", "Div"])
})

test("multiplying by ones and adding zeros leaves no node", () => {
  const { outputs } = traced(({ x }) => ({ y: tf.add(tf.mul(x!, tf.ones([2, 3])), tf.zeros([2, 3])) }), { x: [2, 3] })
  expect(operators(outputs)).toEqual([])
})

test("scales leave the batch for the smallest matrix, and the bias goes into the product", () => {
  const graph = traced(layer, { x: [50, 3], w: [3, 4], b: [4] })
  expect(operators(fuse(graph), [50, 4])).toEqual(["Gemm", "Min", "Exp", "Add", "Div"])
})

test("a product that is also read unscaled is not computed twice", () => {
  const graph = traced(
    ({ a, b }) => {
      const product = tf.matMul(a!, b!)
      return { product, scaled: tf.tanh(tf.mul(product, constant(0.3))) }
    },
    { a: [5, 2], b: [2, 3] },
  )
  expect(operators(fuse(graph))).toEqual(["Gemm", "Mul", "Tanh"])
})

test("a product with bias that is read under two scales is not computed twice", () => {
  const graph = traced(
    ({ a, b, c }) => {
      const u = tf.add(tf.matMul(a!, b!), c!)
      return { twice: tf.tanh(tf.mul(u, constant(0.3))), thrice: tf.tanh(tf.mul(u, constant(0.7))) }
    },
    { a: [5, 2], b: [2, 3], c: [3] },
  )
  expect(operators(fuse(graph)).filter((op) => op === "Gemm")).toEqual(["Gemm"])
})

test("a sum of scaled products is two Gemms", () => {
  const graph = traced(
    ({ a, b, c }) => ({ y: tf.mul(tf.add(tf.matMul(a!, b!), tf.mul(tf.matMul(a!, c!), 3)), constant(0.3)) }),
    { a: [50, 2], b: [2, 3], c: [2, 3] },
  )
  expect(operators(fuse(graph), [50, 3])).toEqual(["Gemm", "Gemm"])
})

test("float64 scales that are no float32 stay out of attributes", () => {
  const outputs = fuse(traced(layer, { x: [50, 3], w: [3, 4], b: [4] }))
  const alphas = live(Object.values(outputs)).flatMap(({ attributes }) =>
    attributes["alpha"] ? [attributes["alpha"]] : [],
  )
  for (const alpha of alphas) expect("f" in alpha && Math.fround(alpha.f) === alpha.f).toBe(true)
})

const digest = (): string => {
  const graph = traced(layer, { x: [50, 3], w: [3, 4], b: [4] })
  return createHash("sha256")
    .update(encode(graph.inputs, fuse(graph)))
    .digest("hex")
}

test("the bytes do not depend on what was traced before, nor on the order of the inputs", () => {
  const first = digest()
  traced(({ x }) => ({ y: tf.exp(x!) }), { x: [1] })
  const { inputs, ...reordered } = traced(layer, { b: [4], w: [3, 4], x: [50, 3] })
  expect(digest()).toBe(first)
  expect(
    createHash("sha256")
      .update(encode(inputs, fuse({ inputs, ...reordered })))
      .digest("hex"),
  ).toBe(first)
})

const jitUrl = new URL("../../../stages/tensor/jit.ts", import.meta.url).href
const elsewhere = `
  const { jit } = await import(${JSON.stringify(jitUrl)})
  const tf = await import("@tensorflow/tfjs-core")
  const f = jit("elsewhere", ({ x }) => ({ y: tf.grad((x) => tf.softplus(tf.mul(x, x)))(x) }), { dtype: "float64" })
  const { y } = await f({ x: { shape: [3], data: Float64Array.from([0.1, -2, 3]) } })
  const bits = Buffer.from(y.data.buffer, y.data.byteOffset, y.data.byteLength).toString("hex")`

test("another process ends by itself, prints nothing else, and gets the same bits as a worker thread", async () => {
  const cwd = new URL("../../..", import.meta.url).pathname
  const printed = execFileSync(
    process.execPath,
    ["--input-type=module", "-e", `${elsewhere}; process.stdout.write(bits)`],
    { cwd, encoding: "utf8" },
  )
  const threads = [1, 2].map(
    () =>
      new Promise<string>((resolve, reject) => {
        const body = `(async () => {${elsewhere}; require("node:worker_threads").parentPort.postMessage(bits) })()`
        const worker = new Worker(body, { eval: true })
        worker.once("message", resolve)
        worker.once("error", reject)
      }),
  )
  expect(await Promise.all(threads)).toEqual([printed, printed])
  expect(printed).toMatch(/^[0-9a-f]{48}$/)
})
