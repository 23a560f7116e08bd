// Is a body what its stage says it is? It is a function that gives an Effect, and that a record of the declared
// outputs. What it gives instead is told in its words. Refuses to know how it is run, and what becomes of a value.
import { Effect } from "effect"
import { membersOf } from "../../cache/plain.ts"
import { naming } from "../../cache/unfit.ts"
import { noBody, noEffect, noOutputs, undeclared } from "./body-message.ts"
import type { AnyStage } from "../node.ts"
import { describe, isRecord } from "../node/output.ts"
import { StageError } from "../stage.ts"

/** Loads the body of a stage, and applies it to what it is given. Throws a StageError where it is none. */
export const begin = async (stage: AnyStage, given: object): Promise<Effect.Effect<unknown, StageError>> => {
  const body: unknown = await stage.load()
  const { run } = (body ?? {}) as { readonly run?: unknown }
  if (typeof run !== "function") throw defect(noBody(stage.name, describe(body)))
  const effect: unknown = run(given)
  if (!Effect.isEffect(effect)) throw defect(noEffect(stage.name, describe(effect), stage.outputs))
  return effect as Effect.Effect<unknown, StageError>
}

/** What a body gave, by name. Throws where that is more than its stage declares, or no record. */
export const outputsIn = ({ name, outputs }: AnyStage, given: unknown): ReadonlyMap<string, unknown> => {
  if (!isRecord(given)) throw defect(noOutputs(name, describe(given), outputs))
  const values = new Map(naming(`what ${name} gives`, "which no store can keep", () => membersOf(given)))
  const more = [...values.keys()].find((output) => !Object.hasOwn(outputs, output))
  if (more !== undefined) throw defect(undeclared(name, more, outputs))
  return values
}

const defect = (message: string): StageError => new StageError({ reason: "Defect", message })
