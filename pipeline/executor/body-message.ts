// Messages about a body that is not a body, or that gives something else than its stage declares. Functions from data
// to text. Knows nothing about how a body is run.
import type { Kinds } from "../stage.ts"

const declared = (outputs: Kinds): string =>
  Object.entries(outputs)
    .map(([name, { kind }]) => `${name} (${kind})`)
    .join(", ") || "none"

const example = (outputs: Kinds): string => `{ ${Object.keys(outputs).join(", ")} }`

export const noBody = (stage: string, given: string): string =>
  `the run of ${stage} gives ${given}, but must give a module with the function run, the body of the stage`

export const noEffect = (stage: string, given: string, outputs: Kinds): string =>
  `the body of ${stage} gives ${given}, but must give an Effect of its outputs: ` +
  `Effect.succeed(${example(outputs)}), ` +
  "or Effect.promise for work that takes time"

export const noOutputs = (stage: string, given: string, outputs: Kinds): string =>
  `the Effect of ${stage} gives ${given}, but must give a record of its outputs, which are ${declared(outputs)}`

export const undeclared = (stage: string, name: string, outputs: Kinds): string =>
  `${stage} gives ${name}, which it does not declare; its outputs are ${declared(outputs)}`

export const unfitOutput = (stage: string, name: string, kind: string, why: string): string =>
  `${stage} declares the output ${name} (${kind}): ${why}`
