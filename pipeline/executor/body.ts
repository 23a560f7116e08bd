// Checks that a body is what its stage declares: a function that gives an Effect, which gives a record of the declared
// outputs. If the body gives something else, the error describes the value. Knows nothing about how a body is run, or
// what happens to an output.
import { Effect } from "effect"
import { membersOf } from "../../cache/plain.ts"
import { naming } from "../../cache/unfit.ts"
import { noBody, noEffect, noOutputs, undeclared } from "./body-message.ts"
import type { AnyStage } from "../node.ts"
import { describe, isRecord } from "../node/output.ts"
import { StageError } from "../stage.ts"

/** Loads the body of a stage and applies it to its arguments. Throws a StageError if there is no body. */
export const begin = async (stage: AnyStage, given: object): Promise<Effect.Effect<unknown, StageError>> => {
  const body: unknown = await stage.load()
  const { run } = (body ?? {}) as { readonly run?: unknown }
  if (typeof run !== "function") throw defect(noBody(stage.name, describe(body)))
  const effect: unknown = run(given)
  if (!Effect.isEffect(effect)) throw defect(noEffect(stage.name, describe(effect), stage.outputs))
  return effect as Effect.Effect<unknown, StageError>
}

/**
 * The outputs that a body gave, by name. Throws if the value is not a record, or has an output that the stage does not
 * declare.
 */
export const outputsIn = ({ name, outputs }: AnyStage, given: unknown): ReadonlyMap<string, unknown> => {
  if (!isRecord(given)) throw defect(noOutputs(name, describe(given), outputs))
  const values = new Map(naming(`what ${name} gives`, "which no store can keep", () => membersOf(given)))
  const more = [...values.keys()].find((output) => !Object.hasOwn(outputs, output))
  if (more !== undefined) throw defect(undeclared(name, more, outputs))
  return values
}

const defect = (message: string): StageError => new StageError({ reason: "Defect", message })
