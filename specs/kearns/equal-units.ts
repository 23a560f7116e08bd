// Section 5, no figure: as many units in two layers as in one, with the initialisation of Keras.
import { setting } from "../../pipeline/spec.ts"
import { atLeast, below } from "../../pipeline/check.ts"
import { claimsOn, type Claim } from "../support/claims.ts"
import { Count, replicasOf } from "../support/settings.ts"
import { everywhere, onKept, origin, unfitted } from "./claim.ts"
import { multiplesOf, Sizes } from "./deep.ts"
import { layered, type Run, section } from "./study.ts"

const EPOCHS = 1000

const claimsFor = (table: string): ReadonlyArray<Claim> => [
  {
    id: "equal-units",
    figure: "equal-units",
    table,
    rival: { value: 0, text: "the same power" },
    quantity: {
      of: "slope difference",
      x: "n",
      y: "meanMoved",
      by: ["replica"],
      where: { layer: "sum" },
      minuend: { depth: 2 },
      subtrahend: { depth: 1 },
      ...everywhere,
    },
    claim:
      "With equal numbers of units the movement of two layers falls faster than that of one layer. (Measured: the " +
      "power of the summed mean change in n for two layers, minus the power for one layer.)",
    source: "Sec. 5",
    published: "0.201 to 0.058 against 0.200 to 0.067: −0.06",
    expect: below(-0.02),
  },
  {
    id: "equal-units-relative",
    kind: "own",
    figure: "equal-units",
    table,
    quantity: {
      of: "slope",
      x: "n",
      y: "relative",
      by: ["replica"],
      where: { layer: "sum", depth: 1 },
      ...everywhere,
    },
    claim:
      "Drawn as Keras draws them, the weights of one layer do not move less, relative to their start, as the layer " +
      "grows: they are drawn smaller in a wider layer. (Measured: the power of the relative change in n.)",
    source: "Sec. 5",
    published: "not measured",
    expect: atLeast(-0.1),
  },
]

export const equalUnits = section({
  prefix: "equal",
  settings: {
    sizes: setting(Sizes, [200, 600, 1200], "numbers n of units of the comparison at equal numbers (section 5)"),
    replicas: setting(Count, 3, "number of initial nets (section 5)"),
  },
  scales: { paper: { sizes: multiplesOf(200, 12), replicas: 1 } },
  nodes: (study, c) => {
    const { layers: here } = study.moved(
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
    const { kept, both } = study.beside("equal-units", here)
    const plot = study.plot(
      "equal-units",
      {
        description:
          "The summed mean change of the hidden weights against the number of units, for one and for two layers with " +
          "the same number of units.",
        x: { field: "n", title: "units n" },
        y: { field: "meanMoved", title: "Σ mean |ΔW|" },
        color: { field: "depth", title: "hidden layers" },
        shape: origin,
        marks: "points",
        over: "replica",
        marked: unfitted,
        panels: [
          {
            title: "sum over hidden layers",
            where: { layer: "sum" },
            guides: [
              {
                kind: "published",
                points: [
                  [200, 0.2],
                  [2400, 0.067],
                ],
                label: "program, one layer",
              },
              {
                kind: "published",
                points: [
                  [200, 0.201],
                  [2400, 0.058],
                ],
                label: "program, two layers",
              },
            ],
          },
          {
            title: "relative to the start",
            where: { layer: "sum" },
            y: { field: "relative", title: "‖ΔW‖ / ‖W(0)‖" },
          },
        ],
      },
      both,
    )
    return { here, kept, both, plot }
  },
  claims: ({ here, kept }) =>
    claimsOn({ "equal-here": here, "equal-kept": kept }, [
      ...claimsFor("equal-here"),
      ...onKept(claimsFor("equal-kept")),
    ]),
  figures: ({ both, plot }) => [
    {
      id: "equal-units",
      title: "Equal numbers of units",
      caption:
        "Panel (a) shows the mean absolute change of the hidden weights, summed over the layers, against the number " +
        "n of units: one layer of n units, and two layers of n/2 units each. Panel (b) shows the change relative to " +
        "the start. Weights are drawn as Keras draws them by default. The report mentions this comparison and shows " +
        "no figure of it; its program has the numbers. After Sec. 5.",
      figure: plot,
      table: both,
    },
  ],
})
