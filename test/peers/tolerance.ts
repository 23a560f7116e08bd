// How close we and PyTorch must come, in float64, relative to the largest value.

export const agreement = {
  /** Movement of the weights, loss and time over a hundred steps of training. */
  path: 1e-6,
  /** One pass through a net, its gradient, its tangent kernel. */
  pass: 1e-10,
  /** Movement of the weights over a hundred steps of an optimiser. */
  optimizer: 1e-9,
} as const
