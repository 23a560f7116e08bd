// Moves scales and biases in a traced graph to where they cost least. TF.js code and its gradients scale whole batches,
// (n, h) numbers at a time. With a product of matrices, the scale can move to the smallest of its three matrices, or
// into Gemm's alpha. The scale of a convolution can move into its filter. Biases become Gemm's third operand. Only
// rounding in the last bit changes. Knows nothing about bytes.
import { type Graph, NCHWC, type Value, live } from "./graph.ts"
import { pointwise, scalar, uniform } from "./ops/build.ts"
import type { Traced } from "./trace.ts"

/** Stands for scale * value + bias. */
interface Scaled {
  readonly value: Value
  readonly scale: number
  readonly bias?: Scaled
  /** Whether only this entry reads `value`. Then `value` may be replaced and is not computed twice. */
  readonly free: boolean
}

/** Ops that are linear in each of their float inputs, so a scale may pass them. */
const LINEAR = new Set([
  "Mul",
  "Gemm",
  "Neg",
  "ReduceSum",
  "ReduceMean",
  "Reshape",
  "Transpose",
  ...["Conv", "ReorderInput", "ReorderOutput"].map((op) => `${NCHWC}.${op}`),
])

const size = (v: Value): number => v.shape.reduce((a, b) => a * b, 1)
const sameShape = (a: Value, b: Value): boolean => a.shape.join() === b.shape.join()

/** If a value is written as c * x: the number c and the value x. */
const factor = (v: Value): readonly [number, Value] | undefined => {
  if (v.op === "Neg") return [-1, v.inputs[0]!]
  if (v.op !== "Mul") return undefined
  for (const [constant, x] of [v.inputs, v.inputs.toReversed()]) {
    const c = uniform(constant!)
    // Outside this range a scale is a mask or a mistake, not arithmetic, so the scale stays where it is.
    if (c !== undefined && Math.abs(c) > 1e-12 && Math.abs(c) < 1e12 && sameShape(x!, v)) return [c, x!]
  }
  return undefined
}

/** An ONNX attribute is a float32: in a float64 graph a scale may become alpha only if float32 holds it exactly. */
const fitsAlpha = (graph: Graph, scale: number): boolean => graph.dtype === "float32" || Math.fround(scale) === scale

const times = (graph: Graph, value: Value, scale: number): Value =>
  scale === 1 ? value : pointwise(graph, "Mul", [value, scalar(graph, scale)])

const settleGemm = (graph: Graph, { value, scale, bias }: Scaled): Value => {
  const [a, b] = value.inputs as readonly [Value, Value]
  const rest = bias === undefined ? [] : [settle(graph, bias)]
  if (fitsAlpha(graph, scale))
    return graph.node("Gemm", [a, b, ...rest], value, { ...value.attributes, alpha: { f: scale } })
  if (bias === undefined && size(value) <= Math.min(size(a), size(b))) return times(graph, value, scale)
  const operands = size(a) < size(b) ? [times(graph, a, scale), b] : [a, times(graph, b, scale)]
  return graph.node("Gemm", [...operands, ...rest], value, value.attributes)
}

/** A blocked convolution with its scale in its filter, if the filter is smaller than the result. */
const settleConvolution = (graph: Graph, value: Value, scale: number): Value => {
  const [made] = value.inputs as readonly [Value]
  const [x, filter] = made.inputs as readonly [Value, Value]
  if (size(filter) >= size(value)) return times(graph, value, scale)
  const scaled = graph.node(made.op, [x, times(graph, filter, scale)], made, made.attributes)
  return graph.node(value.op, [scaled], value, value.attributes)
}

/** The value with its scale multiplied in and its bias added. */
const settle = (graph: Graph, scaled: Scaled): Value => {
  const { value, scale, bias, free } = scaled
  // Nothing but this value reads the convolution whose blocks it puts in order.
  if (value.op === `${NCHWC}.ReorderOutput` && free && scale !== 1) return settleConvolution(graph, value, scale)
  if (bias === undefined && (scale === 1 || value.op !== "Gemm" || !free)) return times(graph, value, scale)
  return settleGemm(graph, scaled)
}

const scaledBy = (by: number, { bias, scale, ...rest }: Scaled): Scaled => ({
  ...rest,
  ...(bias && { bias: scaledBy(by, bias) }),
  scale: scale * by,
})

/** The product with one more bias. If the product has a bias already, that bias takes the new one. */
const biased = (product: Scaled, bias: Scaled): Scaled => ({
  ...product,
  bias: product.bias === undefined ? bias : biased(product.bias, bias),
})

/**
 * Whether a product can take another bias. A product takes one bias; a bias that is a product itself takes the next.
 */
const hasRoom = ({ value, bias, free }: Scaled): boolean =>
  value.op === "Gemm" && free && (bias === undefined || hasRoom(bias))

/** Computes the same outputs with fewer passes over large arrays. Inputs stay the same values. */
export const fuse = ({ graph, outputs }: Traced): Readonly<Record<string, Value>> => {
  const values = live(Object.values(outputs))
  const wanted = new Set(Object.values(outputs))
  const readers = new Map<Value, Value[]>(values.map((v) => [v, []]))
  for (const v of values) for (const x of v.inputs) readers.get(x)!.push(v)
  const done = new Map<Value, Scaled>()
  const settled = (scaled: Scaled): Scaled => ({ value: settle(graph, scaled), scale: 1, free: false })
  const alone = (v: Value): boolean => done.get(v)!.free && readers.get(v)!.length === 1

  const takesBias = (sum: Value, x: Value, product: Scaled): boolean =>
    sum.op === "Add" && hasRoom(product) && readers.get(x)!.length === 1 && sameShape(sum, x)

  const takesScale = (reader: Value, x: Value, scaled: Scaled): boolean => {
    // With a bias, each reader would compute its own product.
    if (scaled.bias !== undefined)
      return readers.get(x)!.length === 1 && (factor(reader) !== undefined || takesBias(reader, x, scaled))
    return LINEAR.has(reader.op) || takesBias(reader, x, scaled)
  }

  const add = (sum: Value): Scaled | undefined => {
    const [a, b] = sum.inputs as readonly [Value, Value]
    for (const [x, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const product = done.get(x)!
      const bias = done.get(other)!
      if (!takesBias(sum, x, product)) continue
      return biased(product, bias.bias === undefined ? { ...bias, free: alone(other) } : settled(bias))
    }
    return undefined
  }

  const rewrite = (v: Value): Scaled => {
    if (v.inputs.length === 0) return { value: v, scale: 1, free: false }
    const scaling = v.element === graph.dtype ? factor(v) : undefined
    if (scaling !== undefined) {
      const [by, x] = scaling
      return { ...scaledBy(by, done.get(x)!), free: alone(x) }
    }
    const sum = v.op === "Add" && v.element === graph.dtype ? add(v) : undefined
    if (sum !== undefined) return sum
    const carried = LINEAR.has(v.op) && v.element === graph.dtype
    const inputs = v.inputs.map((x) => done.get(x)!)
    const scale = carried ? inputs.reduce((product, x) => product * x.scale, 1) : 1
    return {
      value: graph.node(
        v.op,
        inputs.map((x) => (carried ? x.value : settle(graph, x))),
        v,
        v.attributes,
      ),
      scale,
      free: true,
    }
  }

  for (const v of values) {
    const scaled = rewrite(v)
    const travels = !wanted.has(v) && readers.get(v)!.every((reader) => takesScale(reader, v, scaled))
    done.set(v, travels ? scaled : settled(scaled))
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, v]) => [name, done.get(v)!.value]))
}
