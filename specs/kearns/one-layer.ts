// Figures 2, 3 and 7: one hidden layer. How far do the weights move as the layer grows from as many units as points to
// a hundred times as many? Is that lazy? How does the loss fall?
import { setting } from "../../pipeline/spec.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, replicasOf, Widths } from "../support/settings.ts"
import { type KearnsStudy, type Run, section } from "./study.ts"

const EPOCHS = 2000

/** One hidden layer with the initialisation of PyTorch. */
const runOf = (study: KearnsStudy, h: number, replica: number): Run => {
  const model = {
    kind: "two-layer",
    inputs: study.c.inputs,
    width: h,
    outputs: 1,
    activation: "plain-relu",
    scaling: "standard",
    first: { kind: "pytorch" },
    last: { kind: "pytorch" },
    biases: { kind: "pytorch" },
    doubled: false,
  } as const
  const net = { model, labels: { inputs: study.c.inputs, h, draw: "pytorch" } }
  const trained = study.train(net, study.rules("pytorch", EPOCHS), study.random(), replica)
  return { labels: { h, replica }, units: h, trained }
}

export const oneLayer = section({
  prefix: "2",
  settings: {
    widths: setting(
      Widths,
      [100, 150, 230, 330, 340, 500, 800, 1500, 2450, 3600, 5070, 10_040],
      "widths of the nets with one hidden layer (figures 2, 3 and 7)",
    ),
    replicas: setting(Count, 2, "number of initial nets (figures 2, 3 and 7)"),
    drawn: setting(Widths, [100, 5070, 10_040], "widths whose loss curves are drawn (figure 7)"),
  },
  scales: {
    paper: { widths: Array.from({ length: 995 }, (_, i) => 100 + 10 * i), replicas: 1 },
  },
  nodes: (study, c) => {
    const runs = c.widths.flatMap((h) => replicasOf(c.replicas).map((replica) => runOf(study, h, replica)))
    const { nets } = study.moved("one-layer", runs)
    return { nets }
  },
  claims: ({ nets }) => claimsOn({ "one-layer": nets }, []),
  figures: () => [],
})
