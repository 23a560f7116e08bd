// Figures 4, 5 and 6: two and three hidden layers beside one. Do the weights of deeper nets move less or more as the
// nets grow? And is the comparison fair?
import { Schema } from "effect"
import { setting } from "../../pipeline/spec.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, replicasOf } from "../support/settings.ts"
import { type KearnsStudy, layered, type Run, section } from "./study.ts"

const EPOCHS = 1000

/** Numbers n, from which all widths of figures 4 to 6 follow. */
const Sizes = Schema.Array(Count.check(Schema.isMultipleOf(100))).check(Schema.isMinLength(1))

/**
 * `published`: the widths and the shared draw of the report's program. `independent`: the same widths, each layer with
 * its own draw. `matched`: as many hidden weights as one layer of n units has, 10 n, each layer with its own draw.
 */
export const variants = ["published", "independent", "matched"] as const
export type Variant = (typeof variants)[number]

/** The widths of the hidden layers. Source: the report's section 5, and its program. */
export const widthsOf = (depth: 1 | 2 | 3, variant: Variant, n: number, inputs: number): ReadonlyArray<number> => {
  if (depth === 1) return [n]
  if (variant !== "matched") return depth === 2 ? [n / 2, n / 20] : [n / 3, n / 30, n / 3]
  // The weights of (h, h/10) are inputs h + h^2/10, those of (h, h/10, h) are inputs h + h^2/5.
  const factor = depth === 2 ? 0.1 : 0.2
  const h = (-inputs + Math.sqrt(inputs * inputs + 4 * factor * inputs * n)) / (2 * factor)
  const [wide, thin] = [Math.round(h), Math.max(1, Math.round(h / 10))]
  return depth === 2 ? [wide, thin] : [wide, thin, wide]
}

const runOf = (study: KearnsStudy, depth: 1 | 2 | 3, variant: Variant, n: number, replica: number): Run => {
  const { inputs } = study.c
  const shared = depth > 1 && variant === "published"
  const net = layered(inputs, widthsOf(depth, variant, n, inputs), "narrow", { shared })
  const trained = study.train(net, study.rules("keras", EPOCHS), study.random(), replica)
  return { labels: { depth, variant, n, replica }, units: n, trained }
}

const twoSizes = (count: number, step: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => step * (i + 1))

export const deep = section({
  prefix: "4",
  settings: {
    two: setting(Sizes, [200, 600, 2000], "sizes n of the comparison of one and two layers (figure 4)"),
    three: setting(Sizes, [300, 900, 2400], "sizes n of the comparison of one, two and three layers (figures 5 and 6)"),
    replicas: setting(Count, 2, "number of initial nets (figures 4 to 6)"),
  },
  scales: {
    paper: { two: twoSizes(30, 200), three: twoSizes(20, 300), replicas: 1 },
  },
  nodes: (study, c) => {
    const runs = (depth: 1 | 2 | 3, variant: Variant, n: ReadonlyArray<number>) =>
      n.flatMap((each) => replicasOf(c.replicas).map((replica) => runOf(study, depth, variant, each, replica)))
    const { nets, layers } = study.moved("two-layers", [
      ...runs(1, "published", c.two),
      ...variants.flatMap((variant) => runs(2, variant, c.two)),
    ])
    const three = study.moved("three-layers", [
      ...runs(1, "published", c.three),
      ...runs(2, "published", c.three),
      ...variants.flatMap((variant) => runs(3, variant, c.three)),
    ])
    return { nets, layers, three }
  },
  claims: ({ nets, layers, three }) =>
    claimsOn({ two: nets, "two-layers": layers, three: three.nets, "three-layers": three.layers }, []),
  figures: () => [],
})

/** Sec. 5, no figure: as many units in two layers as in one, with the initialisation of Keras. */
export const equalUnits = section({
  prefix: "equal",
  settings: {
    sizes: setting(Sizes, [200, 600, 2400], "sizes n of the comparison at equal numbers of units (section 5)"),
    replicas: setting(Count, 2, "number of initial nets (section 5)"),
  },
  scales: {
    paper: { sizes: twoSizes(12, 200), replicas: 1 },
  },
  nodes: (study, c) => {
    const { nets } = study.moved(
      "equal-units",
      c.sizes.flatMap((n) =>
        [[n], [n / 2, n / 2]].flatMap((hidden) =>
          replicasOf(c.replicas).map((replica): Run => {
            const net = layered(study.c.inputs, hidden, "glorot")
            const trained = study.train(net, study.rules("keras", EPOCHS), study.random(), replica)
            return { labels: { depth: hidden.length, n, replica }, units: n, trained }
          }),
        ),
      ),
    )
    return { nets }
  },
  claims: ({ nets }) => claimsOn({ "equal-units": nets }, []),
  figures: () => [],
})
