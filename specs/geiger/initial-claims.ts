// The claims about nets before they learn, and the numbers that judge them.
// Knows nothing about how the numbers are measured.
import { atMost, between, below, within } from "../../pipeline/check.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, net } from "./claim.ts"

/** The hidden layers of the deeper nets, and the layer that gives their output. */
const LAYERS = [1, 2, 3, 4, 5]
const OUTPUT = 6

const inverse = { value: -1, text: "a fall as 1/h" }
const inverseRoot = { value: -0.5, text: "a fall as 1/√h" }

/** The power of the width with which the gradients with respect to these arrays of weights change. */
const gradient = (id: string, arrays: ReadonlyArray<string>, rival: NonNullable<Claim["rival"]>) =>
  ({
    id,
    kind: "prediction",
    rival,
    figure: "eq11",
    table: "eq-11",
    quantity: {
      of: "slope",
      x: "h",
      y: "gradient",
      by: ["array", "replica"],
      where: { array: arrays },
      from: 30,
      to: 1100,
    },
    source: "Eq. 11",
  }) as const

/** `depths` are the numbers of hidden layers of the nets that are compared with infinite width. */
export const initialClaims = (
  { widths }: { readonly widths: ReadonlyArray<number> },
  depths: ReadonlyArray<number>,
): ReadonlyArray<Claim> => [
  ...LAYERS.map((layer): Claim => ({
    id: `velocity-${layer}`,
    rival: inverse,
    figure: "8",
    quantity: { of: "slope", x: "h", y: "velocity", by: ["replica"], where: { layer }, from: 60, to: 1100 },
    claim:
      `At the start the preactivations of layer ${layer} move at a speed that falls as 1/√h. (Measured: the ` +
      "power of the speed in h.)",
    source: "Fig. 8, eq. 12",
    published: "slope -1/2 from h = 60 on",
    expect: within(-0.5, 0.12),
  })),
  {
    id: "preactivation-variance",
    figure: "8",
    quantity: { of: "mean", y: "start", where: { layer: LAYERS } },
    claim:
      "At the start preactivations have variance one. (Measured: the root mean square of the preactivations of " +
      "the hidden layers, over points and units.)",
    source: "Sec. 2",
    published: "one",
    expect: within(1, 0.1),
  },
  {
    id: "output-at-start",
    figure: "8",
    rival: { value: -0.5, text: "an output that vanishes as 1/√h" },
    quantity: { of: "power", x: "h", y: "start", by: ["replica"], where: { layer: OUTPUT }, ...everywhere },
    claim:
      "At the start the output is of order one at every width. (Measured: the power in h of its root mean square " +
      "over points.)",
    source: "Sec. 6",
    published: "f(w₀) of order one: 0",
    expect: within(0, 0.15),
  },
  {
    id: "velocity-order",
    figure: "8",
    quantity: {
      of: "rank",
      x: "layer",
      y: "velocity",
      by: net,
      where: { h: widths.filter((h) => h >= 100) },
      from: 0,
      to: 10,
    },
    claim: "Later layers move faster. (Measured: the rank correlation of speed and layer, for h of 100 and more.)",
    source: "Fig. 8",
    published: "ordered at every width",
    expect: between(0.9, 1),
  },
  {
    ...gradient("gradient-bias", ["B0", "B1", "B2", "B3", "B4"], inverse),
    claim:
      "The output's gradient with respect to a bias of a hidden layer falls as 1/√h. (Measured: the power in h, " +
      "for all five layers.)",
    published: "slope -1/2",
    expect: within(-0.5, 0.1),
  },
  {
    ...gradient("gradient-last", ["W5"], inverse),
    claim:
      "The output's gradient with respect to a weight of the last layer falls as 1/√h. (Measured: the power in h.)",
    published: "slope -1/2",
    expect: within(-0.5, 0.1),
  },
  {
    ...gradient("gradient-inner", ["W1", "W2", "W3", "W4"], inverseRoot),
    claim:
      "The output's gradient with respect to a weight between hidden layers falls as 1/h. (Measured: the power " +
      "in h, for all four arrays.)",
    published: "slope -1",
    expect: within(-1, 0.1),
  },
  ...depths.map((depth): Claim => ({
    id: `infinite-${depth}`,
    kind: "prediction",
    rival: inverse,
    figure: "infinite",
    quantity: { of: "slope", x: "h", y: "distance", by: ["replica"], where: { depth, of: "net" }, ...everywhere },
    claim:
      `The tangent kernel at the start approaches the kernel of infinite width as 1/√h (L = ${depth}). ` +
      "(Measured: the power of the distance in h.)",
    source: "Sec. 1 and 4",
    published: "fluctuations of order 1/√h",
    expect: within(-0.5, 0.15),
  })),
  {
    id: "infinite-mean",
    kind: "prediction",
    figure: "infinite",
    quantity: { of: "largest", y: "distance", where: { of: "mean", h: Math.max(...widths) } },
    claim:
      "At the largest width the mean tangent kernel over nets is near the kernel of infinite width. (Measured: " +
      "the relative distance, the larger one of L = 2 and L = 5.)",
    source: "Sec. 1",
    published: "the limit",
    expect: below(0.06),
    at: { medium: atMost(0.05), large: atMost(0.04), paper: atMost(0.04) },
  },
]
