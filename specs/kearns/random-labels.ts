// The experiment that the report gave up: 100 random points with 1,280 inputs. As published nothing can move, since the
// softmax of one unit is constant. Corrected, every net fits.
import { setting } from "../../pipeline/spec.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, replicasOf, Widths } from "../support/settings.ts"
import { type KearnsStudy, layered, type Run, section } from "./study.ts"

/** The inputs of the text, and those of the program. */
const INPUTS = [1280, 80]
const CLASSES = 10
const EPOCHS = 1000

export const heads = ["one-unit softmax", "sigmoid", "ten-unit softmax"] as const

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

export const randomLabels = section({
  prefix: "random",
  settings: {
    widths: setting(Widths, [200, 1000], "widths of the nets on random points with many inputs (section 6)"),
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
    return { nets }
  },
  claims: ({ nets }) => claimsOn({ "random-labels": nets }, []),
  figures: () => [],
})
