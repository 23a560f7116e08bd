// The claims about the moments during training, and the numbers that judge them.
// Knows nothing about how the nets are trained.
import { atMost, between, within } from "../../pipeline/check.ts"
import type { Where } from "../../stages/statistics/quantity.ts"
import type { Claim } from "../support/claims.ts"
import { everywhere, net } from "./claim.ts"

interface Grid {
  readonly sqrtHAlpha: ReadonlyArray<number>
  readonly left: ReadonlyArray<number>
}

// The power in h of a number at t1, where each width has nets of its own.
const power = (y: string, where: Readonly<Record<string, number | string>> = {}) =>
  ({ of: "power", x: "h", y, by: ["replica"], where, ...everywhere }) as const

/** `depth` is the number of hidden layers. */
export const momentClaims = ({ sqrtHAlpha, left }: Grid, depth: number): ReadonlyArray<Claim> => {
  const [least, most] = [Math.min(...sqrtHAlpha), Math.max(...sqrtHAlpha)]
  const half = { sqrtHAlpha: most, left: 0.5 }
  const early = Math.max(...left)
  const lost = `${Number((100 * (1 - early)).toPrecision(2))} % of the loss is lost`
  const hidden = Array.from({ length: depth }, (_, l) => l + 1)
  const ofKernel = { figure: "moments", source: "Abstract (iv), Sec. 6" } as const
  const ofArrays = { kind: "prediction", figure: "eq13", source: "Eq. 13" } as const
  /** How far something has moved at t1, and how little before. */
  const levels = (id: string, what: string, where: Where, table = "eq13"): ReadonlyArray<Claim> => [
    {
      id: `${id}-at`,
      ...ofArrays,
      table,
      rival: { value: 0, text: "no movement" },
      quantity: { of: "mean", y: "moved", where: { ...where, left: 0.5 } },
      claim: `At t₁ the rms change of ${what} is of order one. (Measured: its mean over widths.)`,
      published: "of order one",
      expect: between(0.3, 3),
    },
    {
      id: `${id}-before`,
      ...ofArrays,
      table,
      rival: { value: 1, text: "a movement of order one" },
      quantity: { of: "mean", y: "moved", where: { ...where, left: early } },
      claim: `Well before t₁ ${what} have hardly moved. (Measured: their rms change when ${lost}.)`,
      published: "small before t₁",
      expect: atMost(0.1),
    },
  ]
  return [
    {
      id: "kernel-before-t1",
      ...ofKernel,
      rival: { value: 1, text: "the kernel has changed before t₁" },
      quantity: { of: "mean", y: "kernelChange", where: { sqrtHAlpha: most, left: early } },
      claim:
        "Well before t₁ the kernel has hardly changed. (Measured: its relative change when one hundredth of the " +
        "loss is lost, at √h·α = 1.)",
      published: "the kernel evolves at t of order t₁",
      expect: atMost(0.3),
    },
    {
      id: "kernel-at-t1",
      ...ofKernel,
      rival: { value: 0, text: "the kernel has not changed by t₁" },
      quantity: { of: "mean", y: "kernelChange", where: half },
      claim:
        "At t₁ the kernel has changed by about as much as it was. (Measured: its relative change when half of the " +
        "loss is left, at √h·α = 1.)",
      published: "of order one",
      expect: between(0.3, 10),
    },
    {
      id: "kernel-at-t1-width",
      ...ofKernel,
      rival: { value: -0.5, text: "a change that vanishes as 1/√h" },
      quantity: power("kernelChange", half),
      claim:
        "The change of the kernel at t₁ does not depend on the width, at fixed √h·α. (Measured: its power in h at " +
        "√h·α = 1.)",
      published: "of order one at every width: 0",
      expect: within(0, 0.25),
    },
    {
      id: "kernel-at-moved-output",
      ...ofKernel,
      rival: { value: 0, text: "the kernel has not changed by then" },
      quantity: { of: "mean", y: "kernelChange", where: { sqrtHAlpha: least, left: early } },
      claim:
        "In feature learning the kernel has changed by about as much as it was at the t₁ of section 6, when the " +
        `output has moved by √h. (Measured: its relative change when ${lost}, at √h·α = ${least}.)`,
      published: "of order one",
      expect: between(0.3, 10),
    },
    {
      id: "kernel-of-inflation",
      kind: "prediction",
      figure: "eq14",
      table: "moments",
      rival: { value: 2, text: "a kernel that is quadratic in the weights" },
      quantity: {
        of: "slope",
        x: "weightChange",
        y: "kernelChange",
        by: net,
        where: { sqrtHAlpha: least },
        ...everywhere,
      },
      claim:
        `After the t₁ of section 6 the kernel grows as λ^(2L) = λ^${2 * depth}, where λ is the factor by which the ` +
        "weights inflate. (Measured: the power of the kernel change in the weight change along a training, from the " +
        `moment at which one hundredth of the loss is lost to the end, at √h·α = ${least}.)`,
      source: "Eq. 14",
      published: `λ^(2L): ${2 * depth}`,
      expect: within(2 * depth, 0.8),
      declared: {
        verdict: "contradicts",
        reason:
          "Eq. 14 is an asymptotic argument: along a training the weights inflate by a factor of 15 only, and the " +
          "power between neighbouring moments goes from 2.6 to 3.6. The powers of table 1, which compare ends of " +
          "trainings at several α, come nearer: 1.25/0.35 = 3.6 in the paper.",
      },
    },
    {
      id: "moved-inner",
      ...ofArrays,
      rival: { value: 0, text: "a movement of order one" },
      quantity: power("moved", { array: "W1", left: 0.5 }),
      claim:
        "At t₁ the weights between hidden layers have moved by order 1/√h. (Measured: the power in h of their rms " +
        "change when the loss has halved, at √h·α = 1.)",
      published: "slope −1/2",
      expect: within(-0.5, 0.15),
    },
    {
      id: "moved-last",
      ...ofArrays,
      rival: { value: -0.5, text: "a movement of order 1/√h" },
      quantity: power("moved", { array: `W${depth}`, left: 0.5 }),
      claim:
        "At t₁ the weights of the last layer have moved by order one. (Measured: the power in h of their rms change.)",
      published: "slope 0",
      expect: within(0, 0.15),
    },
    {
      id: "moved-preactivations",
      ...ofArrays,
      table: "eq13-layers",
      rival: { value: -0.5, text: "a movement of order 1/√h" },
      quantity: {
        of: "power",
        x: "h",
        y: "moved",
        by: ["layer", "replica"],
        where: { layer: hidden, left: 0.5 },
        ...everywhere,
      },
      claim:
        "At t₁ the preactivations of the hidden layers have moved by order one. (Measured: the power in h of the rms " +
        "change on test points.)",
      published: "slope 0",
      expect: within(0, 0.15),
    },
    ...levels("moved-last", "the weights of the last layer", { array: `W${depth}` }),
    ...levels("moved-preactivations", "the preactivations of the hidden layers", { layer: hidden }, "eq13-layers"),
    {
      id: "moved-weights",
      kind: "prediction",
      figure: "eq13",
      table: "moments",
      rival: { value: 0.5, text: "a movement in proportion to the weights" },
      quantity: power("weightChange", half),
      claim:
        "At t₁ the weights as a whole have moved by order √h. (Measured: the power in h of √h ‖w − w₀‖/‖w₀‖, where " +
        "‖w₀‖ is of order h, at √h·α = 1.)",
      source: "App. D",
      published: "‖w(t₁) − w₀‖ ~ √h: 0",
      expect: within(0, 0.15),
    },
  ]
}
