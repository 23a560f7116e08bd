// Section 3, equations 5 to 11: the criterion of lazy training, measured on the first step of gradient descent. Which
// of the printed equations hold?
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { firstStep } from "../../stages/observables/first-step.ts"
import { init } from "../../stages/net/init.ts"
import { claimsOn } from "../support/claims.ts"
import { Count, Positives, replicasOf, Widths } from "../support/settings.ts"
import { section } from "./study.ts"

export const criterion = section({
  prefix: "criterion",
  settings: {
    widths: setting(Widths, [32, 64, 128, 256, 512, 1024], "widths of the smooth nets (section 3)"),
    alphas: setting(Positives, [1, 3, 10, 30, 100], "factors α of the output (section 3)"),
    replicas: setting(Count, 5, "number of initial nets (section 3)"),
  },
  scales: {},
  nodes: (study, c) => {
    const { inputs, backend } = study.c
    const cells = grid({ h: c.widths, alpha: c.alphas, replica: replicasOf(c.replicas) })
    const rows = cells.map(({ h, alpha, replica }) => {
      const model = {
        kind: "two-layer",
        inputs,
        width: h,
        outputs: 1,
        activation: "tanh",
        scaling: "ntk",
        first: { kind: "normal", deviation: 1 },
        last: { kind: "normal", deviation: 1 },
        biases: null,
        doubled: true,
      } as const
      const { weights } = study.once(node(init, { model }, {}, { net: "tanh-doubled", h, replica })).out
      const params = { model, alpha, decrease: 0.01, dtype: "float64", backend } as const
      const made = study.once(node(firstStep, params, { data: study.random(), weights }, { h, alpha, replica }))
      return [{ h, alpha, replica }, made.out.step] as const
    })
    return { steps: study.gather("first-steps", rows) }
  },
  claims: ({ steps }) => claimsOn({ "first-steps": steps }, []),
  figures: () => [],
})
