// The error function. In float32 ONNX Runtime has a kernel. In float64 this is W. J. Cody's pair of rational
// approximations (Math. Comp. 23, 1969; coefficients as in his CALERF, shortest digits), accurate to a few units in the
// last place.
import type { Graph, Value } from "../graph.ts"
import { type Family, type Unary, pointwise, scalar } from "./build.ts"

/** erf(x) = x * P(x²) / Q(x²) up to NEAR. */
const NEAR = 0.46875
const P = [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694]
const Q = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171]

/**
 * erf(x) = 1 - exp(-x²) * R(x) / S(x) from NEAR on. Cody changes the formula again at 4, where erf differs from 1 by
 * only 1e-8.
 */
const R = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
  1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
]
const S = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
]
/** 1 - erf(6) is 2e-17, which is negligible beside 1. */
const ONE = 6

const polynomial = (graph: Graph, x: Value, [first, ...rest]: ReadonlyArray<number>): Value =>
  rest.reduce(
    (sum, c, i) => {
      const grown = i === 0 && first === 1 ? x : pointwise(graph, "Mul", [sum, x])
      return pointwise(graph, "Add", [grown, scalar(graph, c)])
    },
    scalar(graph, first!),
  )

const erf = (graph: Graph, x: Value): Value => {
  const square = pointwise(graph, "Mul", [x, x])
  const near = pointwise(graph, "Mul", [
    x,
    pointwise(graph, "Div", [polynomial(graph, square, P), polynomial(graph, square, Q)]),
  ])
  const size = pointwise(graph, "Abs", [x])
  const z = pointwise(graph, "Min", [size, scalar(graph, ONE)])
  const decay = pointwise(graph, "Exp", [pointwise(graph, "Neg", [pointwise(graph, "Mul", [z, z])])])
  const rest = pointwise(graph, "Mul", [
    decay,
    pointwise(graph, "Div", [polynomial(graph, z, R), polynomial(graph, z, S)]),
  ])
  const far = pointwise(graph, "Mul", [
    pointwise(graph, "Sign", [x]),
    pointwise(graph, "Sub", [scalar(graph, 1), rest]),
  ])
  return pointwise(
    graph,
    "Where",
    [pointwise(graph, "Less", [size, scalar(graph, NEAR)], "bool"), near, far],
    x.element,
  )
}

export const errorFunction: Family = {
  Erf: (graph: Graph, { x }: Unary) => (graph.dtype === "float32" ? pointwise(graph, "Erf", [x]) : erf(graph, x)),
}
