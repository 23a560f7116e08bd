// The experiment that the report gave up: 100 random points with 1,280 inputs. As published nothing can move, since the
// softmax of one unit is constant. Corrected, every net fits.
import { setting } from "../../pipeline/spec.ts"
import { within } from "../../pipeline/check.ts"
import { type Claim, claimsOn } from "../support/claims.ts"
import { Count, replicasOf, Widths } from "../support/settings.ts"
import { unfitted } from "./claim.ts"
import { type KearnsStudy, layered, type Run, section } from "./study.ts"

/** The inputs of the text, and those of the program. */
const INPUTS = [1280, 80]
const CLASSES = 10
const EPOCHS = 1000

const heads = ["one-unit softmax", "sigmoid", "ten-unit softmax"] as const

const runOf = (
  study: KearnsStudy,
  head: (typeof heads)[number],
  { inputs, h, replica, epochs }: { readonly [name in "inputs" | "h" | "replica" | "epochs"]: number },
): Run => {
  const made = (outputs: number, classes: number, rules: ReturnType<KearnsStudy["rules"]>): Run => {
    const { model, labels } = layered(inputs, [h], "glorot", { outputs })
    const net = { model, labels: { head: head.replace(" ", "-"), ...labels } }
    const trained = study.train(net, rules, study.random(inputs, classes), replica)
    return { labels: { head, inputs, h, replica }, units: h, trained }
  }
  switch (head) {
    case "one-unit softmax": {
      // The loss is zero from the start: no threshold ends this training.
      const rules = study.rules("keras", epochs, "categorical-cross-entropy")
      return made(1, CLASSES, { ...rules, stop: { ...rules.stop, loss: -1 } })
    }
    case "sigmoid":
      return made(1, 2, study.rules("keras", EPOCHS))
    case "ten-unit softmax":
      return made(CLASSES, CLASSES, study.rules("keras", EPOCHS, "softmax-cross-entropy"))
  }
}

const claims: ReadonlyArray<Claim> = [
  {
    id: "one-unit-still",
    kind: "own",
    figure: "random-labels",
    quantity: { of: "largest", y: "norm", where: { head: heads[0], converged: false } },
    claim:
      "With the softmax of one unit no weight moves at all. (Measured: the largest norm of the movement of a net, " +
      "which is exactly 0.)",
    source: "The program",
    published: "no progress",
    expect: within(0, 0),
  },
  {
    id: "too-irregular",
    figure: "random-labels",
    quantity: { of: "count", where: { head: heads.slice(1), converged: true } },
    claim:
      "The data are too irregular for a net to make progress. (Measured: the number of nets with another output that " +
      "fit all points.)",
    source: "Sec. 6",
    published: "none made progress",
    expect: within(0, 0),
    declared: {
      verdict: "contradicts",
      reason:
        "The data are not the cause. With a sigmoid, or a softmax of ten units, the same points are fitted within " +
        "some tens of epochs; with more inputs than points they are even linearly separable.",
    },
  },
  {
    id: "corrected-fit",
    kind: "own",
    figure: "random-labels",
    quantity: { of: "count", where: { head: heads.slice(1), converged: false } },
    claim: "Every net with another output fits its points. (Measured: the number of nets that do not.)",
    source: "Sec. 6",
    published: "not tried",
    expect: within(0, 0),
  },
]

export const randomLabels = section({
  prefix: "random",
  settings: {
    widths: setting(Widths, [200], "widths of the nets on random points with many inputs (section 6)"),
    epochs: setting(Count, 10, "epochs of the nets whose weights cannot move (section 6)"),
    replicas: setting(Count, 2, "number of initial nets (section 6)"),
  },
  scales: { paper: { widths: [200, 1000, 10_000], epochs: 1000, replicas: 1 } },
  nodes: (study, c) => {
    const { nets } = study.moved(
      "random-labels",
      heads.flatMap((head) =>
        INPUTS.flatMap((inputs) =>
          c.widths.flatMap((h) =>
            replicasOf(c.replicas).map((replica) => runOf(study, head, { inputs, h, replica, epochs: c.epochs })),
          ),
        ),
      ),
    )
    const plot = study.plot(
      "random-labels",
      {
        description:
          "The movement of nets on random points with 80 and 1,280 inputs, for three heads. With the softmax of one " +
          "unit nothing moves. With a sigmoid or a softmax of ten units every net fits within some tens of epochs.",
        x: { field: "epoch", title: "epochs", scale: "linear" },
        y: { field: "norm", title: "‖ΔW‖", scale: "linear" },
        color: { field: "head", title: "output" },
        shape: { field: "inputs", title: "inputs" },
        marks: "points",
        marked: { ...unfitted, averaged: true },
        tooltip: [
          { field: "h", title: "width h" },
          { field: "loss", title: "loss" },
        ],
      },
      nets,
    )
    return { nets, plot }
  },
  claims: ({ nets }) => claimsOn({ "random-labels": nets }, claims),
  figures: ({ nets, plot }) => [
    {
      id: "random-labels",
      title: "The experiment that was given up",
      caption:
        "The norm of the movement of all weights (vertical axis) and the epochs that a net was trained (horizontal " +
        "axis): until the mean loss of an epoch was 0.005, or, for nets that cannot move, a given number. There are " +
        "100 random points with 1,280 inputs, as the text says, and with 80, as the program has. The colour tells " +
        "the outputs: the softmax of one unit with the categorical cross-entropy, as in the program; a sigmoid with " +
        "two classes; a softmax of ten units with ten classes. The softmax of one unit is 1 whatever the weights " +
        "are, so its gradient is exactly zero: e^u / e^u does not depend on u. A cross is a net that did not fit its " +
        "points. After Sec. 6.",
      figure: plot,
      table: nets,
    },
  ],
})
