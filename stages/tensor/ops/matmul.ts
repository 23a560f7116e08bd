// Matrix products. A product of two matrices becomes one Gemm, which can transpose and can take a bias (see fuse.ts).
// Knows nothing about layers.
import type { _FusedMatMulAttrs, BatchMatMulAttrs } from "@tensorflow/tfjs-core"
import { Refusal } from "../error.ts"
import type { Graph, Value } from "../graph.ts"
import { add, arithmetic } from "./arithmetic.ts"
import { type Binary, type Family, type Lowering } from "./build.ts"
import { exponentials } from "./exponential.ts"

const transposed = (graph: Graph, x: Value): Value => {
  const perm = x.shape.map((_, i) => i)
  perm.push(...perm.splice(-2).reverse())
  return graph.node(
    "Transpose",
    [x],
    { shape: perm.map((i) => x.shape[i]!), element: x.element },
    { perm: { ints: perm } },
  )
}

/**
 * From this many rows and columns of the product on, a transposed copy of the left side costs less than a Gemm that
 * transposes it: with 300 and 1000 of them the product takes 0.9 of the time, with 30 and 100 there is no difference.
 */
const TRANSPOSED = 256

/** (…, n, k) by (…, k, m), each transposed on request; batch dimensions broadcast. */
const product = (graph: Graph, a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value => {
  const [rows, inner] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!]
  const [depth, columns] = transposeB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!]
  if (inner !== depth) throw new Refusal("Shape", `inner dimensions ${inner} and ${depth} differ`)
  const element = a.element
  if (a.shape.length === 2 && b.shape.length === 2 && element === graph.dtype) {
    const copied = transposeA && rows >= TRANSPOSED && columns >= TRANSPOSED
    const attributes = { transA: { i: transposeA && !copied ? 1 : 0 }, transB: { i: transposeB ? 1 : 0 } }
    return graph.node("Gemm", [copied ? transposed(graph, a) : a, b], { shape: [rows, columns], element }, attributes)
  }
  const batch = a.shape.length >= b.shape.length ? a.shape.slice(0, -2) : b.shape.slice(0, -2)
  const other = a.shape.length >= b.shape.length ? b.shape.slice(0, -2) : a.shape.slice(0, -2)
  const shift = batch.length - other.length
  const shape = [...batch.map((n, i) => (n === 1 ? (other[i - shift] ?? 1) : n)), rows, columns]
  return graph.node("MatMul", [transposeA ? transposed(graph, a) : a, transposeB ? transposed(graph, b) : b], {
    shape,
    element,
  })
}

const activations: Readonly<Record<string, Lowering | undefined>> = {
  relu: arithmetic["Relu"],
  sigmoid: exponentials["Sigmoid"],
}

const activate = (graph: Graph, x: Value, activation: string | undefined): Value => {
  if (activation === undefined || activation === null || activation === "linear") return x
  const lowering = activations[activation]
  if (lowering === undefined) throw new Refusal("UnknownOp", `activation ${activation} is not lowered`)
  return lowering(graph, { x } as never, {} as never) as Value
}

export const products: Family = {
  BatchMatMul: (graph: Graph, { a, b }: Binary, { transposeA, transposeB }: BatchMatMulAttrs) =>
    product(graph, a, b, transposeA, transposeB),
  _FusedMatMul: (
    graph: Graph,
    { a, b, bias }: Binary & { readonly bias?: Value },
    { transposeA, transposeB, activation }: _FusedMatMulAttrs,
  ) => {
    const y = product(graph, a, b, transposeA, transposeB)
    return activate(graph, bias === undefined ? y : add(graph, y, bias), activation)
  },
}
