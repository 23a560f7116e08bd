// The tangent kernel of a fully connected net of infinite width: a recursion over layers, with two Gaussian
// expectations a layer. An expectation has a closed form or is computed by the trapezoidal rule. The parametrisation is
// that of models/fc.ts: biases are zero at the start and are trained, so each bias adds 1 to the tangent kernel and
// nothing to the covariance. Knows nothing about finite nets.
// Source: Jacot et al. 2018; closed forms of Cho and Saul, and of Williams.

/** E[sigma(u) sigma(v)] and E[sigma'(u) sigma'(v)] for Gaussian (u, v) of covariance [[p, c], [c, q]]. */
export type Expectations = (p: number, q: number, c: number) => { readonly value: number; readonly slope: number }

/** The expectations of sqrt(2) max(0, u). */
export const reluExpectations: Expectations = (p, q, c) => {
  const area = Math.sqrt(Math.max(0, p * q - c * c))
  const slope = 1 - Math.atan2(area, c) / Math.PI
  return { value: area / Math.PI + slope * c, slope }
}

/** The expectations of erf(u). */
export const erfExpectations: Expectations = (p, q, c) => {
  const root = Math.sqrt((1 + 2 * p) * (1 + 2 * q) - 4 * c * c)
  return { value: (2 / Math.PI) * Math.atan2(2 * c, root), slope: 4 / (Math.PI * root) }
}

/** The Gaussian beyond this many standard deviations is smaller than the precision of float64. */
const REACH = 8.5

/**
 * Any smooth activation, by sums over an even grid of `count` x `count` nodes. With 161 nodes softplus is accurate to
 * 1e-8.
 */
export const quadrature = (sigma: (u: number) => number, slope: (u: number) => number, count: number): Expectations => {
  const { nodes, weights } = even(count)
  return (p, q, c) => {
    // v = (c / p) u + the rest. If the two points are equal, the rest is rounding.
    const [a, b, rest] = [
      Math.sqrt(p),
      p > 0 ? c / Math.sqrt(p) : 0,
      Math.sqrt(Math.max(0, q - (p > 0 ? (c * c) / p : 0))),
    ]
    let [value, slopes] = [0, 0]
    for (let i = 0; i < count; i++) {
      const u = a * nodes[i]!
      let [values, derivatives] = [0, 0]
      for (let j = 0; j < count; j++) {
        const v = b * nodes[i]! + rest * nodes[j]!
        values += weights[j]! * sigma(v)
        derivatives += weights[j]! * slope(v)
      }
      value += weights[i]! * sigma(u) * values
      slopes += weights[i]! * slope(u) * derivatives
    }
    return { value, slope: slopes }
  }
}

/**
 * Evenly spaced nodes over the standard normal, with their weights. For smooth functions the sum soon reaches the full
 * precision of float64 as `count` grows.
 */
const even = (count: number): { readonly nodes: ReadonlyArray<number>; readonly weights: ReadonlyArray<number> } => {
  const step = (2 * REACH) / (count - 1)
  const nodes = Array.from({ length: count }, (_, i) => i * step - REACH)
  return { nodes, weights: nodes.map((u) => (Math.exp((-u * u) / 2) * step) / Math.sqrt(2 * Math.PI)) }
}

/**
 * Theta (n, n) between the points x (n, d), for a net with `depth` hidden layers. Costs n^2 / 2 pairs of expectations a
 * layer.
 */
export const infiniteKernel = (x: Float64Array, d: number, depth: number, expectations: Expectations): Float64Array => {
  const n = x.length / d
  const dot = (i: number, j: number): number =>
    x.subarray(i * d, (i + 1) * d).reduce((sum, value, k) => sum + value * x[j * d + k]!, 0)
  let covariance = Float64Array.from({ length: n * n }, (_, ij) => dot(Math.floor(ij / n), ij % n) / d)
  let theta = covariance.map((value) => value + 1)
  for (let layer = 0; layer < depth; layer++) {
    const [next, grown] = [new Float64Array(n * n), new Float64Array(n * n)]
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const { value, slope } = expectations(covariance[i * n + i]!, covariance[j * n + j]!, covariance[i * n + j]!)
        next[i * n + j] = next[j * n + i] = value
        grown[i * n + j] = grown[j * n + i] = value + 1 + theta[i * n + j]! * slope
      }
    }
    ;[covariance, theta] = [next, grown]
  }
  return theta
}
