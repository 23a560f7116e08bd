// Figures 4, 5 and 6: two and three hidden layers beside one. Do the weights of deeper nets move less or more as the
// nets grow? And is the comparison fair?
import { Schema } from "effect"
import { setting } from "../../pipeline/spec.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, replicasOf } from "../support/settings.ts"
import { onKept } from "./claim.ts"
import { secondFigure, sumFigure, thirdFigure, threeFigure } from "./deep-figures.ts"
import { type KearnsStudy, layered, type Run, section } from "./study.ts"
import { threeClaims } from "./three-claims.ts"
import { twoClaims } from "./two-claims.ts"

const EPOCHS = 1000

/** Numbers n, from which all widths of figures 4 to 6 follow. */
export const Sizes = Schema.Array(Count.check(Schema.isMultipleOf(100))).check(Schema.isMinLength(1))
/** The multiples of `step`, `count` of them. */
export const multiplesOf = (step: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => step * (i + 1))

/**
 * `published`: the widths and the shared draw of the report's program. `independent`: the same widths, each layer with
 * its own draw. `matched`: as many hidden weights as one layer of n units has, inputs times n, each layer with its own
 * draw.
 */
const variants = ["published", "independent", "matched"] as const
export type Variant = (typeof variants)[number]
type Depth = 1 | 2 | 3

/** The widths of the hidden layers. Source: the report's section 5, and its program. */
export const widthsOf = (depth: Depth, variant: Variant, n: number, inputs: number): ReadonlyArray<number> => {
  if (depth === 1) return [n]
  if (variant !== "matched") return depth === 2 ? [n / 2, n / 20] : [n / 3, n / 30, n / 3]
  // The weights of (h, h/10) are inputs h + h^2/10, those of (h, h/10, h) are inputs h + h^2/5.
  const factor = depth === 2 ? 0.1 : 0.2
  const h = (-inputs + Math.sqrt(inputs * inputs + 4 * factor * inputs * n)) / (2 * factor)
  const [wide, thin] = [Math.round(h), Math.max(1, Math.round(h / 10))]
  return depth === 2 ? [wide, thin] : [wide, thin, wide]
}

/** The words for a net in figures. */
const wordsFor = (depth: Depth, variant: Variant): string => (depth === 1 ? "1 layer" : `${depth} ${variant}`)

const runsOf = (
  study: KearnsStudy,
  depth: Depth,
  variant: Variant,
  { sizes, replicas }: { readonly sizes: ReadonlyArray<number>; readonly replicas: number },
): ReadonlyArray<Run> =>
  sizes.flatMap((n) =>
    replicasOf(replicas).map((replica): Run => {
      const { inputs } = study.c
      const shared = depth > 1 && variant === "published"
      const net = layered(inputs, widthsOf(depth, variant, n, inputs), "narrow", { shared })
      const trained = study.train(net, study.rules("keras", EPOCHS), study.random(), replica)
      return { labels: { net: wordsFor(depth, variant), depth, variant, n, replica }, units: n, trained }
    }),
  )

/** The nets of a figure, from this run and from the kept sweep. */
const together = (study: KearnsStudy, of: string, runs: ReadonlyArray<Run>) => {
  const { layers: here } = study.moved(of, runs)
  return { here, ...study.beside(of, here) }
}

