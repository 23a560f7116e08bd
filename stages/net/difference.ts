// The change of a net's outputs when its weights change: f(w0 + dw) - f(w0). The change is carried from layer to layer
// beside the values at w0. Two nearly equal numbers are never subtracted, so float32 is enough in the lazy regime. Cut
// to first order, the change is the tangent model, Df(w0) dw. Knows nothing about losses or training.
import * as tf from "@tensorflow/tfjs-core"
import { activations } from "./activation.ts"
import type { Layers, Linear } from "./layers.ts"
import type { Method } from "./method.ts"
import type { Model, Weights } from "./model.ts"
import { convolution, elementwise, matrix, type Product } from "./product.ts"
import { forward, outputsOf, values } from "./forward.ts"

/** A value at w0, and its change from there; undefined means a change of exactly zero. */
interface Moved {
  readonly base: tf.Tensor
  readonly change: tf.Tensor | undefined
}

type Change = tf.Tensor | undefined

const total = (...parts: ReadonlyArray<Change>): Change =>
  parts.reduce((sum, part) => (sum === undefined || part === undefined ? (sum ?? part) : tf.add(sum, part)), undefined)
const mapped = (change: Change, f: (change: tf.Tensor) => tf.Tensor): Change =>
  change === undefined ? undefined : f(change)
const now = ({ base, change }: Moved): tf.Tensor => total(base, change)!

/** How changes pass the nonlinear layers: `exact` keeps all orders, `first` only the first order. */
interface Order {
  readonly product: (f: Product, z: Moved, W: Moved) => Change
  readonly activation: (name: keyof typeof activations, u: Moved) => Change
  readonly larger: (a: Moved, b: Moved) => Change
}

/**
 * `change` as a function of `moving`, with the gradient of the plain layer at `there`, the values after the change.
 * That gradient is the usual backward pass; the gradient of the formula for the change would take twice as many
 * products.
 */
const withGradient = (
  moving: ReadonlyArray<Change>,
  there: ReadonlyArray<tf.Tensor>,
  change: () => tf.Tensor,
  gradient: (dy: tf.Tensor, there: ReadonlyArray<tf.Tensor>) => ReadonlyArray<() => tf.Tensor>,
): Change => {
  const varying = moving.flatMap((part, i) => (part === undefined ? [] : [{ part, i }]))
  if (varying.length === 0) return undefined
  const carried = tf.customGrad((...given) => {
    const save = given.at(-1) as unknown as tf.GradSaveFunc
    save([...there])
    return {
      value: change(),
      gradFunc: (dy: tf.Tensor, saved: Array<tf.Tensor>) => varying.map(({ i }) => gradient(dy, saved)[i]!()),
    }
  })
  return carried(...varying.map(({ part }) => part))
}

const exact: Order = {
  // (z + dz)(W + dW) - z W = dz (W + dW) + z dW
  product: ({ value, slopes }, z, W) => {
    const there = [now(z), now(W)] as const
    const change = () =>
      total(
        mapped(z.change, (dz) => value(dz, there[1])),
        mapped(W.change, (dW) => value(z.base, dW)),
      )!
    return withGradient([z.change, W.change], there, change, (dy, [zNow, WNow]) => slopes(dy, zNow!, WNow!))
  },
  activation: (name, u) => {
    const {
      change,
      slope,
      slopeAfter = (base: tf.Tensor, du: tf.Tensor) => slope(tf.add(base, du)),
    } = activations[name]
    if (u.change === undefined) return undefined
    const there = [u.base, u.change] as const
    return withGradient(
      [u.change],
      there,
      () => change(...there),
      (dy, [base, du]) => [() => tf.mul(dy, slopeAfter(base!, du!))],
    )
  },
  // max(a, b) = b + max(0, a - b)
  larger: (a, b) => {
    const lead = { base: tf.sub(a.base, b.base), change: total(a.change, mapped(b.change, tf.neg)) }
    return total(b.change, exact.activation("plain-relu", lead))
  },
}

const first: Order = {
  product: ({ value }, z, W) =>
    total(
      mapped(z.change, (dz) => value(dz, W.base)),
      mapped(W.change, (dW) => value(z.base, dW)),
    ),
  activation: (name, u) => mapped(u.change, (du) => tf.mul(activations[name].slope(u.base), du)),
  larger: (a, b) => {
    const [da, db] = [a, b].map(({ base, change }) => change ?? tf.zerosLike(base))
    return tf.where(tf.greaterEqual(a.base, b.base), da!, db!)
  },
}

