// Does a stage do what no key sees? Then it gets no fingerprint, since its results could be stale or others every
// time, and nobody would know. Refuses to know how that is found: that is lint.ts.
import { SpecError } from "../error.ts"
import { unkeyed } from "../message/lint.ts"
import type { AnyStage } from "../node.ts"
import { refusals } from "./lint.ts"
import { isRefused, unseenIn } from "./unseen.ts"

/** Throws a SpecError that names every place for which a stage is refused. */
export const refuseBlind = async (stage: AnyStage, bundled: string): Promise<void> => {
  // A bundle has lost its places and its comments, and what the bundler wrote itself may look like one: seldom, so
  // looked at again.
  if (!unseenIn(bundled).some(({ kind }) => isRefused(kind))) return
  const spots = await refusals(stage)
  if (spots.length > 0) throw new SpecError({ reason: "BadStage", message: unkeyed(stage.name, spots) })
}
