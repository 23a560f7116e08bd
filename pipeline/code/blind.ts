// Does a stage reach code that its fingerprint cannot follow? Then it gets none, since its results could be stale
// and nobody would know. Refuses to know all else that no key sees: that is lint.ts.
import { SpecError } from "../error.ts"
import { blindSpots } from "./lint.ts"
import { blind } from "../message/lint.ts"
import type { AnyStage } from "../node.ts"
import { isBlind, unseenIn } from "./unseen.ts"

/** Throws a SpecError that names every place of a stage whose bundle imports by a computed name or requires. */
export const refuseBlind = async (stage: AnyStage, bundled: string): Promise<void> => {
  // A bundle has lost its places, and what the bundler wrote itself may look like one: seldom, so looked at again.
  if (!unseenIn(bundled).some(({ kind }) => isBlind(kind))) return
  const spots = await blindSpots(stage)
  if (spots.length > 0) throw new SpecError({ reason: "BadStage", message: blind(stage.name, spots) })
}