const changes = (order: Order, w0: Weights, dw: Weights): Layers<Moved> => {
  const at = values(w0)
  const weight = (name: string): Moved => ({ base: w0[name]!, change: dw[name] })
  /** A linear layer: changes pass the layer as values do. */
  const linear =
    (f: (z: tf.Tensor) => tf.Tensor) =>
    (z: Moved): Moved => ({ base: f(z.base), change: mapped(z.change, f) })
  const weighted =
    (f: Product, base: (layer: Linear, z: tf.Tensor) => tf.Tensor) =>
    (layer: Linear, z: Moved): Moved => {
      const made = {
        base: base(layer, z.base),
        change: mapped(order.product(f, z, weight(`W${layer.name}`)), (change) => at.scale(layer.scale, change)),
      }
      const bias = layer.bias ? dw[`B${layer.name}`] : undefined
      // If only the bias changes, all points still change.
      return bias === undefined ? made : { ...made, change: tf.add(made.change ?? tf.zerosLike(made.base), bias) }
    }
  return {
    dense: weighted(matrix, at.dense),
    conv: (layer, z, geometry) => weighted(convolution(geometry), (l, x) => at.conv(l, x, geometry))(layer, z),
    activate: (name, u) => ({ base: at.activate(name, u.base), change: order.activation(name, u) }),
    slope: (name, u) => {
      if (u.change !== undefined)
        throw new Error(`the slope of ${name} has no change of its own: it is for layers whose weights are frozen`)
      return { base: at.slope(name, u.base), change: undefined }
    },
    add: (a, b) => ({ base: at.add(a.base, b.base), change: total(a.change, b.change) }),
    times: (a, b) => ({ base: at.times(a.base, b.base), change: order.product(elementwise, a, b) }),
    scale: (factor, z) => linear((x) => at.scale(factor, x))(z),
    sum: linear(at.sum),
    average: linear(at.average),
    // The maximum is taken of two at a time: the change of max(a, b) follows from the change of a ReLU.
    maxPool: (z, side) =>
      corners(z, side).reduce((a, b) => ({ base: tf.maximum(a.base, b.base), change: order.larger(a, b) })),
    flatten: linear(at.flatten),
  }
}

/** The pixels of each square: one array for each place in the square. */
const corners = ({ base, change }: Moved, side: number): ReadonlyArray<Moved> => {
  const [n, height, width, channels] = base.shape as [number, number, number, number]
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)]
  const squares = (x: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.slice(x, [0, 0, 0, 0], [n, rows * side, columns * side, channels]), [
      n * rows,
      side,
      columns,
      side,
      channels,
    ])
  const corner = (x: tf.Tensor, i: number, j: number): tf.Tensor =>
    tf.reshape(tf.slice(squares(x), [0, i, 0, j, 0], [n * rows, 1, columns, 1, channels]), [n, rows, columns, channels])
  return Array.from({ length: side * side }, (_, k) => {
    const [i, j] = [Math.floor(k / side), k % side]
    return { base: corner(base, i, j), change: mapped(change, (dz) => corner(dz, i, j)) }
  })
}

/**
 * By `method`: f(w0 + dw) - f(w0), or Df(w0) dw, or f(w0 + dw) itself, as (n) or (n, outputs). An array that dw lacks
 * does not change.
 */
export const changeOf = (
  model: Pick<Model, "apply">,
  method: Method,
  w0: Weights,
  dw: Weights,
  x: tf.Tensor,
): tf.Tensor => {
  if (method === "direct" || method === "uncentred") {
    const moved = Object.fromEntries(Object.entries(w0).map(([name, base]) => [name, now({ base, change: dw[name] })]))
    const f = forward(model, moved, x)
    return method === "direct" ? tf.sub(f, forward(model, w0, x)) : f
  }
  const { base, change } = model.apply(changes(method === "tangent" ? first : exact, w0, dw), {
    base: x,
    change: undefined,
  })
  return outputsOf(change ?? tf.zerosLike(base))
}

/**
 * The preactivations of each layer with weights at w0, and their change when the weights change by dw: both (n, units),
 * by the name of the layer. The change is exact, or of first order.
 */
export const preactivations = (
  { apply }: Pick<Model, "apply">,
  order: "exact" | "first",
  w0: Weights,
  dw: Weights,
  x: tf.Tensor,
): { readonly [layer: string]: { readonly base: tf.Tensor; readonly change: tf.Tensor } } => {
  const layers = changes(order === "exact" ? exact : first, w0, dw)
  const seen: { [layer: string]: { base: tf.Tensor; change: tf.Tensor } } = {}
  const told = (layer: Linear, { base, change }: Moved): Moved => {
    seen[layer.name] = { base, change: change ?? tf.zerosLike(base) }
    return { base, change }
  }
  apply(
    {
      ...layers,
      dense: (layer, z) => told(layer, layers.dense(layer, z)),
      conv: (layer, z, geometry) => told(layer, layers.conv(layer, z, geometry)),
    },
    { base: x, change: undefined },
  )
  return seen
}