export const twoLayers = section({
  prefix: "4",
  settings: {
    sizes: setting(Sizes, [200, 600, 2000], "sizes n of the comparison of one and two layers (figure 4)"),
    replicas: setting(Count, 5, "number of initial nets (figure 4)"),
  },
  scales: { paper: { sizes: multiplesOf(200, 30), replicas: 1 } },
  nodes: (study, c) => {
    const two = together(study, "two-layers", [
      ...runsOf(study, 1, "published", c),
      ...variants.flatMap((variant) => runsOf(study, 2, variant, c)),
    ])
    const plots = { sums: study.plot("4", sumFigure, two.both), layers: study.plot("4-layers", secondFigure, two.both) }
    return { two, plots }
  },
  claims: ({ two: { here, kept } }, c) =>
    claimsOn({ two: here, "two-kept": kept }, [
      ...twoClaims("two", c.sizes, c.replicas),
      ...onKept(twoClaims("two-kept", multiplesOf(200, 30), 1)),
    ]),
  figures: ({ two, plots }) => [
    {
      id: "4",
      title: "One and two hidden layers",
      caption:
        "Panel (a) shows the mean absolute change of the hidden weights, summed over the layers, against n. The " +
        "colour tells the nets: one layer of n units; two layers of n/2 and n/20 units whose weights are drawn from " +
        "the same random numbers, as in the report's program; the same with independent draws; and two layers with " +
        "truly as many hidden weights as one layer, 10 n. The shape tells this run from the sweep that is kept. " +
        "Panel (b) shows the change of the hidden weights relative to their start, where the order of the nets is " +
        "another. Panel (c) shows the square root of (a) divided by n, which is what figure 4b of the report draws " +
        "against √(10 n): the factor 3 of the notebook's cell is not in its picture. A cross is a net that did not " +
        "fit. After Fig. 4.",
      figure: plots.sums,
      table: two.both,
    },
    {
      id: "4-layers",
      title: "Two hidden layers: each layer",
      caption:
        "The mean absolute change of the weights of each hidden layer, for two layers as published. The report has " +
        "0.135 for the second layer at n = 200; the kept net has 0.21 there, and a larger sum. After Fig. 4a.",
      figure: plots.layers,
      table: two.both,
    },
  ],
})

export const threeLayers = section({
  prefix: "5",
  settings: {
    sizes: setting(Sizes, [300, 900, 2400], "sizes n of the comparison of one, two and three layers (figures 5 and 6)"),
    replicas: setting(Count, 3, "number of initial nets (figures 5 and 6)"),
  },
  scales: { paper: { sizes: multiplesOf(300, 20), replicas: 1 } },
  nodes: (study, c) => {
    const three = together(study, "three-layers", [
      ...runsOf(study, 1, "published", c),
      ...runsOf(study, 2, "published", c),
      ...variants.flatMap((variant) => runsOf(study, 3, variant, c)),
    ])
    const plots = { sums: study.plot("6", threeFigure, three.both), layers: study.plot("5", thirdFigure, three.both) }
    return { three, plots }
  },
  claims: ({ three: { here, kept } }, c) =>
    claimsOn({ three: here, "three-kept": kept }, [
      ...threeClaims("three", c.sizes),
      ...onKept(threeClaims("three-kept", multiplesOf(300, 20))),
    ]),
  figures: ({ three, plots }) => [
    {
      id: "5",
      title: "Three hidden layers: each layer",
      caption:
        "The mean absolute change of the weights of each hidden layer, for three layers as published. From n = " +
        "2,400 on every kept net that fits has the order first, third, second. With matched widths three of 13 " +
        "have the third layer first (n = 2,700, 3,300 and 6,000). A cross is a net that does not fit its points. " +
        "After Fig. 5.",
      figure: plots.layers,
      table: three.both,
    },
    {
      id: "6",
      title: "One, two and three hidden layers",
      caption:
        "Panel (a) shows the mean absolute change of the hidden weights, summed over the layers, against n; panel " +
        "(b) shows their change relative to their start. Panel (c) shows the loss at the end. A cross is a net that " +
        "does not fit its points within 1,000 epochs. Such nets with three layers stay near the saddle at the start, " +
        "where the output is constant and the loss is 0.6923, and move less than the others; such nets with two " +
        "layers may move more. The outlier of the report, 0.014 at n = 5,400, lies where the nets at the saddle lie. " +
        "The colour and the shape are those of figure 4. After Fig. 6.",
      figure: plots.sums,
      table: three.both,
    },
  ],
})
