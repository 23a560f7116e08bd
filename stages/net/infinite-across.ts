// The tangent kernel of infinite width between two sets of points. A Gaussian expectation of a pair of points is a
// series in their correlation, whose coefficients belong to single points: few operations a pair, where quadrature
// takes ten thousand. Knows nothing about finite nets.
// Source: Mehler's formula; the recursion over layers as in infinite.ts.
import type { Expectations } from "./infinite.ts"

/** What is known of a point in a layer before its pairs are met: `of` its variance, and the expectations of a pair. */
export interface Pairing<S> {
  readonly of: (variance: number) => S
  readonly pair: (a: S, b: S, covariance: number) => ReturnType<Expectations>
}

/** A pairing by a closed form of the two variances and the covariance. */
export const closedForm = (expectations: Expectations): Pairing<number> => ({
  of: (variance) => variance,
  pair: expectations,
})

/** The variance of a point, and the coefficients of sigma and of its slope in Hermite polynomials. */
interface Series {
  readonly variance: number
  readonly value: Float64Array
  readonly slope: Float64Array
  /** The expectations of the point with itself, where the series converges slowly. */
  readonly own: ReturnType<Expectations>
}

/**
 * With 128 terms softplus is accurate to 1e-6 for points whose variance is near 1. Points that nearly coincide lose
 * accuracy as their variance grows: 1e-3 at a variance of 6.
 */
const TERMS = 128
/** Polynomials of this order reach further than the Gaussian of quadrature in infinite.ts. */
const REACH = 14
const NODES = 1025

/**
 * A pairing for any smooth activation: E[sigma(u) sigma(v)] is the sum of a_k b_k rho^k, where a_k and b_k are the
 * coefficients of sigma at the two variances, and rho is the correlation.
 */
export const series = (sigma: (u: number) => number, slope: (u: number) => number): Pairing<Series> => {
  const step = (2 * REACH) / (NODES - 1)
  const nodes = Float64Array.from({ length: NODES }, (_, i) => i * step - REACH)
  const polynomials = hermite(nodes, step)
  const coefficients = (values: Float64Array): Float64Array =>
    Float64Array.from(polynomials, (polynomial) => dot(polynomial, values))
  // The first polynomial is 1, so that it holds the weights alone.
  const meanSquare = (values: Float64Array): number =>
    dot(
      polynomials[0]!,
      values.map((value) => value * value),
    )
  return {
    of: (variance) => {
      const [values, slopes] = [sigma, slope].map((f) => nodes.map((node) => f(Math.sqrt(variance) * node)))
      return {
        variance,
        value: coefficients(values!),
        slope: coefficients(slopes!),
        own: { value: meanSquare(values!), slope: meanSquare(slopes!) },
      }
    },
    pair: (a, b, covariance) => {
      const scale = Math.sqrt(a.variance * b.variance)
      const correlation = scale === 0 ? 0 : covariance / scale
      if (a.variance === b.variance && correlation > 1 - 1e-12) return a.own
      let [power, value, slopes] = [1, 0, 0]
      for (let k = 0; k < TERMS; k++) {
        value += a.value[k]! * b.value[k]! * power
        slopes += a.slope[k]! * b.slope[k]! * power
        power *= correlation
      }
      return { value, slope: slopes }
    },
  }
}

/**
 * The orthonormal Hermite polynomials of the standard normal at the nodes, times the weights of the trapezoidal rule.
 */
const hermite = (nodes: Float64Array, step: number): ReadonlyArray<Float64Array> => {
  const weights = nodes.map((u) => (Math.exp((-u * u) / 2) * step) / Math.sqrt(2 * Math.PI))
  const all = [weights, weights.map((weight, i) => weight * nodes[i]!)]
  for (let k = 1; k + 1 < TERMS; k++) {
    const [before, last] = [all[k - 1]!, all[k]!]
    all.push(last.map((value, i) => (nodes[i]! * value - Math.sqrt(k) * before[i]!) / Math.sqrt(k + 1)))
  }
  return all
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** Points as rows of d numbers. */
export interface Points {
  readonly data: Float64Array
  readonly d: number
}

/** Theta (rows, columns) between two sets of points, for a net with `depth` hidden layers. */
export const infiniteKernelAcross = <S>(
  rows: Points,
  columns: Points,
  depth: number,
  pairing: Pairing<S>,
): Float64Array => {
  const [left, right] = [rows, columns].map((points) => layersOf(points, depth, pairing)) as [Layers<S>, Layers<S>]
  const count = right.length
  const theta = new Float64Array(left.length * count)
  for (let i = 0; i < left.length; i++) {
    for (let j = 0; j < count; j++) {
      let covariance = dot(rowOf(rows, i), rowOf(columns, j)) / rows.d
      let sum = covariance + 1
      for (let layer = 0; layer < depth; layer++) {
        const { value, slope } = pairing.pair(left[i]![layer]!, right[j]![layer]!, covariance)
        sum = value + 1 + sum * slope
        covariance = value
      }
      theta[i * count + j] = sum
    }
  }
  return theta
}

type Layers<S> = ReadonlyArray<ReadonlyArray<S>>

/** What is known of each point in each layer: its variance there is the covariance with itself. */
const layersOf = <S>(points: Points, depth: number, pairing: Pairing<S>): Layers<S> =>
  Array.from({ length: points.data.length / points.d }, (_, i) => {
    let variance = dot(rowOf(points, i), rowOf(points, i)) / points.d
    return Array.from({ length: depth }, () => {
      const known = pairing.of(variance)
      variance = pairing.pair(known, known, variance).value
      return known
    })
  })

const rowOf = ({ data, d }: Points, i: number): Float64Array => data.subarray(i * d, (i + 1) * d)
