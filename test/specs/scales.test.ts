// What the scales of a spec have in common.
import { resolve } from "node:path"
import { Effect } from "effect"
import { expect, test } from "vitest"
import { load } from "../../pipeline/plan/load.ts"

test("paper.ts: what holds at the scale of the paper is also said at the scale large", async () => {
  const { built } = await Effect.runPromise(load(resolve(import.meta.dirname, "../../specs/paper.ts"), {}))
  for (const { id, scales = ["large"], at = {} } of built.checks) {
    expect(scales.includes("paper") && !scales.includes("large"), id).toBe(false)
    expect("paper" in at && !("large" in at), id).toBe(false)
  }
})
